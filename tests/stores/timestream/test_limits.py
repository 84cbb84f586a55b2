import json
import re
from typing import Any

import pytest

from beacon_job.stores.timestream.limits import Limit
from beacon_job.stores.timestream.requests import plan
from beacon_job.types.point import Point
from tests.places import CASES

OVER_LIMIT = json.loads((CASES / "sink/over_limit.json").read_text())
SMALL: dict[str, Any] = {
    "measure_name": "name",
    "time_ns": 1,
    "dims": {"d": "x"},
    "measures": {"m": 1},
    "version": 1,
}


def spelled_out(value: Any) -> Any:
    """Case files say `x*2049` for a long text and {"#": 129} for that many members."""
    if isinstance(value, str) and (repeated := re.fullmatch(r"(.)\*(\d+)", value)):
        return repeated[1] * int(repeated[2])
    if isinstance(value, dict) and "#" in value:
        return {f"m{i}": "x" for i in range(value["#"])}
    if isinstance(value, dict):
        return {spelled_out(name): spelled_out(member) for name, member in value.items()}
    return value


def point(case: dict[str, Any]) -> Point:
    return Point("events", **{key: spelled_out(case.get(key, small)) for key, small in SMALL.items()})


@pytest.mark.parametrize("case", OVER_LIMIT, ids=lambda case: case["is"])
def test_over_a_limit_a_point_is_refused_before_it_is_sent(case: dict[str, Any]) -> None:
    planned = plan([point(case)])
    assert not planned.requests
    [refused] = planned.refused
    assert refused.kind == case["limit"]
    for words in case["says"]:
        assert words in refused.reason


def test_every_limit_has_a_case() -> None:
    assert {case["limit"] for case in OVER_LIMIT} == set(Limit)


@pytest.mark.parametrize(
    "case",
    [
        {"dims": {"d*60": "x"}},
        {"dims": {"#": 128}},
        {"dims": {"d": "x*2029"}},
        {"measures": {"m*256": 1}},
        {"measures": {"m": "x*2036"}},
        {"measures": {"m": "é*1018"}},
        {"measures": {"m": 2**63 - 1}},
        {"measures": {"m": -(2**63)}},
        {"measure_name": "x*256"},
        {"time_ns": 0},
        {"time_ns": 2**63 - 1},
        {"measure_name": "stall_start"},
        {"measure_name": "Time"},
        {"dims": {"Time": "x", "TS_x": "x", "d.ts_": "x"}},
        {"dims": {"d": 'a:"\n\u2028'}},
        {"measures": {"m": ':"\n\u2029'}},
        {"version": 2**63 - 1},
    ],
    ids=str,
)
def test_at_a_limit_a_point_is_sent(case: dict[str, Any]) -> None:
    if "dims" in case or "m" in case.get("measures", ()):
        case = {"measure_name": "n", **case}
    planned = plan([point(case)])
    assert not planned.refused
    assert [row.index for request in planned.requests for _, row in request.rows] == [0]


def test_a_point_over_a_limit_costs_its_neighbours_nothing() -> None:
    good, bad = point({}), point({"measures": {"m": ""}, "time_ns": 2})
    planned = plan([bad, good])
    assert [refused.index for refused in planned.refused] == [0]
    assert [row.index for request in planned.requests for _, row in request.rows] == [1]


def test_what_is_refused_is_named_but_not_repeated_at_length() -> None:
    [refused] = plan([point({"measures": {"m*5000": 1}})]).refused
    assert len(refused.reason) < 300
