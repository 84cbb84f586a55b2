"""Sends requests, several at once, until each record is written or refused. Knows no HTTP and no AWS."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import random

from beacon_job.stores.counters import Counters
from beacon_job.stores.retry import RetryPolicy
from beacon_job.stores.store import Refused, StoreDenied, StoreFailed, StoreUnavailable
from beacon_job.stores.timestream import answers
from beacon_job.stores.timestream.answers import STOPS, Action, Answer
from beacon_job.stores.timestream.requests import Request


def monotonic_ms() -> float:
    """The clock that budgets and latencies are measured with."""
    return time.monotonic() * 1_000


@dataclass(frozen=True)
class Surroundings:
    """What submitting depends on besides its input; tests put in their own."""

    clock_ms: Callable[[], float] = monotonic_ms
    random: Callable[[], float] = random
    wait: Callable[[threading.Event, float], object] = lambda stop, ms: stop.wait(ms / 1_000)
    """Waits so many ms, or until the event is set."""


REAL = Surroundings()


class Submitter:
    """`send` makes one try and never raises for what network or service did: that is in its Answer.

    `describe` names the table of a request, for the message of a stop.
    """

    def __init__(
        self,
        send: Callable[[Request], Answer],
        describe: Callable[[Request], str],
        connections: int,
        policy: RetryPolicy,
        counters: Counters,
        around: Surroundings = REAL,
    ) -> None:
        self._send = send
        self._describe = describe
        self._policy = policy
        self._counters = counters
        self._around = around
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="store")

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()

    def submit(self, requests: Sequence[Request]) -> list[Refused]:
        """Send all; what was refused. Raises StoreFailed, and then nothing of it is under way any more."""
        stop = threading.Event()
        if len(requests) == 1:
            return self._deliver(requests[0], stop)
        futures = [self._threads.submit(self._deliver, request, stop) for request in requests]
        failures = [failure for future in futures if (failure := future.exception())]
        if failures:
            # The cause, not one of those that gave up because of it.
            raise next((failure for failure in failures if not isinstance(failure, _GaveUp)), failures[0])
        return [item for future in futures for item in future.result()]

    def _deliver(self, request: Request, stop: threading.Event) -> list[Refused]:
        """Send one request, or the halves of it, until each record is written or refused.

        When one request of a batch fails, `stop` makes the others give up.
        """
        refused: list[Refused] = []
        parts = [request]
        try:
            while parts:
                part = parts.pop()
                answer, action = self._final_answer(part, stop)
                if action is Action.WRITTEN:
                    self._counters.add(written=len(part.rows))
                elif action is Action.REJECTED:
                    refused.extend(self._rejected(part, answer))
                elif len(part.rows) > 1:
                    self._counters.add(bisected=1)
                    parts.extend(part.halves())
                else:
                    refused.append(answers.invalid(answer, part.rows[0][1].index))
        except BaseException:
            stop.set()
            raise
        return refused

    def _final_answer(self, request: Request, stop: threading.Event) -> tuple[Answer, Action]:
        """Try until there is an answer that trying again would not change: written, rejected or bisect."""
        started_ms = self._around.clock_ms()
        failures = 0
        while not stop.is_set():
            answer = self._send(request)
            action = answers.action(answer, len(request.rows))
            if action is Action.STOP:
                message = f"{self._message(request, answer)} ({STOPS[answer.code]})"
                raise StoreDenied(message)
            if action is not Action.RETRY:
                return answer, action
            failures += 1
            spent_ms = self._around.clock_ms() - started_ms
            delay_ms = self._policy.delay_ms(failures, spent_ms, self._around.random)
            if delay_ms is None:
                tried = f"{failures} tries in {spent_ms / 1_000:.1f} s"
                message = f"after {tried}: {self._message(request, answer)}"
                raise StoreUnavailable(message)
            self._counters.add(retried=1, throttled=int(answers.throttled(answer)))
            self._around.wait(stop, delay_ms)
        raise _GaveUp

    def _message(self, request: Request, answer: Answer) -> str:
        return (
            f"{self._describe(request)} cannot be written: {answer.code or answer.status}: {answer.message}"
        )

    def _rejected(self, request: Request, answer: Answer) -> list[Refused]:
        # Of a record that was sent alone the index says nothing; see `answers.action`.
        alone = len(request.rows) == 1
        rejected = {0 if alone else item.record_index: item for item in answer.rejected}
        refused = []
        for position, item in rejected.items():
            row = request.rows[position][1]
            if not answers.already_there(item, row.version):
                refused.append(Refused(row.index, answers.REJECTED, item.reason))
        self._counters.add(superseded=len(rejected) - len(refused), written=len(request.rows) - len(rejected))
        return refused


class _GaveUp(StoreFailed):
    """Another request of the same batch failed."""
