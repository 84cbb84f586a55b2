"""The store against the stand-in: what comes out is what was written."""

import json
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from beacon_job.gather.event_row import event_point
from beacon_job.stores.timestream.settings import TimestreamSettings
from beacon_job.stores.timestream.store import TimestreamStore
from beacon_job.types.beacon import Beacon
from beacon_job.types.point import Point
from local.timestream.testing import TimestreamServer

DUMMY = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
NOW_MS = time.time_ns() // 1_000_000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[TimestreamServer]:
    with TimestreamServer(tmp_path) as running:
        client = boto3.client("timestream-write", endpoint_url=running.url, **DUMMY)
        client.create_database(DatabaseName="base")
        for table in ("t-events", "t-sessions"):
            client.create_table(DatabaseName="base", TableName=table)
        yield running


@pytest.fixture
def store(server: TimestreamServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[TimestreamStore]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    opened = TimestreamStore(
        TimestreamSettings(
            region="us-east-1",
            database="base",
            table_events="t-events",
            table_sessions="t-sessions",
            endpoint_url=server.url,
        )
    )
    yield opened
    opened.close()


def stored(server: TimestreamServer, table: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{server.url}/inspect/base/{table}") as answer:
        return [json.loads(line) for line in answer]


def beacons() -> list[Point]:
    return [
        event_point(
            Beacon(
                event=("playing", "heartbeat", "pause")[i % 3],
                session_id=f"s{i % 11}",
                client_ms=NOW_MS - i,
                recv_at_ms=NOW_MS,
                source="sdk",
                seq=i,
                state="playing",
                tiebreak=i,
                measures={"buffer_ms": i, "rate": i / 7, "hidden": i % 2 == 0, "error_message": f'"é😀\\{i}'},
                dims={"player": f"p{i % 3}", "country": "DE"},
            )
        )
        for i in range(400)
    ]


def test_what_is_stored_is_what_was_written(server: TimestreamServer, store: TimestreamStore) -> None:
    points = beacons()
    assert store.write(points) == []
    lines = stored(server, "t-events")
    assert {
        (line["time"], line["measure_name"], tuple(sorted(line["dimensions"].items()))): line["measures"]
        for line in lines
    } == {
        (point.time_ns, point.measure_name, tuple(sorted(point.dims.items()))): point.measures
        for point in points
    }


def test_a_replay_changes_nothing(server: TimestreamServer, store: TimestreamStore) -> None:
    store.write(beacons())
    before = stored(server, "t-events")
    assert store.write(beacons()[::-1]) == []
    assert stored(server, "t-events") == before


def test_a_corrected_beacon_keeps_the_clients_time_as_a_timestamp(
    server: TimestreamServer, store: TimestreamStore
) -> None:
    store.write([event_point(Beacon("playing", "s", 1_000, NOW_MS, "sdk", correction_ms=NOW_MS - 1_000))])
    [line] = stored(server, "t-events")
    assert line["types"]["client_time"] == "TIMESTAMP"
    assert line["measures"]["client_time"].startswith("1970-01-01 00:00:01.000")
    assert line["time"] == NOW_MS * 1_000_000


def test_of_a_session_the_highest_version_stays(server: TimestreamServer, store: TimestreamStore) -> None:
    def snapshot(version: int) -> Point:
        return Point(
            "sessions", "session", NOW_MS * 1_000_000, {"session_id": "s"}, {"play_ms": version}, version
        )

    for version in (1, 3, 2):
        assert store.write([snapshot(version)]) == []
    [line] = stored(server, "t-sessions")
    assert (line["version"], line["measures"]) == (3, {"play_ms": 3})
    assert store.counters.totals["superseded"] == 1


def test_what_only_the_service_can_know_is_refused_in_its_words(
    server: TimestreamServer, store: TimestreamStore
) -> None:
    good = Point("events", "n", NOW_MS * 1_000_000, {"a": "b"}, {"m": 1})
    too_old = Point("events", "n", 1, {"a": "b"}, {"m": 1})
    assert store.write([good]) == []
    of_another_type = Point("events", "n", NOW_MS * 1_000_000 + 1, {"a": "b"}, {"m": "text"})
    refused = store.write([too_old, good, of_another_type])
    assert [item.index for item in refused] == [0, 2]
    assert {item.kind for item in refused} == {"rejected"}
    assert all(item.reason for item in refused)
    assert len(stored(server, "t-events")) == 1


def test_the_write_units_are_those_the_service_meters(
    server: TimestreamServer, store: TimestreamStore
) -> None:
    store.write(beacons())
    with urllib.request.urlopen(f"{server.url}/inspect") as answer:
        table = json.load(answer)["databases"]["base"]["tables"]["t-events"]
    assert store.counters.totals["write_units"] == table["write_units"]


@pytest.mark.parametrize(
    "faults",
    [
        {"throttle": 0.2, "error_500": 0.1, "reset": 0.1, "reset_when": "before", "reject": 0.02},
        {"throttle": 0.2, "error_500": 0.1, "reset": 0.2, "reset_when": "after"},
    ],
    ids=["some refused", "some stored without an answer"],
)
def test_under_many_faults_each_point_is_stored_once_or_refused(
    server: TimestreamServer, store: TimestreamStore, faults: dict[str, Any]
) -> None:
    put = urllib.request.Request(f"{server.url}/faults", json.dumps(faults).encode(), method="PUT")
    urllib.request.urlopen(put).close()
    points = [
        Point("events", "n", NOW_MS * 1_000_000 + i, {"session_id": f"s{i % 13}"}, {"n": i})
        for i in range(3_000)
    ]
    refused = [item.index for item in store.write(points)]
    kept = [line["measures"]["n"] for line in stored(server, "t-events")]
    assert sorted([*refused, *kept]) == list(range(3_000))
    assert bool(refused) == ("reject" in faults)
    assert store.counters.totals["retried"] > 0
