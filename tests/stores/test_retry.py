from hypothesis import given
from hypothesis import strategies as st

from beacon_job.stores.delivery import RetryPolicy

POLICY = RetryPolicy(budget_ms=60_000, base_ms=50, cap_ms=5_000)
FAILURES = st.integers(1, 10_000)
SPENT_MS = st.floats(0, 100_000)
RANDOM = st.floats(0, 1)


@given(FAILURES, SPENT_MS, RANDOM)
def test_a_delay_never_reaches_beyond_the_budget(failures: int, spent_ms: float, chance: float) -> None:
    delay_ms = POLICY.delay_ms(failures, spent_ms, lambda: chance)
    assert (delay_ms is None) == (spent_ms >= POLICY.budget_ms)
    if delay_ms is not None:
        assert 0 <= delay_ms <= POLICY.budget_ms - spent_ms


def test_the_ceiling_doubles_until_the_cap() -> None:
    ceilings = [POLICY.delay_ms(failures, 0, lambda: 1) for failures in range(1, 10)]
    assert ceilings == [50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000]


@given(FAILURES, RANDOM)
def test_jitter_is_full_any_part_of_the_ceiling_may_come(failures: int, chance: float) -> None:
    ceiling_ms = POLICY.delay_ms(failures, 0, lambda: 1)
    assert ceiling_ms is not None
    assert POLICY.delay_ms(failures, 0, lambda: chance) == chance * ceiling_ms
