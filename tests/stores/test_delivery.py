import threading
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_job.stores.counters import Counters
from beacon_job.stores.delivery import Submitter, Surroundings
from beacon_job.stores.retry import RetryPolicy
from beacon_job.stores.store import Refused, StoreDenied, StoreUnavailable
from beacon_job.stores.timestream.answers import Answer, RejectedRecord
from beacon_job.stores.timestream.requests import Request, plan
from beacon_job.types.point import Point

OK, RESET, THROTTLED = (
    Answer(200),
    Answer(0, "ProtocolError"),
    Answer(400, "ThrottlingException", "slow down"),
)
INVALID, DENIED = (
    Answer(400, "ValidationException", "Invalid record."),
    Answer(400, "AccessDeniedException", "no"),
)


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
    """What `send` reaches: keeps records by the index of their point, counting how often each came."""

    def __init__(self, answer: Callable[[list[int]], Answer]) -> None:
        self._answer = answer
        self.kept: dict[int, int] = {}
        self.tries = 0
        self._lock = threading.Lock()

    def send(self, request: Request) -> Answer:
        indexes = [row.index for _, row in request.rows]
        with self._lock:
            self.tries += 1
            answer = self._answer(indexes)
            if answer.status in (200, 419):
                refused = {item.record_index for item in answer.rejected}
                for position, index in enumerate(indexes):
                    if position not in refused:
                        self.kept[index] = self.kept.get(index, 0) + 1
        return answer


def requests_for(count: int) -> list[Request]:
    return plan([Point("events", "n", time_ns, {}, {"m": 1}) for time_ns in range(count)]).requests


def submit(
    service: Service, count: int, counters: Counters | None = None, around: Surroundings | None = None
) -> list[Refused]:
    policy = RetryPolicy(budget_ms=10_000, base_ms=100, cap_ms=1_000)
    submitter = Submitter(
        service.send,
        lambda request: f"table {request.table}",
        4,
        policy,
        counters or Counters(),
        around or Clock().around(),
    )
    try:
        return submitter.submit(requests_for(count))
    finally:
        submitter.close()


def test_nothing_is_sent_twice_when_all_goes_well() -> None:
    service, counters = Service(lambda indexes: OK), Counters()
    assert submit(service, 950, counters) == []
    assert service.kept == dict.fromkeys(range(950), 1)
    assert counters.totals["written"] == 950
    assert not counters.totals["retried"]


def test_a_throttled_request_waits_longer_each_time() -> None:
    answers = iter([THROTTLED, THROTTLED, THROTTLED, OK])
    clock, counters = Clock(), Counters()
    assert submit(Service(lambda indexes: next(answers)), 1, counters, clock.around()) == []
    assert clock.waits == [100, 200, 400]
    assert (counters.totals["retried"], counters.totals["throttled"]) == (3, 3)


@pytest.mark.parametrize("answer", [THROTTLED, RESET, Answer(500, "", "oops"), Answer(400, "NovelException")])
def test_when_trying_again_does_not_help_within_the_budget_the_job_stops(answer: Answer) -> None:
    clock = Clock()
    with pytest.raises(StoreUnavailable, match=r"14 tries in 10\.0 s: table events"):
        submit(Service(lambda indexes: answer), 1, around=clock.around())
    assert sum(clock.waits) == 10_000


def test_the_budget_counts_for_each_request_from_its_own_first_try() -> None:
    clock = Clock()
    failed: set[int] = set()

    def slow_then_fail_once(indexes: list[int]) -> Answer:
        clock.now_ms += 20_000
        if indexes[0] in failed:
            return OK
        failed.add(indexes[0])
        clock.now_ms -= 20_000
        return THROTTLED

    assert submit(Service(slow_then_fail_once), 300, around=clock.around()) == []


def test_a_denied_request_stops_the_job_at_once_and_says_what_is_missing() -> None:
    service = Service(lambda indexes: DENIED)
    with pytest.raises(
        StoreDenied, match=r"table events.*AccessDeniedException: no.*timestream:WriteRecords"
    ):
        submit(service, 1)
    assert service.tries == 1


