"""Who a row is, and what becomes of its values."""

import json
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_job.stores.limits import BIGINT_MAX, BIGINT_MIN, OverLimit
from beacon_job.stores.postgres.rows import OWN, Columns, RowIds, encode, timestamp
from beacon_job.types.point import Point

COLUMNS = Columns(
    {
        **dict.fromkeys(OWN, ""),
        "session_id": "text",
        "seq": "bigint",
        "rate": "double precision",
        "muted": "boolean",
        "state": "text",
        "client_time": "timestamp with time zone",
    }
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
DIMS = st.dictionaries(TEXTS, TEXTS, max_size=4)


def row(**measures: Any) -> dict[str, Any]:
    point = Point("events", "playing", 1_700_000_000_123_456_789, {"session_id": "s"}, measures)
    return dict(json.loads(encode(point, "id", COLUMNS)))


def row_id(dims: dict[str, str], measure_name: str = "n", time_ns: int = 1) -> str:
    return RowIds().of(Point("events", measure_name, time_ns, dims, {}))


@given(DIMS, DIMS, TEXTS, TEXTS, st.integers(0, 99), st.integers(0, 99))
def test_two_rows_have_one_id_if_dimensions_measure_name_and_time_are_equal(
    some: dict[str, str], other: dict[str, str], name: str, other_name: str, time_ns: int, other_ns: int
) -> None:
    def said(dims: dict[str, str]) -> dict[str, str]:
        return {name: value for name, value in dims.items() if value}

    equal = (said(some), name, time_ns) == (said(other), other_name, other_ns)
    assert (row_id(some, name, time_ns) == row_id(other, other_name, other_ns)) == equal


@given(DIMS)
def test_the_order_of_dimensions_makes_no_other_row(dims: dict[str, str]) -> None:
    assert row_id(dims) == row_id(dict(reversed(dims.items())))


def test_an_id_is_the_same_in_every_version_because_it_stands_in_stored_rows() -> None:
    assert uuid.UUID(row_id({"session_id": "s", "player": ""}, "playing", 1_700_000_000_000_000_001)) == (
        uuid.UUID("ec67eada-b3fe-490e-86b1-9c3831033bc7")
    )


def test_a_value_goes_to_the_column_of_its_name_and_type() -> None:
    measures = {"seq": 7, "rate": 1.5, "muted": True, "state": "é"}
    found = row(**measures)
    assert found == {
        **measures,
        "session_id": "s",
        "time": "2023-11-14 22:13:20.123456+00",
        "time_rest_ns": 789,
        "row_id": "id",
        "version": 1,
        "measure_name": "playing",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [("custom__x", 1.5), ("seq", "7"), ("seq", 7.0), ("rate", 1), ("muted", 1), ("state", 5), ("time", 3)],
)
def test_a_value_without_a_column_of_its_type_is_kept_beside_as_it_is(name: str, value: object) -> None:
    found = row(**{name: value})
    assert found["more"] == {name: value}
    assert type(found["more"][name]) is type(value)
    assert found["time"] == "2023-11-14 22:13:20.123456+00"


def test_a_whole_number_for_a_column_of_times_is_epoch_ms() -> None:
    assert row(client_time=1_700_000_000_123)["client_time"] == "2023-11-14 22:13:20.123000+00"
    assert row(client_time=-1)["client_time"] == "1969-12-31 23:59:59.999000+00"


@pytest.mark.parametrize("value", [0, -1, BIGINT_MAX, BIGINT_MIN])
def test_every_whole_number_of_64_bits_is_taken(value: int) -> None:
    assert row(seq=value)["seq"] == value


@pytest.mark.parametrize(
    ("measures", "kind"),
    [
        ({"seq": 2**63}, "number_out_of_range"),
        ({"custom__x": -(2**63) - 1}, "number_out_of_range"),
        ({"client_time": 2**63}, "number_out_of_range"),
        ({"rate": float("inf")}, "number_out_of_range"),
        ({"custom__x": float("nan")}, "number_out_of_range"),
        ({"state": "a\0b"}, "nul_character"),
        ({"custom__\0": "x"}, "nul_character"),
        ({"state": "\udfff"}, "not_unicode"),
        ({"session_id": "s"}, "name_twice"),
        ({"custom__x": [1]}, "value_type"),
    ],
    ids=ascii,
)
def test_what_no_column_holds_is_refused_with_found_and_allowed(measures: dict[str, Any], kind: str) -> None:
    with pytest.raises(OverLimit, match="allowed") as refused:
        row(**measures)
    assert refused.value.limit == kind


def test_a_text_that_only_spells_an_escape_is_no_nul() -> None:
    assert row(state=r"\u0000")["state"] == r"\u0000"


@given(st.integers(0, BIGINT_MAX))
def test_a_time_keeps_its_microseconds(time_ns: int) -> None:
    text = timestamp(time_ns)
    assert text.endswith("+00")
    assert int(text[20:26]) == time_ns // 1_000 % 1_000_000
