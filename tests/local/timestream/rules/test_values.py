"""Reading the records of a request: what is written is what is kept."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.timestream.rules import limits, wire
from local.timestream.rules.errors import ServiceError
from local.timestream.rules.record import read_rows


def request(*records: dict[str, Any], common: dict[str, Any] | None = None) -> wire.WriteRecords:
    body = {"DatabaseName": "d", "TableName": "t", "CommonAttributes": common or {}, "Records": list(records)}
    return wire.write_records.decode(json.dumps(body))


def multi(measures: dict[str, tuple[str, str]], **members: Any) -> dict[str, Any]:
    values = [{"Name": name, "Type": kind, "Value": text} for name, (kind, text) in measures.items()]
    return {
        "Dimensions": [{"Name": "session_id", "Value": "s"}],
        "MeasureName": "m",
        "MeasureValueType": "MULTI",
        "MeasureValues": values,
        "Time": "1",
        **members,
    }


def kept(kind: str, text: str) -> Any:
    [row] = read_rows(request(multi({"x": (kind, text)})))
    return json.loads(row.measures.json)["x"]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_double_is_kept_to_the_last_bit(value: float) -> None:
    assert kept("DOUBLE", repr(value)) == value


@given(st.integers(-(2**63), 2**63 - 1))
def test_every_64_bit_integer_is_kept(value: int) -> None:
    assert kept("BIGINT", str(value)) == value


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_every_string_is_kept(value: str) -> None:
    assert kept("VARCHAR", value) == value


@given(st.sampled_from(["DOUBLE", "BIGINT", "BOOLEAN", "TIMESTAMP"]), st.text(min_size=1, max_size=30))
def test_any_text_is_read_or_refused_but_never_an_error(kind: str, text: str) -> None:
    try:
        kept(kind, text)
    except ServiceError as refusal:
        assert refusal.code == "ValidationException"


@given(st.permutations(["player", "device", "cdn"]))
def test_the_order_of_dimensions_does_not_matter(names: list[str]) -> None:
    ordered, shuffled = (
        multi({"x": ("DOUBLE", "1")}, Dimensions=[{"Name": name, "Value": name} for name in order])
        for order in (sorted(names), names)
    )
    [first, second] = read_rows(request(ordered, shuffled))
    assert first.dimensions == second.dimensions


def test_the_order_of_measures_does_not_matter() -> None:
    forwards = multi({"a": ("DOUBLE", "1"), "b": ("BIGINT", "2")})
    backwards = multi({"b": ("BIGINT", "2"), "a": ("DOUBLE", "1")})
    [first, second] = read_rows(request(forwards, backwards))
    assert first.measures.json == second.measures.json


def test_a_record_of_exactly_2_kb_has_no_problem_and_one_byte_more_has() -> None:
    fixed = 8 + len("session_id") + len("s") + len("m") + len("note")
    exactly = multi({"note": ("VARCHAR", "x" * (limits.RECORD_BYTES - fixed))})
    above = multi({"note": ("VARCHAR", "x" * (limits.RECORD_BYTES - fixed + 1))})
    [fits, too_large] = read_rows(request(exactly, above))
    assert fits.problem is None
    assert too_large.problem == "The record has 2049 bytes; the limit is 2048."


def test_sizes_count_bytes_not_characters() -> None:
    [row] = read_rows(request(multi({"größe": ("VARCHAR", "水")})))
    assert row.measures.size == len("größe".encode()) + len("水".encode())


def test_more_than_256_measures_are_a_problem_of_the_record() -> None:
    many = {f"m{place}": ("BOOLEAN", "true") for place in range(257)}
    [row] = read_rows(request(multi(many)))
    assert row.problem == "The record has 257 measure values; the limit is 256."


def test_the_records_own_members_win_over_the_common_ones() -> None:
    common = {"MeasureName": "common", "Time": "9", "Version": 5, "TimeUnit": "SECONDS"}
    [row] = read_rows(
        request(multi({"x": ("DOUBLE", "1")}, TimeUnit="NANOSECONDS", Version=6), common=common)
    )
    assert (row.measure_name, row.time_ns, row.version) == ("m", 1, 6)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"Dimensions": [{"Name": "a", "Value": ""}]}, "'records.1.member.dimensions.1.member.value'"),
        ({"TimeUnit": "HOURS"}, "Value 'HOURS' at 'records.1.member.timeUnit'"),
        ({"Version": 0}, "Value '0' at 'records.1.member.version'"),
        ({"Version": 2**63}, "less than or equal to 9223372036854775807"),
        ({"Time": None}, "Value null at 'records.1.member.time'"),
    ],
)
def test_a_refusal_names_what_was_found_and_where(members: dict[str, Any], words: str) -> None:
    with pytest.raises(ServiceError) as caught:
        read_rows(request(multi({"x": ("DOUBLE", "1")}, **members)))
    assert words in caught.value.message