def test_when_one_request_is_denied_the_others_stop_trying_and_the_reason_is_told() -> None:
    # The others would wait for ever if nobody told them to stop.
    around = Surroundings(wait=lambda stop, ms: stop.wait())
    with pytest.raises(StoreDenied, match="AccessDenied"):
        submit(Service(lambda indexes: DENIED if 150 in indexes else THROTTLED), 1_000, around=around)


def test_after_a_failure_nothing_is_under_way_any_more() -> None:
    before = set(threading.enumerate())
    service = Service(lambda indexes: DENIED if 0 in indexes else OK)
    with pytest.raises(StoreDenied):
        submit(service, 5_000)
    tries = service.tries
    assert set(threading.enumerate()) <= before
    assert service.tries == tries


@given(st.sets(st.integers(0, 149), max_size=12))
def test_bisecting_finds_exactly_the_bad_records(bad: set[int]) -> None:
    service = Service(lambda indexes: INVALID if bad & set(indexes) else OK)
    refused = submit(service, 150)
    assert {item.index for item in refused} == bad
    assert {item.kind for item in refused} <= {"invalid"}
    assert service.kept == dict.fromkeys(set(range(150)) - bad, 1)


@given(st.sets(st.integers(0, 249), max_size=20))
def test_rejections_find_their_points_across_requests(bad: set[int]) -> None:
    def answer(indexes: list[int]) -> Answer:
        rejected = [RejectedRecord(i, f"why {index}") for i, index in enumerate(indexes) if index in bad]
        return Answer(419, "RejectedRecordsException", "", tuple(rejected)) if rejected else OK

    service = Service(answer)
    refused = submit(service, 250)
    assert {item.index: item.reason for item in refused} == {index: f"why {index}" for index in bad}
    assert service.kept == dict.fromkeys(set(range(250)) - bad, 1)


@given(st.sets(st.integers(0, 249)))
def test_rejections_that_do_not_say_which_are_bisected_to_their_points(bad: set[int]) -> None:
    def answer(indexes: list[int]) -> Answer:
        told = tuple(RejectedRecord(len(indexes), f"why {index}") for index in indexes if index in bad)
        return Answer(419, "RejectedRecordsException", "see RejectedRecords", told) if told else OK

    service = Service(answer)
    refused = submit(service, 250)
    assert {item.index: item.reason for item in refused} == {index: f"why {index}" for index in bad}
    assert {*range(250)} - bad <= service.kept.keys()


def test_a_row_that_is_already_there_is_no_dead_letter() -> None:
    there = Answer(
        419, "RejectedRecordsException", "", (RejectedRecord(1, "lower", 5), RejectedRecord(2, "old"))
    )
    counters = Counters()
    refused = submit(Service(lambda indexes: there), 4, counters)
    assert [item.index for item in refused] == [2]
    assert (counters.totals["superseded"], counters.totals["written"]) == (1, 2)


@pytest.mark.parametrize("seed", range(25))
def test_under_random_faults_each_point_is_accounted_for_exactly_once(seed: int) -> None:
    random = Random(seed)
    bad = {index for index in range(300) if random.random() < 0.01}
    unwanted = {index for index in range(300) if random.random() < 0.02} - bad

    def answer(indexes: list[int]) -> Answer:
        if random.random() < 0.3:
            return random.choice([THROTTLED, RESET, Answer(500), Answer(503, "", "<html>")])
        if bad & set(indexes):
            return INVALID
        rejected = tuple(RejectedRecord(i, "old") for i, index in enumerate(indexes) if index in unwanted)
        return Answer(419, "RejectedRecordsException", "", rejected) if rejected else OK

    service, counters = Service(answer), Counters()
    refused = [item.index for item in submit(service, 300, counters)]
    assert sorted(refused) == sorted(bad | unwanted)
    assert service.kept == dict.fromkeys(set(range(300)) - bad - unwanted, 1)
    assert counters.totals["written"] == len(service.kept)
