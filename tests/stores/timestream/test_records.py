import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_job.stores.timestream.records import record
from beacon_job.types.beacon import Value
from beacon_job.types.point import Point

NAMES = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters=':"'),
    min_size=1,
    max_size=12,
).map("m{}".format)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
VALUES = st.one_of(
    st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), TEXTS
)
POINTS = st.builds(
    Point,
    table=st.just("events"),
    measure_name=st.just("n"),
    time_ns=st.integers(0, 2**63 - 1),
    dims=st.just({}),
    measures=st.dictionaries(NAMES, VALUES, min_size=1, max_size=8),
    version=st.integers(1, 2**63 - 1),
)
READ = {"BIGINT": int, "DOUBLE": float, "VARCHAR": str, "BOOLEAN": {"true": True, "false": False}.__getitem__}


def sent(point: Point) -> dict[str, object]:
    parsed: dict[str, object] = json.loads("{" + record(0, point, 0).json)
    return parsed


@given(POINTS)
def test_what_is_sent_reads_back_as_the_point(point: Point) -> None:
    parsed = json.loads("{" + record(0, point, 0).json)
    measures: dict[str, Value] = {
        item["Name"]: READ[item["Type"]](item["Value"]) for item in parsed["MeasureValues"]
    }
    assert measures == point.measures
    assert {name: type(value) for name, value in measures.items()} == {
        name: type(value) for name, value in point.measures.items()
    }
    assert int(parsed["Time"]) == point.time_ns
    assert parsed.get("Version", 1) == point.version


@given(POINTS)
def test_the_size_is_what_the_service_counts(point: Point) -> None:
    def size(value: Value) -> int:
        return len(value.encode()) if isinstance(value, str) else 1 if isinstance(value, bool) else 8

    counted = 8 + len(point.measure_name.encode())
    counted += sum(len(name.encode()) + size(value) for name, value in point.measures.items())
    assert record(0, point, 0).bytes == counted


@given(POINTS)
def test_the_same_point_gives_the_same_bytes(point: Point) -> None:
    assert record(0, point, 0) == record(0, point, 0)


def test_measures_of_one_name_and_several_types_are_not_mixed_up() -> None:
    values: list[Value] = [1, 1.0, True, "1"]
    kinds = [sent(Point("events", "n", 1, {}, {"m": value}))["MeasureValues"] for value in values]
    assert [kind[0]["Type"] for kind in kinds] == ["BIGINT", "DOUBLE", "BOOLEAN", "VARCHAR"]  # type: ignore[index]


def test_the_time_the_client_said_is_a_timestamp_in_the_unit_of_the_record() -> None:
    point = Point("events", "n", 1_700_000_000_000_000_007, {}, {"client_time": 1_600_000_000_123})
    [measure] = sent(point)["MeasureValues"]  # type: ignore[misc]
    assert measure == {"Name": "client_time", "Value": "1600000000123000000", "Type": "TIMESTAMP"}


@pytest.mark.parametrize("name", ["100%", "%s%d", "back\\slash", "it's", "é😀"])
def test_names_are_sent_as_they_are(name: str) -> None:
    [measure] = sent(Point("events", "n", 1, {}, {name: 1}))["MeasureValues"]  # type: ignore[misc]
    assert measure["Name"] == name


@pytest.mark.parametrize(
    "text", ["100%", "%s%d", 'say "hi"', "back\\slash", "tab\t", "\x00", "\u2028", "é😀"]
)
def test_texts_may_hold_any_character(text: str) -> None:
    [measure] = sent(Point("events", "n", 1, {}, {"m": text}))["MeasureValues"]  # type: ignore[misc]
    assert measure["Value"] == text
