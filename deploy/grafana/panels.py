"""A panel of ours -> Grafana's JSON of it. Pure."""

from typing import Any

from deploy.grafana.dialects import Dialect, sql_of
from deploy.grafana.spec import Look, Panel, Query

MIN_INTERVAL = "10s"
"""The length of a bucket of `qoe`: shorter intervals would show gaps."""
WELL = "#009E73"
"""What is well; worse is orange, then vermilion: colours of Okabe and Ito, apart for colour-blind eyes."""

GREY = "#808080"
"""How null is shown: never as 0, and as neither good nor bad."""

Json = dict[str, Any]

KINDS: dict[str, Json] = {
    "timeseries": {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
        "tooltip": {"mode": "multi", "sort": "desc"},
    },
    "stat": {
        "colorMode": "value",
        "graphMode": "none",
        "justifyMode": "auto",
        "orientation": "auto",
        "textMode": "value",
        "wideLayout": True,
    },
    "table": {
        "showHeader": True,
        "cellHeight": "sm",
        "footer": {"show": False, "reducer": ["sum"], "countRows": False, "fields": ""},
    },
    "state-timeline": {
        "mergeValues": True,
        "showValue": "auto",
        "alignValue": "left",
        "rowHeight": 0.9,
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
        "tooltip": {"mode": "single", "sort": "none"},
    },
    "barchart": {
        "orientation": "vertical",
        "showValue": "auto",
        "stacking": "none",
        "barWidth": 0.97,
        "groupWidth": 0.7,
        "barRadius": 0,
        "fullHighlight": False,
        "xTickLabelRotation": 0,
        "xTickLabelSpacing": 0,
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": False, "calcs": []},
        "tooltip": {"mode": "single", "sort": "none"},
    },
}
"""Kinds of panels and their options; the local board draws these and no others."""

_CUSTOM: dict[str, Json] = {
    "timeseries": {
        "drawStyle": "line",
        "lineInterpolation": "linear",
        "lineWidth": 2,
        "fillOpacity": 0,
        "showPoints": "auto",
        "spanNulls": False,
        "axisPlacement": "auto",
    },
    "table": {"align": "auto", "filterable": True, "inspect": False},
    "state-timeline": {"fillOpacity": 80, "lineWidth": 0},
    "barchart": {"fillOpacity": 80, "lineWidth": 1},
}
"""Kind -> how its fields are drawn."""


def panel_json(panel: Panel, dialect: Dialect) -> Json:
    """The panel without its place."""
    return {
        "id": panel.id,
        "title": panel.title,
        "type": panel.type,
        "description": f"{panel.about}\n\nSet: {panel.set}.\n\nn: {panel.n}.",
        "interval": MIN_INTERVAL,
        "transparent": False,
        "targets": [target_json(panel.query, dialect)],
        "fieldConfig": {
            "defaults": _defaults(panel),
            "overrides": [_override(name, look, panel, dialect) for name, look in panel.fields.items()],
        },
        "options": KINDS[panel.type] | _reduced(panel) | panel.options,
    }


def target_json(query: Query, dialect: Dialect) -> Json:
    """What the plugin of the data source is asked."""
    sql = sql_of(query, dialect)
    source = {"type": dialect.datasource, "uid": "${datasource}"}
    if dialect.name == "postgres":
        return {
            "refId": "A",
            "datasource": source,
            "rawQuery": True,
            "editorMode": "code",
            "format": "time_series" if query.series else "table",
            "rawSql": sql,
        }
    # A time series without waitForResult loses its format from the second page on.
    return {
        "refId": "A",
        "datasource": source,
        "rawQuery": sql,
        "format": int(query.series),
        "waitForResult": True,
        "database": "",
        "table": "",
        "measure": "",
    }


def _defaults(panel: Panel) -> Json:
    first = next(iter(panel.fields.values()))
    return {
        "unit": first.unit,
        "custom": _CUSTOM.get(panel.type, {}) | panel.custom,
        "thresholds": _thresholds(first),
        "mappings": [
            {"type": "special", "options": {"match": "null", "result": {"text": panel.absent, "color": GREY}}}
        ],
        "color": {"mode": "thresholds" if panel.type == "stat" else "palette-classic"},
        "noValue": panel.absent,
    }


def _thresholds(look: Look) -> Json:
    steps = [{"value": None, "color": WELL}, *({"value": at, "color": color} for at, color in look.steps)]
    return {"mode": "absolute", "steps": steps}


def _override(name: str, look: Look, panel: Panel, dialect: Dialect) -> Json:
    properties: list[tuple[str, Any]] = [("displayName", look.title), ("unit", look.unit)]
    for id, value in (("decimals", look.decimals), ("min", look.minimum), ("max", look.maximum)):
        if value is not None:
            properties.append((id, value))
    if look.color:
        properties.append(("color", {"mode": "fixed", "fixedColor": look.color}))
    if look.mapped:
        options = {text: {"text": text, "color": color} for text, color in look.mapped}
        properties.append(("mappings", [{"type": "value", "options": options}]))
    if look.link:
        url = look.link.replace("{store}", dialect.name)
        properties.append(("links", [{"title": "Show", "url": url, "targetBlank": False}]))
    if panel.type in _DRAWN:
        properties += _DRAWN[panel.type](look)
    return {
        "matcher": {"id": "byName", "options": name},
        "properties": [{"id": id, "value": value} for id, value in properties],
    }


def _line(look: Look) -> list[tuple[str, Any]]:
    if look.hidden:
        return [("custom.hideFrom", {"viz": True, "legend": True, "tooltip": False})]
    if look.below:
        return [("custom.fillBelowTo", look.below), ("custom.fillOpacity", 25)]
    return []


def _column(look: Look) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [("custom.width", look.width)] if look.width else []
    if look.steps:
        found += [("thresholds", _thresholds(look)), ("color", {"mode": "thresholds"})]
        found.append(("custom.cellOptions", {"type": "color-text"}))
    return found


_DRAWN = {
    "timeseries": _line,
    "table": _column,
}
"""Kind -> what else is said of a field of it, where there is more to say."""


def _reduced(panel: Panel) -> Json:
    """A stat shows its first field; the others tell how sure it is."""
    if panel.type != "stat":
        return {}
    title = next(iter(panel.fields.values())).title
    return {"reduceOptions": {"values": False, "calcs": ["lastNotNull"], "fields": f"/^{title}$/"}}
