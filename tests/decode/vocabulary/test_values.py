"""One value, normalised."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_job.decode.vocabulary.bounds import MAX_CLIENT_MS
from beacon_job.decode.vocabulary.times import epoch_ms
from beacon_job.decode.vocabulary.values import boolean, number, text

NOW_MS = 1_795_456_011_451


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [(" 12.5 ", 12.5), ("-3", -3), ("1e3", 1000.0), ("+.5", 0.5), (7, 7), (-0.0, 0), ("-0", 0), (2**53, None)]
    + [(value, None) for value in ("", "1,5", "0x10", "1_000", "nan", "inf", "\u0661", "9" * 41, "1e999")]
    + [(value, None) for value in (True, None, [], {}, math.nan, math.inf, 1e300)],
)  # fmt: skip
def test_a_number_is_finite_and_plain(given_value: object, expected: float | None) -> None:
    result = number(given_value)
    assert result == expected
    assert result is None or math.copysign(1, result) == (-1 if expected < 0 else 1)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [(True, True), (1, True), ("TRUE", True), ("?1", True), (0, False), ("no", False), (" ?0 ", False)]
    + [(value, None) for value in (2, "", "maybe", None, [], math.nan)],
)  # fmt: skip
def test_a_boolean_may_be_a_word_or_a_digit(given_value: object, expected: bool | None) -> None:
    assert boolean(given_value) is expected


@pytest.mark.parametrize(
    ("given_value", "expected"),
    [
        ("  two  words ", "two  words"),
        ("line\none\ttab", "line one tab"),
        ("nul\x00 bell\x07 del\x7f", "nul bell del"),
        ("half a pair \ud83d", "half a pair"),
        ("x" * 500, "x" * 20),
        ("x" * 19 + " y", "x" * 19),
        (404, "404"),
        ("\n\t ", None),
        ("", None),
        (True, None),
        (None, None),
        ([], None),
        (math.inf, None),
    ],
)
def test_text_is_printable_trimmed_and_cut(given_value: object, expected: str | None) -> None:
    assert text(given_value, 20) == expected


@pytest.mark.parametrize(
    "value",
    [
        NOW_MS,
        float(NOW_MS),
        str(NOW_MS),
        NOW_MS / 1000,
        f"{NOW_MS / 1000}",
        NOW_MS * 1_000,
        NOW_MS * 1_000 + 999,
        NOW_MS * 1_000_000,
        str(NOW_MS * 1_000_000),
        "2026-11-23T17:46:51.451Z",
        "2026-11-23T18:46:51.451+01:00",
        "2026-11-23 17:46:51.451",
    ],
)
def test_a_time_is_read_in_any_unit_and_as_iso_8601(value: object) -> None:
    assert epoch_ms(value) == NOW_MS


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (5_000, "SECONDS", 5_000_000),
        ("1795456011", "s", 1_795_456_011_000),
        (5_000, "MILLISECONDS", 5_000),
        (1_795_456_011_451_999, "us", NOW_MS),
        (1_795_456_011_451_999_999, "NANOSECONDS", NOW_MS),
        (NOW_MS, "fortnights", None),
        (NOW_MS, "s", None),
    ],
)
def test_a_stated_unit_counts(value: object, unit: str, expected: int | None) -> None:
    assert epoch_ms(value, unit) == expected


@pytest.mark.parametrize(
    "value",
    [0, -1, "", "soon", "2150-01-01", "1960-01-01", math.nan, math.inf, True, None, [], 10**30, "9" * 60],
)
def test_what_is_no_time_between_1970_and_2100_is_none(value: object) -> None:
    assert epoch_ms(value) is None


@given(st.integers(5_000_000_000, MAX_CLIENT_MS), st.sampled_from([1, 1_000, 1_000_000]))
def test_the_size_of_a_time_tells_its_unit(ms: int, per_ms: int) -> None:
    assert epoch_ms(ms * per_ms) == ms
