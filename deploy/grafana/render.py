"""A dashboard of ours -> Grafana's JSON for one store. Pure."""

from collections.abc import Iterator
from typing import Any

from deploy.grafana.dialects import TABLES, Dialect, sql_of
from deploy.grafana.spec import Dashboard, Look, Panel, Query, Variable

SCHEMA_VERSION = 39
"""Of Grafana 10.4; newer ones migrate it."""
MIN_INTERVAL = "10s"
"""The length of a bucket of `qoe`: less shows gaps."""
WIDTH = 24

Json = dict[str, Any]


def dashboard_json(dashboard: Dashboard, dialect: Dialect) -> Json:
    """The whole dashboard, as a file of it holds it."""
    source = {"type": dialect.datasource, "uid": "${datasource}"}
    return {
        "uid": f"{dashboard.uid}-{dialect.name}",
        "title": dashboard.title,
        "description": dashboard.about,
        "tags": ["beacon", dialect.name],
        "schemaVersion": SCHEMA_VERSION,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,
        "timezone": "browser",
        "refresh": dashboard.refresh,
        "time": {"from": dashboard.span, "to": "now"},
        "timepicker": {"refresh_intervals": ["5s", "10s", "30s", "1m", "5m"]},
        "annotations": {"list": []},
        "links": [
            {
                "type": "dashboards",
                "title": "Beacon",
                "tags": ["beacon", dialect.name],
                "asDropdown": False,
                "icon": "external link",
                "includeVars": True,
                "keepTime": True,
                "targetBlank": False,
                "tooltip": "",
                "url": "",
            }
        ],
        "templating": {
            "list": [_datasource(dialect), *(_variable(one, dialect, source) for one in dashboard.variables)]
        },
        "panels": list(_panels(dashboard, dialect, source)),
    }


def _datasource(dialect: Dialect) -> Json:
    return {
        "name": "datasource",
        "label": "data source",
        "type": "datasource",
        "query": dialect.datasource,
        "regex": "",
        "refresh": 1,
        "hide": 0,
        "current": {},
        "options": [],
        "multi": False,
        "includeAll": False,
        "skipUrlSync": False,
    }


def _variable(variable: Variable, dialect: Dialect, source: Json) -> Json:
    common = {"name": variable.name, "label": variable.label, "hide": 0, "skipUrlSync": False}
    if variable.query:
        return common | {
            "type": "query",
            "datasource": source,
            "query": sql_of(variable.query, dialect),
            "refresh": 2,
            "regex": "",
            "sort": 1,
            "multi": True,
            "includeAll": True,
            "allValue": "'*'",
            "current": {"text": ["All"], "value": ["$__all"]},
            "options": [],
        }
    if variable.offered:
        value, text = variable.offered[0]
        return common | {
            "type": "custom",
            "query": ",".join(f"{text} : {value}" for value, text in variable.offered),
            "multi": False,
            "includeAll": False,
            "current": {"text": text, "value": value},
            "options": [
                {"text": text, "value": one, "selected": one == value} for one, text in variable.offered
            ],
        }
    current = {"text": variable.default, "value": variable.default}
    return common | {
        "type": "textbox",
        "query": variable.default,
        "current": current,
        "options": [current | {"selected": True}],
    }


def _panels(dashboard: Dashboard, dialect: Dialect, source: Json) -> Iterator[Json]:
    """Headings and panels, from left to right and down; a heading has an id above all panels'."""
    x = y = 0
    for number, row in enumerate(dashboard.rows):
        yield {
            "id": 1_000 + number,
            "type": "row",
            "title": row.title,
            "collapsed": False,
            "gridPos": {"x": 0, "y": y, "w": WIDTH, "h": 1},
            "panels": [],
        }
        x, y, height = 0, y + 1, 0
        for panel in row.panels:
            if x + panel.width > WIDTH:
                x, y, height = 0, y + height, 0
            at = {"x": x, "y": y, "w": panel.width, "h": panel.height}
            yield _panel(panel, dialect, source) | {"gridPos": at}
            x, height = x + panel.width, max(height, panel.height)
        y += height


def _panel(panel: Panel, dialect: Dialect, source: Json) -> Json:
    return {
        "id": panel.id,
        "title": panel.title,
        "type": panel.type,
        "description": f"{panel.about}\n\nSet: {panel.set}.\n\nn: {panel.n}.",
        "datasource": source,
        "interval": MIN_INTERVAL,
        "transparent": False,
        "targets": [target_json(panel.query, dialect) | {"datasource": source}],
        "fieldConfig": {
            "defaults": _defaults(panel),
            "overrides": [_override(name, look, panel.type) for name, look in panel.fields.items()],
        },
        "options": KINDS[panel.type] | panel.options | _reduced(panel),
    }


def target_json(query: Query, dialect: Dialect) -> Json:
    """What the data source's plugin is asked."""
    sql = sql_of(query, dialect)
    if dialect.name == "postgres":
        return {
            "refId": "A",
            "rawQuery": True,
            "editorMode": "code",
            "format": "time_series" if query.series else "table",
            "rawSql": sql,
        }
    # A time series without waitForResult loses its format from the second page on.
    return {
        "refId": "A",
        "rawQuery": sql,
        "format": int(query.series),
        "waitForResult": True,
        "database": "",
        "table": f'"{TABLES[query.table]}"',
        "measure": "",
    }


def _defaults(panel: Panel) -> Json:
    look = next(iter(panel.fields.values()))
    return {
        "unit": look.unit,
        "custom": dict(_CUSTOM.get(panel.type, {})),
        "thresholds": _thresholds(look),
        "mappings": [],
        "color": {"mode": "thresholds" if panel.type == "stat" else "palette-classic"},
        "noValue": "unknown",
    }


def _thresholds(look: Look) -> Json:
    steps = [{"value": None, "color": "green"}, *({"value": v, "color": c} for v, c in look.steps)]
    return {"mode": "absolute", "steps": steps}


def _override(name: str, look: Look, kind: str) -> Json:
    properties: list[Json] = [
        {"id": "displayName", "value": _display_name(look, kind)},
        {"id": "unit", "value": look.unit},
    ]
    if look.decimals is not None:
        properties.append({"id": "decimals", "value": look.decimals})
    if look.minimum is not None:
        properties.append({"id": "min", "value": look.minimum})
    if look.maximum is not None:
        properties.append({"id": "max", "value": look.maximum})
    if look.hidden and kind == "timeseries":
        hidden = {"viz": True, "legend": True, "tooltip": False}
        properties.append({"id": "custom.hideFrom", "value": hidden})
    return {"matcher": {"id": "byName", "options": name}, "properties": properties}


def _display_name(look: Look, kind: str) -> str:
    return look.title


def _reduced(panel: Panel) -> Json:
    return {}


_CUSTOM: dict[str, Json] = {
    "timeseries": {
        "drawStyle": "line",
        "lineInterpolation": "stepAfter",
        "lineWidth": 2,
        "fillOpacity": 10,
        "showPoints": "never",
        "spanNulls": False,
        "insertNulls": False,
        "axisPlacement": "auto",
        "axisSoftMin": 0,
    },
}

KINDS: dict[str, Json] = {
    "timeseries": {
        "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
        "tooltip": {"mode": "multi", "sort": "desc"},
    },
}
"""Kinds of panels and their usual options; the local board draws these and no others."""
