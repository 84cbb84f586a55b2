import threading
from collections.abc import Callable
from random import Random
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_job.stores.delivery import (
    REAL,
    Delivery,
    Halve,
    Outcome,
    RetryPolicy,
    Settled,
    Stop,
    Surroundings,
    TryAgain,
)
from beacon_job.stores.store import Counters, Refused, StoreDenied, StoreUnavailable

OK, AWAY, THROTTLED = Settled(), TryAgain("table events: reset"), TryAgain("table events: slow", True)
INVALID, DENIED = Halve("invalid", "no good"), Stop("table events: no; it needs the right to write")


class Some(NamedTuple):
    """A request that is nothing but the points in it."""

    points: list[int]

    def indexes(self) -> list[int]:
        return self.points

    def halves(self) -> tuple["Some", "Some"]:
        middle = len(self.points) // 2
        return Some(self.points[:middle]), Some(self.points[middle:])


class Clock:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.now_ms = 0.0
        self.waits: list[float] = []

    def around(self) -> Surroundings:
        return Surroundings(lambda: self.now_ms, lambda: 1.0, self._wait)

    def _wait(self, stop: threading.Event, ms: float) -> None:
        self.waits.append(ms)
        self.now_ms += ms


class Service:
    """What `send` reaches: keeps points by their index, counting how often each came."""

    def __init__(self, answer: Callable[[list[int]], Outcome]) -> None:
        self._answer = answer
        self.kept: dict[int, int] = {}
        self.tries = 0
        self._lock = threading.Lock()

    def send(self, request: Some) -> Outcome:
        with self._lock:
            self.tries += 1
            outcome = self._answer(request.points)
            if isinstance(outcome, Settled):
                refused = {item.index for item in outcome.refused}
                for index in request.points:
                    if index not in refused:
                        self.kept[index] = self.kept.get(index, 0) + 1
        return outcome


def refusing(indexes: list[int], bad: set[int]) -> Settled:
    """Those of the bad that are in a request, refused by name."""
    return Settled(tuple(Refused(index, "rejected", f"why {index}") for index in indexes if index in bad))


def deliver(
    service: Service,
    count: int,
    counters: Counters | None = None,
    around: Surroundings | None = None,
    refused: list[Refused] | None = None,
) -> list[Refused]:
    """Deliver so many points, a hundred to a request."""
    policy = RetryPolicy(budget_ms=10_000, base_ms=100, cap_ms=1_000)
    delivery = Delivery(service.send, 4, policy, counters or Counters(), around or Clock().around())
    requests = [Some([*range(start, min(start + 100, count))]) for start in range(0, count, 100)]
    try:
        return delivery.deliver(requests, refused or [])
    finally:
        delivery.close()


def test_nothing_is_sent_twice_when_all_goes_well() -> None:
    service, counters = Service(lambda indexes: OK), Counters()
    assert deliver(service, 950, counters) == []
    assert service.kept == dict.fromkeys(range(950), 1)
    assert counters.totals["written"] == 950
    assert not counters.totals["retried"]


def test_a_wait_is_as_long_as_it_says_or_until_somebody_stops_it() -> None:
    stop = threading.Event()
    begun_ms = REAL.clock_ms()
    REAL.wait(stop, 50)
    assert 45 <= REAL.clock_ms() - begun_ms < 5_000
    stop.set()
    REAL.wait(stop, 1_000_000)
    assert REAL.clock_ms() - begun_ms < 10_000


def test_a_throttled_request_waits_longer_each_time() -> None:
    answers = iter([THROTTLED, THROTTLED, THROTTLED, OK])
    clock, counters = Clock(), Counters()
    assert deliver(Service(lambda indexes: next(answers)), 1, counters, clock.around()) == []
    assert clock.waits == [100, 200, 400]
    assert (counters.totals["retried"], counters.totals["throttled"]) == (3, 3)


@pytest.mark.parametrize("answer", [THROTTLED, AWAY])
def test_when_trying_again_does_not_help_within_the_budget_the_job_stops(answer: Outcome) -> None:
    clock = Clock()
    with pytest.raises(StoreUnavailable, match=r"14 tries in 10\.0 s: table events"):
        deliver(Service(lambda indexes: answer), 1, around=clock.around())
    assert sum(clock.waits) == 10_000


