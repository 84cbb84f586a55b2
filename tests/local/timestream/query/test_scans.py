"""What a query reads, and is billed for: rows and columns that its predicates allow, and nothing else."""

from typing import Any

import pytest

from local.timestream.testing import scans_of
from tests.local.timestream.query.conftest import NOW_NS
from tests.local.timestream.query.known import EVENTS, write_all

TABLES = [("video", "events"), ("video", "hosts")]
TIME = 8
SESSION, CDN = len("s1"), len("east")
STARTED, STALL, FAILED = len("started"), len("stall"), len("failed")
NAMES = 2 * STARTED + 2 * STALL + FAILED
OF_STARTED = 2 * (TIME + STARTED)
NOW_MS = NOW_NS // 10**6

READ = {
    "count(*)": 5 * TIME,
    "count(*) | time > ago(1m)": TIME,
    "count(*) | time >= ago(1m)": 2 * TIME,
    "count(*) | ago(150s) < time": 3 * TIME,
    f"count(*) | time BETWEEN from_milliseconds({NOW_MS - 60_000}) AND from_milliseconds({NOW_MS})": 2 * TIME,
    "count(*) | time > ago(1d) AND (time <= now() AND measure_name = 'started')": OF_STARTED,
    "count(*) | measure_name IN ('started', 'failed')": OF_STARTED + TIME + FAILED,
    "count(*) | 'started' = measure_name": OF_STARTED,
    "sum(startup_ms) | measure_name = 'started'": OF_STARTED + 2 * 8,
    "count_if(live) | measure_name = 'started'": OF_STARTED + 2 * 1,
    "max(code) | measure_name = 'failed'": TIME + FAILED + len("it's 404"),
    "max(session_id) | time > ago(1m)": TIME + SESSION,
    "cdn, count(*) | time > ago(1m) | GROUP BY cdn": TIME + CDN,
    "cdn, sum(level) | time > ago(1m) | GROUP BY cdn": TIME + CDN,
    # what is no predicate that prunes reads the column, and all rows
    "count(*) | cdn = 'east'": 5 * (TIME + CDN),
    "count(*) | measure_name LIKE 's%'": 5 * TIME + NAMES,
    "count(*) | measure_name = 'started' OR measure_name = 'stall'": 5 * TIME + NAMES,
    "count(*) | bin(time, 1h) = bin(now(), 1h)": 5 * TIME,
    "count(*) | time > ago(1m) OR time < ago(3m)": 5 * TIME,
    "count(*) | measure_name <> 'stall'": 5 * TIME + NAMES,
}
"""Columns, predicates and the rest of a query over `video.events` -> bytes scanned."""


@pytest.fixture
def scanned(write: Any, query: Any) -> Any:
    write_all(write)
    return lambda text: query.query(QueryString=text)["QueryStatus"]["CumulativeBytesScanned"]


def test_a_query_reads_what_its_predicates_allow_of_the_columns_it_names(scanned: Any) -> None:
    found = {}
    for told in READ:
        columns, _, rest = told.partition(" | ")
        where, _, end = rest.partition(" | ")
        condition = f"WHERE {where}" if where else ""
        found[told] = scanned(f"SELECT {columns} FROM video.events {condition} {end}")
    assert found == READ


def test_a_star_reads_every_column(scanned: Any) -> None:
    texts = len("it's 404")
    numbers = 8 * sum(kind in ("BIGINT", "DOUBLE", "TIMESTAMP") for *_, m in EVENTS for kind, _ in m.values())
    everything = 5 * (TIME + SESSION + CDN) + NAMES + numbers + texts + 2 * 1
    assert scanned("SELECT * FROM video.events") == everything
    assert scanned("SELECT e.* FROM video.events AS e WHERE e.measure_name = 'failed'") == (
        TIME + SESSION + CDN + FAILED + texts + 8
    )


def test_every_place_that_names_a_table_counts(scanned: Any) -> None:
    once = scanned("SELECT session_id FROM video.events WHERE time > ago(1d)")
    joined = "SELECT a.session_id FROM video.events a JOIN video.events b ON a.session_id = b.session_id"
    assert scanned(joined) == 2 * once
    assert (
        scanned("SELECT session_id FROM video.events UNION SELECT session_id FROM video.events") == 2 * once
    )


def test_a_join_is_pruned_by_the_predicates_of_its_own_table() -> None:
    text = (
        "WITH s AS (SELECT session_id FROM video.events WHERE time > ago(1h)) SELECT count(h.up) FROM s"
        " LEFT JOIN video.hosts h ON h.host = s.session_id AND h.time > ago(2h) WHERE h.measure_name = 'up'"
    )
    events, hosts = sorted(scans_of(text, TABLES), key=lambda scan: scan.table)
    assert (events.pruned_by, events.columns) == ({"time"}, {"session_id", "time"})
    assert hosts.pruned_by == {"time", "measure_name"}
    assert hosts.columns == {"host", "up", "time", "measure_name"}


def test_a_predicate_of_an_outer_query_prunes_nothing() -> None:
    (scan,) = scans_of("SELECT a FROM (SELECT a, time FROM video.events) WHERE time > ago(1h)", TABLES)
    assert scan.pruned_by == frozenset()


def test_what_an_inner_query_takes_of_a_table_is_read() -> None:
    text = "SELECT e.a FROM video.events e WHERE EXISTS (SELECT 1 FROM video.hosts h WHERE h.host = e.b)"
    assert [scan.columns for scan in scans_of(text, TABLES)] == [{"a", "b"}, {"host"}]


def test_more_than_the_least_is_metered_as_it_is(query: Any, write: Any) -> None:
    text = "x" * 2000
    records = [
        {
            "Dimensions": [{"Name": "n", "Value": str(number)}],
            "MeasureName": "text",
            "MeasureValue": text,
            "MeasureValueType": "VARCHAR",
            "Time": str(NOW_MS),
        }
        for number in range(6_000)
    ]
    for place in range(0, len(records), 100):
        write.write_records(DatabaseName="video", TableName="events", Records=records[place : place + 100])
    answer = query.query(QueryString='SELECT max("measure_value::varchar") FROM video.events')
    status = answer["QueryStatus"]
    assert status["CumulativeBytesScanned"] == 6_000 * (8 + 2_000) == status["CumulativeBytesMetered"]
