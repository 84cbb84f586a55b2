"""The job's own metrics (beacon_job/flink/metrics.py), read through Flink's REST interface."""

from beacon_job.flink.metrics import GROUP
from local.flink.rest import FlinkRest

LEAST = frozenset({"watermark_ms"})
MOST = frozenset({"last_latency_ms", "data_age_ms"})
"""Gauges: not added up over the subtasks."""


def read(flink: FlinkRest, job: str) -> dict[str, int]:
    """Metric -> value over all subtasks: sums, but the least watermark and the greatest latencies.

    Raises RestError.
    """
    found: dict[str, int] = {}
    for vertex in flink.vertices(job):
        base = f"/jobs/{job}/vertices/{vertex['id']}/subtasks/metrics"
        names = [entry["id"] for entry in flink.get(base) if f".{GROUP}." in entry["id"]]
        if not names:
            continue
        for entry in flink.get(f"{base}?get={','.join(names)}&agg=sum,min,max"):
            name = entry["id"].rpartition(f".{GROUP}.")[2]
            kind = "min" if name in LEAST else "max" if name in MOST else "sum"
            value = int(entry[kind])
            found[name] = min(found.get(name, value), value) if name in LEAST else found.get(name, 0) + value
    return found
