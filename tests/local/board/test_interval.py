"""The width of a bucket follows from the time range and the panel's width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.board.interval import NICE_MS, interval_ms

HOUR_MS = 3_600_000


@pytest.mark.parametrize(
    ("hours", "points", "least", "expected_ms"),
    [
        (1, 100, "10s", 30_000),
        (1, 1_000, "10s", 10_000),
        (1, 1_000, "", 5_000),
        (24, 100, "10s", 15 * 60_000),
        (1, 1_000, "12s", 12_000),
        (24 * 600, 100, "1m", 24 * HOUR_MS * 7),
    ],
)
def test_a_bucket_is_a_nice_width_and_no_less_than_the_panel_says(
    hours: int, points: int, least: str, expected_ms: int
) -> None:
    assert interval_ms(0, hours * HOUR_MS, points, least) == expected_ms


@given(st.integers(1, 10**12), st.integers(1, 10_000))
def test_every_range_has_a_nice_width(length_ms: int, points: int) -> None:
    assert interval_ms(0, length_ms, points, "10s") in [nice for nice in NICE_MS if nice >= 10_000]
