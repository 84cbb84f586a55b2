"""The dashboard "Managed Flink": what the job does about what arrives, from CloudWatch.

Managed Flink publishes the job's own metrics (`beacon_job/flink/metrics.py`) in the same namespace as its
own ones.
"""

from dataclasses import dataclass
from typing import Any

from deploy.grafana.panels import KINDS, Json
from deploy.grafana.render import SCHEMA_VERSION

NAMESPACE = "AWS/KinesisAnalytics"
SOURCE = {"type": "cloudwatch", "uid": "${datasource}"}
WIDTH, HEIGHT = 8, 8


@dataclass(frozen=True)
class Watched:
    """One panel: metrics of the namespace, each as (name, statistic)."""

    title: str
    about: str
    metrics: tuple[tuple[str, str], ...]
    unit: str = "short"


PANELS = (
    Watched(
        "Lag",
        "How old the record is that the consumer reads. It grows while the job is slower than the players.",
        (("millisBehindLatest", "Maximum"),),
        "ms",
    ),
    Watched(
        "Data age when stored",
        "Age of the newest point when it was stored: lag, windows and the store together.",
        (("data_age_ms", "Maximum"),),
        "ms",
    ),
    Watched(
        "Restarts and failed checkpoints",
        "Each restart reads again from the last checkpoint.",
        (("fullRestarts", "Maximum"), ("numberOfFailedCheckpoints", "Maximum")),
    ),
    Watched("Write units", "1 KiB units that Timestream bills.", (("write_units", "Sum"),)),
    Watched(
        "Store",
        "Points written, and requests that were tried again or throttled.",
        (("written", "Sum"), ("retried", "Sum"), ("throttled", "Sum")),
    ),
    Watched(
        "Refused by the store",
        "Points that went to the dead letters because the store will never take them.",
        (("refused_rejected", "Sum"), ("refused_invalid", "Sum"), ("refused_time_out_of_range", "Sum")),
    ),
    Watched(
        "Load",
        "CPU and heap of the task managers.",
        (("cpuUtilization", "Average"), ("heapMemoryUtilization", "Average")),
        "percent",
    ),
    Watched(
        "Backpressure",
        "Time a task waits for the one behind it.",
        (("backPressuredTimeMsPerSecond", "Maximum"),),
        "ms",
    ),
    Watched(
        "Left out",
        "Beacons of a session with too many waiting, and sessions closed early.",
        (("facts_shed", "Sum"), ("sessions_evicted", "Sum")),
    ),
)


def managed_flink() -> Json:
    """The dashboard as its file holds it."""
    return {
        "uid": "beacon-managed-flink",
        "title": "Managed Flink",
        "description": "What the job does about what arrives: metrics of Managed Flink in CloudWatch.",
        "tags": ["beacon", "cloudwatch"],
        "schemaVersion": SCHEMA_VERSION,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,
        "timezone": "browser",
        "refresh": "1m",
        "time": {"from": "now-3h", "to": "now"},
        "annotations": {"list": []},
        "templating": {"list": [_datasource(), _application()]},
        "panels": [_panel(number, panel) for number, panel in enumerate(PANELS)],
    }


def _datasource() -> Json:
    return {
        "name": "datasource",
        "label": "data source",
        "type": "datasource",
        "query": "cloudwatch",
        "regex": "",
        "refresh": 1,
        "current": {"text": "", "value": ""},
        "options": [],
    }


def _application() -> Json:
    value: dict[str, Any] = {"text": "beacon-blog", "value": "beacon-blog"}
    return {
        "name": "application",
        "label": "application",
        "type": "textbox",
        "query": "beacon-blog",
        "current": value,
        "options": [value | {"selected": True}],
    }


def _panel(number: int, panel: Watched) -> Json:
    return {
        "id": number + 1,
        "title": panel.title,
        "type": "timeseries",
        "description": panel.about,
        "datasource": SOURCE,
        "gridPos": {"x": number % 3 * WIDTH, "y": number // 3 * HEIGHT, "w": WIDTH, "h": HEIGHT},
        "targets": [_target(chr(ord("A") + n), *metric) for n, metric in enumerate(panel.metrics)],
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "options": KINDS["timeseries"],
    }


def _target(ref: str, metric: str, statistic: str) -> Json:
    # Not an exact match: the job's own metrics carry dimensions of their operators besides.
    return {
        "refId": ref,
        "datasource": SOURCE,
        "queryMode": "Metrics",
        "metricQueryType": 0,
        "metricEditorMode": 0,
        "namespace": NAMESPACE,
        "metricName": metric,
        "statistic": statistic,
        "dimensions": {"Application": "$application"},
        "matchExact": False,
        "region": "default",
        "period": "",
        "id": "",
        "expression": "",
        "label": metric,
    }
