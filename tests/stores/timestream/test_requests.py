import base64
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beacon_job.decode import decode
from beacon_job.gather.event_row import event_point
from beacon_job.stores.timestream.requests import Plan, encode, plan
from beacon_job.types.beacon import Beacon, KinesisRecord, Value
from beacon_job.types.point import Point
from local.timestream.rules import metering, wire
from tests.places import CAPTURES
from tests.stores.timestream.scripted_service import merged

RECORDINGS = sorted(CAPTURES.glob("*/*/requests.jsonl"))

POINTS = st.lists(
    st.builds(
        Point,
        table=st.sampled_from(["events", "qoe"]),
        measure_name=st.sampled_from(["playing", "playing é", "", "time"]),
        time_ns=st.integers(-1, 3),
        dims=st.dictionaries(
            st.sampled_from(["a", "b", "c", "time"]), st.sampled_from(["", "x", "é"]), max_size=3
        ),
        measures=st.dictionaries(st.sampled_from("mn"), st.sampled_from([1, 2.5, True, "é", ""]), max_size=2),
        version=st.integers(1, 3),
    ),
    max_size=30,
)


def key(point: Point) -> tuple[object, ...]:
    dims = frozenset((name, value) for name, value in point.dims.items() if value)
    return point.table, point.measure_name, dims, point.time_ns


def sent_indexes(planned: Plan) -> list[int]:
    return [row.index for request in planned.requests for _, row in request.rows]


def bodies(planned: Plan) -> list[tuple[dict[str, Any], int]]:
    encoded = [encode(request, "db", f"t-{request.table}") for request in planned.requests]
    return [(json.loads(body), units) for body, units in encoded]


@settings(max_examples=50)
@given(POINTS)
def test_each_point_is_sent_or_refused_or_a_repeat(points: list[Point]) -> None:
    planned = plan(points)
    sent, refused = sent_indexes(planned), [item.index for item in planned.refused]
    assert len(set(sent) | set(refused)) == len(sent) + len(refused)
    assert len(sent) + len(refused) + planned.repeated == len(points)


@settings(max_examples=50)
@given(POINTS)
def test_of_the_same_row_the_highest_version_is_sent_and_of_equal_ones_the_last(points: list[Point]) -> None:
    winner: dict[object, int] = {}
    for index, point in enumerate(points):
        held = winner.get(key(point))
        if held is None or points[held].version <= point.version:
            winner[key(point)] = index
    for index in sent_indexes(plan(points)):
        assert winner[key(points[index])] == index


@settings(max_examples=50)
@given(POINTS)
def test_the_records_of_a_request_with_its_common_attributes_are_the_points(points: list[Point]) -> None:
    planned = plan(points)
    for request, (body, _) in zip(planned.requests, bodies(planned), strict=True):
        assert body["TableName"] == f"t-{request.table}"
        for (_, row), record in zip(request.rows, body["Records"], strict=True):
            point, whole = points[row.index], merged(record, body)
            assert point.table == request.table
            assert whole["dims"] == {name: value for name, value in point.dims.items() if value}
            assert whole["measure_name"] == point.measure_name
            assert whole["time"] == ("NANOSECONDS", point.time_ns)
            assert whole["version"] == point.version
            assert whole["measures"].keys() == point.measures.keys()


@settings(max_examples=50)
@given(POINTS)
def test_nothing_that_all_records_share_is_said_in_one_of_them(points: list[Point]) -> None:
    for body, _ in bodies(plan(points)):
        records = body["Records"]
        said = [
            {(item["Name"], item["Value"]) for item in record.get("Dimensions", ())} for record in records
        ]
        assert not set.intersection(*said)
        names = [record.get("MeasureName") for record in records]
        assert names == [None] * len(names) or len(set(names)) > 1


@settings(max_examples=50)
@given(POINTS)
def test_the_write_units_are_those_the_service_meters(points: list[Point]) -> None:
    for body, units in bodies(plan(points)):
        request = msgspec.convert(body, wire.WriteRecords)
        size = metering.request_bytes(request, list(range(len(body["Records"]))))
        assert units == metering.write_units(size)


@settings(max_examples=50)
@given(POINTS)
def test_a_request_cut_in_two_holds_the_same_records(points: list[Point]) -> None:
    for request in plan(points).requests:
        first, second = request.halves()
        assert [*first.rows, *second.rows] == request.rows
        assert len(request.rows) == 1 or (first.rows and second.rows)


def test_requests_are_filled_up_to_100_records() -> None:
    planned = plan([Point("events", "n", time_ns, {"d": "x"}, {"m": 1}) for time_ns in range(250)])
    assert [len(request.rows) for request in planned.requests] == [100, 100, 50]


def test_viewers_who_share_the_most_share_a_request() -> None:
    points = [
        Point("events", "n", i, {"session_id": f"s{i}", "player": f"p{i % 2}"}, {"m": 1}) for i in range(200)
    ]
    common = [body["CommonAttributes"]["Dimensions"] for body, _ in bodies(plan(points))]
    assert common == [[{"Name": "player", "Value": "p0"}], [{"Name": "player", "Value": "p1"}]]


def test_an_empty_plan_for_no_points() -> None:
    assert plan([]) == Plan([], [], 0)


def recorded_points() -> list[Point]:
    """What real players sent, in the order of arrival as if they had all started together."""
    rows = []
    for path in RECORDINGS:
        requests = [json.loads(line) for line in path.read_text().splitlines()]
        posts = [request for request in requests if request["method"] == "POST"]
        rows += [(post["recv_ms"] - posts[0]["recv_ms"], post["recv_ms"], post) for post in posts]
    points = []
    for _, recv_ms, post in sorted(rows, key=lambda row: row[0]):
        items = decode(KinesisRecord(base64.b64decode(post["body_b64"]), recv_ms))
        points += [event_point(item) for item in items if isinstance(item, Beacon)]
    return points


def naive_units(points: list[Point]) -> int:
    """One single-measure record per value, dimensions repeated, 50 records to a request."""

    def size(point: Point, name: str, value: Value) -> int:
        length = len(value.encode()) if isinstance(value, str) else 1 if isinstance(value, bool) else 8
        return 8 + sum(len((key + text).encode()) for key, text in point.dims.items()) + len(name) + length

    sizes = [size(point, name, value) for point in points for name, value in point.measures.items()]
    return sum(metering.write_units(sum(sizes[start : start + 50])) for start in range(0, len(sizes), 50))


@pytest.mark.parametrize("batch", [50, 1_000])
def test_recorded_beacons_cost_at_most_a_third_of_the_naive_mapping(batch: int) -> None:
    points = recorded_points()
    assert len(points) > 150
    units = sum(
        units
        for start in range(0, len(points), batch)
        for _, units in bodies(plan(points[start : start + batch]))
    )
    assert 3 * units <= naive_units(points)
