"""The same input gives the same rows in both stores, field by field."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beacon_job.decode import KinesisRecord, decode
from beacon_job.gather.event_row import event_point
from beacon_job.replay.offline import END_OF_TIME_MS, rows_of, sessions_of
from beacon_job.rollup import RollupSettings
from beacon_job.rollup.windows import RollupState, add, close
from beacon_job.sessions.results.rows import session_point
from beacon_job.stores.store import Store
from beacon_job.stores.timestream.settings import TimestreamSettings
from beacon_job.stores.timestream.store import TimestreamStore
from beacon_job.types.beacon import Beacon
from beacon_job.types.point import Point
from bench.traffic import now_ms, recordings
from local.aws.tables import DATABASE, ensure_tables
from local.processes.children import Processes
from local.stores import TimestreamStandIn
from local.timestream.testing import TimestreamServer
from tests.stores.contract import NOW_NS, PATIENT_MS, Row
from tests.stores.postgres.place import Database

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"), min_size=1, max_size=60
)
FRACTIONS = ("rate", "custom__com__example___key")
DOUBLES = st.floats(allow_nan=False, allow_infinity=False)
MEASURES = st.fixed_dictionaries(
    {"seq": st.integers(-(2**63), 2**63 - 1)},
    optional={
        "rate": DOUBLES,
        "muted": st.booleans(),
        "state": TEXTS,
        "client_time": st.integers(0, 2**42),
        "custom__com__example___key": DOUBLES,
    },
)
POINTS = st.lists(
    st.builds(
        Point,
        st.just("events"),
        st.sampled_from(["playing", "heartbeat"]),
        st.integers(NOW_NS, NOW_NS + 5),
        st.fixed_dictionaries({"session_id": TEXTS}, optional={"player": TEXTS, "country": st.just("")}),
        MEASURES,
        st.integers(1, 3),
    ),
    max_size=12,
)


class Both:
    """The two stores side by side."""

    def __init__(self, stand_in: TimestreamStandIn, database: Database) -> None:
        self._stand_in, self._database = stand_in, database
        self._stores: list[Store] = [
            TimestreamStore(
                TimestreamSettings(database=DATABASE, region="us-east-1", endpoint_url=stand_in.url)
            ),
            database.open(PATIENT_MS),
        ]

    def write(self, points: Sequence[Point]) -> None:
        for store in self._stores:
            assert store.write(points) == []

    def rows(self, table: str) -> tuple[list[Row], list[Row]]:
        """Of the first store, and of the second."""
        first = [
            Row(row["time"], row["measure_name"], row["dimensions"], row["measures"], row["version"])
            for row in self._stand_in.rows(table)
        ]
        return _ordered(first), _ordered(self._database.rows(table))

    def close(self) -> None:
        for store in self._stores:
            store.close()


def _typed(measures: Mapping[str, Any]) -> dict[str, Any]:
    """JSON has one kind of number, and the stand-in tells a time in words."""
    found = {name: float(value) if name in FRACTIONS else value for name, value in measures.items()}
    if isinstance(found.get("client_time"), str):
        moment = datetime.fromisoformat(found["client_time"][:-3]).replace(tzinfo=UTC)
        found["client_time"] = round(moment.timestamp() * 1_000)
    return found


def _ordered(rows: list[Row]) -> list[Row]:
    found = [row._replace(measures=_typed(row.measures)) for row in rows]
    return sorted(found, key=lambda row: (row.time_ns, row.measure_name, sorted(row.dims.items())))


@pytest.fixture
def both(place: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Both]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    with TimestreamServer(tmp_path) as server:
        ensure_tables(server.url)
        port = int(server.url.rpartition(":")[2])
        made = Both(TimestreamStandIn(Processes(tmp_path), tmp_path, port), place)
        yield made
        made.close()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(points=POINTS)
def test_whatever_is_written_is_read_back_equal(both: Both, points: list[Point]) -> None:
    # Of equal versions the stores may keep either: versions of a row carry equal values.
    told: dict[Any, Point] = {}
    for point in points:
        said = frozenset((name, value) for name, value in point.dims.items() if value)
        told.setdefault((point.measure_name, point.time_ns, said, point.version), point)
    both.write([*told.values()])
    first, second = both.rows("events")
    assert second == first


def test_recordings_of_real_players_give_equal_rows_in_all_tables(both: Both, place: Database) -> None:
    beacons = [
        item
        for record in recordings(3_000, now_ms())
        for item in decode(KinesisRecord(record.data, record.recv_ms))
        if isinstance(item, Beacon)
    ]
    outputs = sessions_of(beacons)
    state, rollup = RollupState(), RollupSettings()
    add(state, outputs.contributions, rollup)
    sums = close(state, {}, END_OF_TIME_MS, rollup)
    for points in ([event_point(beacon) for beacon in beacons], sums, map(session_point, rows_of(outputs))):
        both.write([*points])
    for table in ("events", "qoe", "sessions"):
        first, second = both.rows(table)
        assert len(first) > 50
        assert second == first
    found = place.administrator.execute("SELECT DISTINCT jsonb_object_keys(more) FROM events")
    assert all(name.startswith("custom__") for (name,) in found)
