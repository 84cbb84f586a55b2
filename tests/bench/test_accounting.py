"""From what was seen of a run to what a beacon costs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.accounting import (
    ENOUGH,
    CpuTotals,
    Sample,
    TooShort,
    mean_rss_mb,
    percentile,
    rate_per_s,
    slope_us,
)


def samples(*points: tuple[float, int, float]) -> list[Sample]:
    """(seconds, beacons stored, CPU seconds) each."""
    return [Sample(at_s, stored, {"jvm": cpu_s}) for at_s, stored, cpu_s in points]


@given(
    cost_us=st.floats(1, 1_000),
    start_s=st.floats(0, 100),
    steps=st.lists(st.integers(1, 50_000), min_size=ENOUGH, max_size=30),
)
def test_a_slope_is_what_one_more_beacon_costs_whatever_the_start_cost(
    cost_us: float, start_s: float, steps: list[int]
) -> None:
    stored = [sum(steps[:n]) for n in range(1, len(steps) + 1)]
    found = slope_us(samples(*((n, d, start_s + d * cost_us / 1e6) for n, d in enumerate(stored))), 0)
    assert found["jvm"] == pytest.approx(cost_us, rel=1e-6, abs=1e-6)


def test_what_was_used_before_the_warm_up_ended_is_not_in_the_slope() -> None:
    after = [(n + 2, n * 1_000, 60 + n) for n in range(1, 8)]
    assert slope_us(samples((0, 0, 0), (1, 10, 50), *after), from_stored=1_000)["jvm"] == pytest.approx(1_000)


def test_idling_after_the_end_costs_no_beacon_anything() -> None:
    working = [(n, n * 1_000, n) for n in range(1, 8)]
    run = samples(*working, (8, 7_000, 9), (9, 7_000, 20))
    assert slope_us(run, from_stored=0)["jvm"] == pytest.approx(1_000)
    assert rate_per_s(run, from_stored=0) == pytest.approx(1_000)


def test_waiting_between_two_beacons_is_part_of_what_they_cost() -> None:
    # 1 s of CPU for every 1,000 beacons, and as much while nothing is stored.
    run = samples(*((n, n // 2 * 1_000, n) for n in range(40)))
    assert slope_us(run, from_stored=0)["jvm"] == pytest.approx(2_000, rel=0.01)


@pytest.mark.parametrize("figure", [slope_us, rate_per_s])
def test_too_little_progress_is_no_figure(figure: object) -> None:
    looks = samples((1, 1_000, 1), *((n, 2_000, n) for n in range(2, 20)))
    with pytest.raises(TooShort, match="2 samples of progress after 0 beacons; a slope needs 6"):
        figure(looks, 0)  # type: ignore[operator]


def test_a_worker_that_has_ended_stays_in_the_account_and_its_pid_may_come_again() -> None:
    totals = CpuTotals()
    totals.note(7, 100.0, "python", 1.5)
    totals.note(7, 100.0, "python", 2.0)
    totals.note(7, 300.0, "python", 0.25)
    totals.note(8, 100.0, "jvm", 4.0)
    assert totals.by_role() == {"python": 2.25, "jvm": 4.0}


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_the_least_value_that_enough_values_do_not_exceed(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
    assert sum(value < found for value in values) < share * len(values) + 1e-9


def test_parts_of_a_run_are_cut_by_progress_not_by_time() -> None:
    run = [
        Sample(n, stored, {}, {"jvm": rss})
        for n, (stored, rss) in enumerate([(0, 1), (10, 3), (40, 5), (80, 7), (90, 9)])
    ]
    assert [part["jvm"] for part in mean_rss_mb(run)] == [2, 5, 8]
