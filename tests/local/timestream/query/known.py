"""The data all cases of queries are about.

`video.hosts`: single-measure records as in AWS's documentation, cpu each minute (h2 misses the third) and a
BIGINT, a VARCHAR and a BOOLEAN. `video.events`: multi-measure records of two sessions.
"""

from typing import Any

from tests.local.timestream.query.conftest import NOW_NS

NOW_MS = NOW_NS // 10**6
MINUTE_MS = 60_000
CPU = {"h1": [10.0, 20.0, 30.0, 25.0], "h2": [1.0, 2.0, None, 4.0]}
"""Per host, oldest first: the newest at 00:53:00, each a minute after the one before."""
EVENTS = [
    ("s1", "east", "started", {"startup_ms": ("BIGINT", "850"), "live": ("BOOLEAN", "true")}),
    ("s1", "east", "stall", {"stall_ms": ("BIGINT", "1200"), "level": ("DOUBLE", "0.5")}),
    ("s2", "west", "started", {"startup_ms": ("BIGINT", "2150"), "live": ("BOOLEAN", "false")}),
    ("s2", "west", "stall", {"stall_ms": ("BIGINT", "300"), "level": ("DOUBLE", "12345678.9")}),
    ("s2", "west", "failed", {"code": ("VARCHAR", "it's 404"), "at": ("TIMESTAMP", str(NOW_MS))}),
]
"""Session, CDN, measure name and measures; one a minute, the newest last, at 00:53:20."""


def write_all(write: Any) -> None:
    """Make the tables and fill them."""
    write.create_table(DatabaseName="video", TableName="hosts")
    write.write_records(DatabaseName="video", TableName="hosts", Records=list(_hosts()))
    write.write_records(DatabaseName="video", TableName="events", Records=list(_events()))


def _hosts() -> Any:
    newest = NOW_MS // MINUTE_MS * MINUTE_MS
    for host, values in CPU.items():
        for place, value in enumerate(values):
            if value is not None:
                yield _single(host, "cpu", "DOUBLE", str(value), newest - (3 - place) * MINUTE_MS)
    yield _single("h1", "procs", "BIGINT", "7", newest)
    yield _single("h1", "kernel", "VARCHAR", "6.1", newest)
    yield _single("h1", "up", "BOOLEAN", "true", newest)


def _single(host: str, name: str, kind: str, value: str, time_ms: int) -> dict[str, Any]:
    return {
        "Dimensions": [{"Name": "region", "Value": "us-east-1"}, {"Name": "host", "Value": host}],
        "MeasureName": name,
        "MeasureValue": value,
        "MeasureValueType": kind,
        "Time": str(time_ms),
    }


def _events() -> Any:
    for place, (session, cdn, name, measures) in enumerate(EVENTS):
        yield {
            "Dimensions": [{"Name": "session_id", "Value": session}, {"Name": "cdn", "Value": cdn}],
            "MeasureName": name,
            "MeasureValueType": "MULTI",
            "MeasureValues": [{"Name": n, "Type": t, "Value": v} for n, (t, v) in measures.items()],
            "Time": str(NOW_MS - (len(EVENTS) - 1 - place) * MINUTE_MS),
        }
