"""Sends requests, several at once, until each record is written or refused. Knows no HTTP and no AWS."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import random

from beacon_job import classify
from beacon_job.classify import THROTTLED, Action, Answer
from beacon_job.counters import Counters
from beacon_job.grouping import Request
from beacon_job.retry import RetryPolicy
from beacon_job.store import Refused, StoreDenied, StoreFailed, StoreUnavailable


def monotonic_ms() -> float:
    """The clock that budgets and latencies are measured with."""
    return time.monotonic() * 1_000


@dataclass
class Surroundings:
    """What submitting depends on besides its input; tests put in their own."""

    clock_ms: Callable[[], float] = monotonic_ms
    random: Callable[[], float] = random
    wait: Callable[[threading.Event, float], object] = lambda stopped, ms: stopped.wait(ms / 1_000)
    """Waits so many ms, or until the event is set."""


class Submitter:
    """`send` makes one try and never raises for what the network or the service did: that is in its Answer.

    `describe` names the table of a request and what is needed to write it, for the message of a stop.
    """

    def __init__(
        self,
        send: Callable[[Request], Answer],
        describe: Callable[[Request], str],
        connections: int,
        policy: RetryPolicy,
        counters: Counters,
        surroundings: Surroundings | None = None,
    ) -> None:
        self._send = send
        self._describe = describe
        self._policy = policy
        self._counters = counters
        self._around = surroundings or Surroundings()
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="store")

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()

    def submit(self, requests: Sequence[Request]) -> list[Refused]:
        """Send all; what was refused. Raises StoreFailed, and then nothing of it is under way any more."""
        deliveries = _Deliveries(self._send, self._describe, self._policy, self._counters, self._around)
        if len(requests) == 1:
            return deliveries.deliver(requests[0])
        futures = [self._threads.submit(deliveries.deliver, request) for request in requests]
        failures = [failure for future in futures if (failure := future.exception())]
        if failures:
            # A cause before its consequence: the others only gave up because of it.
            raise next((failure for failure in failures if not isinstance(failure, _GaveUp)), failures[0])
        return [item for future in futures for item in future.result()]


class _GaveUp(StoreFailed):
    """Another request of the same batch failed."""


class _Deliveries:
    """The requests of one batch: they share the budget, and when one fails the others stop trying."""

    def __init__(
        self,
        send: Callable[[Request], Answer],
        describe: Callable[[Request], str],
        policy: RetryPolicy,
        counters: Counters,
        around: Surroundings,
    ) -> None:
        self._send = send
        self._describe = describe
        self._policy = policy
        self._counters = counters
        self._around = around
        self._started_ms = around.clock_ms()
        self._stopped = threading.Event()

    def deliver(self, request: Request) -> list[Refused]:
        """Send one request, or the halves of it, until each record is written or refused."""
        try:
            return self._deliver(request)
        except BaseException:
            self._stopped.set()
            raise

    def _deliver(self, request: Request) -> list[Refused]:
        refused: list[Refused] = []
        left = [request]
        while left:
            part = left.pop()
            answer = self._answer(part)
            action = classify.action(answer)
            if action is Action.BISECT and len(part.rows) > 1:
                self._counters.add(bisected=1)
                left.extend(reversed(part.halves()))
            elif action is Action.BISECT:
                refused.append(Refused(part.rows[0][1].index, "invalid", answer.message or answer.code))
            elif action is Action.REJECTED:
                refused.extend(self._rejected(part, answer))
            else:
                self._counters.add(written=len(part.rows))
        return refused

    def _answer(self, request: Request) -> Answer:
        """The first answer that is final."""
        failures = 0
        while True:
            if self._stopped.is_set():
                raise _GaveUp
            answer = self._send(request)
            action = classify.action(answer)
            if action is Action.STOP:
                message = f"{self._describe(request)}: {answer.code}: {answer.message}"
                raise StoreDenied(message)
            if action is not Action.RETRY:
                return answer
            failures += 1
            spent_ms = self._around.clock_ms() - self._started_ms
            delay_ms = self._policy.delay_ms(failures, spent_ms, self._around.random)
            if delay_ms is None:
                message = (
                    f"{self._describe(request)}: {answer.code or answer.status}: {answer.message} "
                    f"after {failures} tries in {spent_ms / 1_000:.1f} s"
                )
                raise StoreUnavailable(message)
            self._counters.add(retried=1, throttled=int(answer.code in THROTTLED))
            self._around.wait(self._stopped, delay_ms)

    def _rejected(self, request: Request, answer: Answer) -> list[Refused]:
        refused = []
        for rejected in answer.rejected:
            row = request.rows[rejected.record_index][1]
            if not classify.already_there(rejected, row.version):
                refused.append(classify.refused(rejected, row.index))
        superseded = len(answer.rejected) - len(refused)
        self._counters.add(superseded=superseded, written=len(request.rows) - len(answer.rejected))
        return refused
