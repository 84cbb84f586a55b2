"""Alert rules: the few things somebody should be woken up for, as Grafana's unified alerting is provisioned.

A query answers one number, or one per group with the group as texts, which become labels of the alert. It
says itself which time it is about and names its database: Grafana puts environment variables in place of `$`
in some of a provisioned file, so there is none in it.
"""

from dataclasses import dataclass
from typing import Any

from beacon_job.types.beacon import Reason
from deploy.grafana.dialects import Dialect
from deploy.grafana.panels import target_json
from deploy.grafana.spec import Query

DATABASE = '"beacon-blog-db"'
"""Of Timestream."""
FOLDER, INTERVAL = "Beacon", "1m"
MIN_N = "30"
"""Viewers at once, or attempts, below which a group rouses nobody."""


@dataclass(frozen=True)
class Rule:
    """Alerts while the query's number is `above` (or `below`) a limit for as long as `lasts` says."""

    name: str
    title: str
    query: Query
    summary: str
    lasts: str
    above: float | None = None
    below: float | None = None
    without_data: str = "OK"
    """What no row at all means: `OK`, or `Alerting`."""


RULES = (
    Rule(
        "rebuffer-ratio",
        "Rebuffer ratio of a group",
        Query("alert_rebuffer_ratio", words={"n": MIN_N}),
        "{{ .Labels.player }} over {{ .Labels.cdn }}: more than 3 % of what viewers watched in 10 min"
        " was stalled.",
        "5m",
        above=0.03,
    ),
    Rule(
        "start-failures",
        "Start failures of a group",
        Query("alert_start_failures", words={"n": MIN_N}),
        "{{ .Labels.player }} over {{ .Labels.cdn }}: more than 5 % of the attempts of 10 min failed to"
        " start.",
        "5m",
        above=0.05,
    ),
    Rule(
        "no-beacons",
        "No beacons",
        Query("alert_beacons"),
        "No beacon was counted in 5 min: nobody watches, the front door is closed, or the job is down.",
        "2m",
        below=1,
        without_data="Alerting",
    ),
    Rule(
        "dead-letters",
        "Dead letters rise",
        Query("alert_dead_letters", words={"bad": " + ".join(f"coalesce(bad_{one}, 0)" for one in Reason)}),
        "More than three times as many records as usual cannot be read, and more than 30 in 10 min.",
        "5m",
        above=3,
    ),
    Rule(
        "data-age",
        "Data is old",
        Query("alert_data_age"),
        "The newest 10 s of beacons in the table began more than 2 min ago: the job lags or the store is"
        " away.",
        "2m",
        above=120,
        without_data="Alerting",
    ),
)


def alerts(dialect: Dialect) -> dict[str, Any]:
    """The provisioning file of all rules for one store."""
    group = {"orgId": 1, "name": "beacon", "folder": FOLDER, "interval": INTERVAL}
    return {"apiVersion": 1, "groups": [group | {"rules": [_rule(rule, dialect) for rule in RULES]}]}


def _rule(rule: Rule, dialect: Dialect) -> dict[str, Any]:
    return {
        "uid": f"beacon-{rule.name}-{dialect.name}",
        "title": rule.title,
        "condition": "B",
        "data": [_question(rule, dialect), _condition(rule)],
        "for": rule.lasts,
        "noDataState": rule.without_data,
        "execErrState": "Error",
        "annotations": {"summary": rule.summary},
        "labels": {"service": "beacon"},
        "isPaused": False,
    }


def _question(rule: Rule, dialect: Dialect) -> dict[str, Any]:
    source = {"type": dialect.datasource, "uid": dialect.uid}
    model = target_json(rule.query, dialect) | {"datasource": source}
    for key in ("rawQuery", "rawSql"):
        if isinstance(model.get(key), str):
            model[key] = model[key].replace("$__database", DATABASE)
    return {
        "refId": "A",
        "datasourceUid": dialect.uid,
        "relativeTimeRange": {"from": 600, "to": 0},
        "model": model,
    }


def _condition(rule: Rule) -> dict[str, Any]:
    kind, limit = ("gt", rule.above) if rule.below is None else ("lt", rule.below)
    return {
        "refId": "B",
        "datasourceUid": "__expr__",
        "relativeTimeRange": {"from": 600, "to": 0},
        "model": {
            "refId": "B",
            "type": "threshold",
            "expression": "A",
            "datasource": {"type": "__expr__", "uid": "__expr__"},
            "conditions": [{"evaluator": {"type": kind, "params": [limit]}}],
        },
    }
