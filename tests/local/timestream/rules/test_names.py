"""Names of columns: which the service takes, and that one it does not take refuses the whole request."""

from collections.abc import Callable

import pytest

from local.timestream.rules import wire
from local.timestream.rules.errors import ServiceError
from local.timestream.rules.record import read_rows

PLACES: dict[str, Callable[[str], wire.Record]] = {
    "a dimension": lambda name: wire.Record(
        dimensions=[wire.Dimension("host", "h1"), wire.Dimension(name, "x")],
        measure_name="cpu",
        measure_value="1.5",
        time="1",
    ),
    "a measure": lambda name: wire.Record(
        dimensions=[wire.Dimension("host", "h1")], measure_name=name, measure_value="1.5", time="1"
    ),
    "a measure of a MULTI record": lambda name: wire.Record(
        dimensions=[wire.Dimension("host", "h1")],
        measure_name="cpu",
        measure_value_type="MULTI",
        measure_values=[wire.MeasureValue(name, "1.5", "DOUBLE")],
        time="1",
    ),
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize(
    "name", ["Time", "TIME", "times", "TS_x", "ts", "Measure_name", "my_measure_value", "größe", "a b-c.d/e"]
)
def test_a_name_that_is_only_like_a_reserved_one_is_taken(
    place: Callable[[str], wire.Record], name: str
) -> None:
    [row] = read_rows(wire.WriteRecords(records=[place(name)]))
    assert row.problem is None


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("time", "is reserved"),
        ("measure_name", "is reserved"),
        ("measure_value", "is reserved"),
        ("ts_non_existent_col", "is reserved"),
        ("ts_received", "begins with the reserved 'ts_'"),
        ("measure_name_of_it", "begins with the reserved 'measure_name'"),
        ("measure_values", "begins with the reserved 'measure_value'"),
        ("cdn:name", "contains ':'"),
        ('say "so"', "contains '\"'"),
        ("tab\there", r"contains '\\t'"),
        ("bell\x07", r"contains '\\x07'"),
        ("delete\x7f", r"contains '\\x7f'"),
        ("line\u2028separator", r"contains '\\u2028'"),
        ("paragraph\u2029separator", r"contains '\\u2029'"),
    ],
)
def test_a_name_that_must_not_be_refuses_the_whole_request(
    place: Callable[[str], wire.Record], name: str, words: str
) -> None:
    good = place("player")
    with pytest.raises(ServiceError, match=words) as refused:
        read_rows(wire.WriteRecords(records=[good, place(name)]))
    assert refused.value.code == "ValidationException"
