"""What the Flink classes do beside calling pure functions: rows for Arrow, state, metrics. No Flink runs."""

import json
import re
from typing import Any

import pandas as pd
import pytest

from beacon_job.flink.metrics import METRICS
from beacon_job.flink.operators import Decode, RollUp, Sessions, Write
from beacon_job.gather import GatherSettings, WatermarkSettings
from beacon_job.rollup import RollupSettings
from beacon_job.sessions import Settings
from beacon_job.stores.store import Counters, Refused
from beacon_job.types.parts import Parts
from beacon_job.types.point import Point, decode_points, encode_points
from beacon_job.types.sums import Contribution, encode_sums

NOW_MS = 1_795_000_000_000
POINT = Point("events", "started", NOW_MS * 1_000_000, {"session_id": "s"}, {"seq": 1})


class State:
    """A value or a list for each key."""

    def __init__(self, flink: "Flink") -> None:
        self.flink = flink
        self.by_key: dict[int, Any] = {}
        self.calls: list[str] = []

    def value(self) -> Any:
        return self.by_key.get(self.flink.key)

    def get(self) -> list[bytes]:
        return list(self.by_key.get(self.flink.key, []))

    def update(self, value: Any) -> None:
        self.calls.append("update")
        self.by_key[self.flink.key] = value

    def add(self, value: bytes) -> None:
        self.calls.append("add")
        self.by_key.setdefault(self.flink.key, []).append(value)

    def clear(self) -> None:
        self.calls.append("clear")
        self.by_key.pop(self.flink.key, None)


class Flink:
    """As much of Flink's contexts as the operators ask for."""

    def __init__(self) -> None:
        self.key = 0
        self.watermark_ms = NOW_MS
        self.states: dict[str, State] = {}
        self.metrics: set[str] = set()

    def get_state(self, descriptor: Any) -> State:
        return self.states.setdefault(descriptor.name, State(self))

    get_list_state = get_state

    def get_metric_group(self) -> "Flink":
        return self

    get_metrics_group = timer_service = get_metric_group

    def add_group(self, _name: str) -> "Flink":
        return self

    def counter(self, name: str) -> "Flink":
        self.metrics.add(name)
        return self

    def gauge(self, name: str, read: Any) -> None:
        assert isinstance(read(), int)
        self.metrics.add(name)

    def inc(self, by: int) -> None:
        assert by > 0

    def current_watermark(self) -> int:
        return self.watermark_ms

    def get_current_key(self) -> int:
        return self.key


@pytest.fixture
def flink() -> Flink:
    return Flink()


class RefusesAll:
    """A store that takes nothing."""

    def __init__(self) -> None:
        self.counters = Counters()

    def write(self, points: list[Point]) -> list[Refused]:
        refused = [Refused(index, "rejected", "no") for index in range(len(points))]
        self.counters.refuse(refused)
        return refused

    def close(self) -> None:
        pass


def decoded(flink: Flink, *data: bytes | None) -> Any:
    decode = Decode(GatherSettings(), WatermarkSettings())
    decode.open(flink)
    count = len(data)
    times = pd.Series(pd.to_datetime([NOW_MS] * count, unit="ms"))
    texts = pd.Series(["shard"] * count)
    return decode.eval(pd.Series(data, dtype=object), times, texts, texts)


def page(session: str) -> bytes:
    return json.dumps({"event": "beacon:started", "session": session, "timestamp": NOW_MS}).encode()


def test_a_batch_is_answered_in_its_first_row_with_a_column_for_each_part(flink: Flink) -> None:
    frame = decoded(flink, page("a"), b"neither", page("b"))
    assert list(frame.columns) == list(Parts.__struct_fields__)
    assert len(frame) == 3
    assert frame.iloc[1:].isna().all(axis=None)
    first = frame.iloc[0]
    assert {dict(point.dims)["session_id"] for item in first.points for point in decode_points(item)} == {
        "a",
        "b",
    }
    assert [json.loads(letter)["reason"] for letter in first.bad] == ["unknown_form"]
    assert all(isinstance(bucket, int) and item for bucket, item in first.sessions)


def test_what_the_store_refused_stands_in_the_first_row_of_as_many(flink: Flink) -> None:
    write = Write(lambda _: RefusesAll(), None)
    write.open(flink)
    letters = write.eval(pd.Series([encode_points([POINT]), encode_points([POINT, POINT])], dtype=object))
    assert [len(letters), len(letters[0]), letters[1]] == [2, 3, None]
    assert json.loads(letters[0][0])["reason"] == "rejected"


def test_an_item_that_waits_is_added_and_nothing_is_written_again(flink: Flink) -> None:
    rollup = RollUp(RollupSettings())
    rollup.open(flink)
    item = encode_sums([Contribution("events", NOW_MS, NOW_MS, ("a",) * 5, {"playing": 1})], shards=1)[0]
    assert list(rollup.process_element(item, flink)) == []
    flink.states["waiting"].calls.clear()
    for _ in range(2):
        assert list(rollup.process_element(item, flink)) == []
    assert {name: state.calls for name, state in flink.states.items() if state.calls[1:]} == {
        "waiting": ["add", "add"]
    }
    flink.watermark_ms += 10_000
    ((points, sums),) = rollup.process_element(b"", flink)
    assert ([point.version for point in decode_points(points[0])], sums) == ([3], {})
    assert flink.states["waiting"].by_key == {}


def test_a_tick_of_a_bucket_reaches_the_shard_of_its_number(flink: Flink) -> None:
    sessions = Sessions(Settings(), rollup_shards=2)
    sessions.open(flink)
    given_out = []
    for flink.key in range(3):
        given_out += [tuple(row) for row in sessions.process_element(b"", flink)]
    assert given_out == [([], {0: b""}), ([], {1: b""})]


def test_every_metric_that_is_counted_is_told(flink: Flink) -> None:
    decoded(flink, page("a"), b"neither", None)
    write = Write(lambda _: RefusesAll(), None)
    write.open(flink)
    write.eval(pd.Series([encode_points([POINT])], dtype=object))
    told = {re.sub(r"<\w+>", r"\\w+", name) for name in METRICS}
    assert {name for name in flink.metrics if not any(re.fullmatch(known, name) for known in told)} == set()
    assert flink.metrics >= {
        "records",
        "ticks",
        "beacons",
        "bad_unknown_form",
        "refused_rejected",
        "data_age_ms",
    }
