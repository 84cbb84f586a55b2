"""Which times a table takes, to the nanosecond."""

import pytest

from local.timestream.rules.window import Retention, window_at

HOUR_NS = 3600 * 10**9
NOW_NS = 1_795_507_029_149_000_000  # 2026-11-24T07:57:09.149Z
MINUTE_NS = 60 * 10**9
MEMORY_ONLY = Retention(memory_hours=1, magnetic_days=1)
WITH_MAGNETIC = Retention(memory_hours=1, magnetic_days=1, magnetic_writes=True)


@pytest.mark.parametrize(
    ("retention", "oldest_ns"),
    [(MEMORY_ONLY, NOW_NS - HOUR_NS), (WITH_MAGNETIC, NOW_NS - 25 * HOUR_NS)],
    ids=["memory store only", "with magnetic writes"],
)
def test_the_window_is_half_open_at_both_ends(retention: Retention, oldest_ns: int) -> None:
    window = window_at(NOW_NS, retention)
    newest_ns = NOW_NS + 15 * MINUTE_NS - 1
    assert window.problem(oldest_ns) is None
    assert window.problem(newest_ns) is None
    assert window.problem(oldest_ns - 1) is not None
    assert window.problem(newest_ns + 1) is not None


def test_the_refusal_names_the_window_as_the_service_does() -> None:
    assert window_at(NOW_NS, MEMORY_ONLY).problem(0) == (
        "The record timestamp is outside the time range [2026-11-24T06:57:09.149Z, 2026-11-24T08:12:09.149Z) "
        "of the memory store."
    )
    assert window_at(NOW_NS, WITH_MAGNETIC).problem(0) == (
        "The record timestamp is outside the time range [2026-11-23T06:57:09.149Z, 2026-11-24T08:12:09.149Z) "
        "of the data ingestion window."
    )


def test_the_longest_retention_has_a_window_that_can_be_named() -> None:
    longest = Retention(memory_hours=8766, magnetic_days=73000, magnetic_writes=True)
    assert "[1826-01-12T" in str(window_at(NOW_NS, longest).problem(2**63))