def test_the_budget_counts_for_each_request_from_its_own_first_try() -> None:
    clock = Clock()
    failed: set[int] = set()

    def slow_then_fail_once(indexes: list[int]) -> Outcome:
        clock.now_ms += 20_000
        if indexes[0] in failed:
            return OK
        failed.add(indexes[0])
        clock.now_ms -= 20_000
        return THROTTLED

    assert deliver(Service(slow_then_fail_once), 300, around=clock.around()) == []


def test_a_denied_request_stops_the_job_at_once_and_says_what_is_missing() -> None:
    service = Service(lambda indexes: DENIED)
    with pytest.raises(StoreDenied, match=r"^table events: no; it needs the right to write$"):
        deliver(service, 1)
    assert service.tries == 1


def test_when_one_request_is_denied_the_others_stop_trying_and_the_reason_is_told() -> None:
    # The others would wait for ever if nobody told them to stop.
    around = Surroundings(wait=lambda stop, ms: stop.wait())
    with pytest.raises(StoreDenied, match="the right to write"):
        deliver(Service(lambda indexes: DENIED if 150 in indexes else THROTTLED), 1_000, around=around)


def test_after_a_failure_nothing_is_under_way_any_more() -> None:
    before = set(threading.enumerate())
    service = Service(lambda indexes: DENIED if 0 in indexes else OK)
    with pytest.raises(StoreDenied):
        deliver(service, 5_000)
    tries = service.tries
    assert set(threading.enumerate()) <= before
    assert service.tries == tries


@given(st.sets(st.integers(0, 149), max_size=12))
def test_bisecting_finds_exactly_the_bad_records(bad: set[int]) -> None:
    service = Service(lambda indexes: INVALID if bad & set(indexes) else OK)
    refused = deliver(service, 150)
    assert {item.index for item in refused} == bad
    assert {item.kind for item in refused} <= {"invalid"}
    assert service.kept == dict.fromkeys(set(range(150)) - bad, 1)


@given(st.sets(st.integers(0, 249), max_size=20))
def test_points_refused_by_name_cost_their_neighbours_nothing(bad: set[int]) -> None:
    service = Service(lambda indexes: refusing(indexes, bad))
    refused = deliver(service, 250)
    assert {item.index: item.reason for item in refused} == {index: f"why {index}" for index in bad}
    assert service.kept == dict.fromkeys(set(range(250)) - bad, 1)
    assert service.tries == 3


def test_what_was_refused_before_sending_comes_back_in_its_place() -> None:
    early, counters = [Refused(3, "too_long", ""), Refused(120, "too_long", "")], Counters()
    refused = deliver(Service(lambda indexes: refusing(indexes, {7})), 50, counters, refused=early)
    assert [item.index for item in refused] == [3, 7, 120]
    assert (counters.totals["refused.too_long"], counters.totals["refused.rejected"]) == (2, 1)


def test_a_row_that_is_already_there_is_no_dead_letter() -> None:
    counters = Counters()
    there = Settled((Refused(2, "rejected", "old"),), superseded=1)
    refused = deliver(Service(lambda indexes: there), 4, counters)
    assert [item.index for item in refused] == [2]
    assert (counters.totals["superseded"], counters.totals["written"]) == (1, 2)


@pytest.mark.parametrize("seed", range(25))
def test_under_random_faults_each_point_is_accounted_for_exactly_once(seed: int) -> None:
    random = Random(seed)
    bad = {index for index in range(300) if random.random() < 0.01}
    unwanted = {index for index in range(300) if random.random() < 0.02} - bad

    def answer(indexes: list[int]) -> Outcome:
        if random.random() < 0.3:
            return random.choice([THROTTLED, AWAY])
        return INVALID if bad & set(indexes) else refusing(indexes, unwanted)

    service, counters = Service(answer), Counters()
    refused = [item.index for item in deliver(service, 300, counters)]
    assert refused == sorted(bad | unwanted)
    assert service.kept == dict.fromkeys(set(range(300)) - bad - unwanted, 1)
    assert counters.totals["written"] == len(service.kept)
