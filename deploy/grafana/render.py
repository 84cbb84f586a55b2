"""A dashboard of ours -> Grafana's JSON for one store. Pure."""

from collections.abc import Iterator

from deploy.grafana.dialects import Dialect, sql_of
from deploy.grafana.panels import Json, panel_json
from deploy.grafana.spec import Dashboard, Variable

SCHEMA_VERSION = 39
"""Of Grafana 10.4; newer ones migrate it."""
WIDTH = 24


def dashboard_json(dashboard: Dashboard, dialect: Dialect) -> Json:
    """The whole dashboard, as a file of it holds it."""
    source = {"type": dialect.datasource, "uid": "${datasource}"}
    return {
        "uid": f"beacon-{dashboard.name}-{dialect.name}",
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
        "current": {"text": "", "value": ""},
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
            yield panel_json(panel, dialect) | {"datasource": source, "gridPos": at}
            x, height = x + panel.width, max(height, panel.height)
        y += height
