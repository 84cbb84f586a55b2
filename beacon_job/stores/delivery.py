"""Requests -> each point written or refused: several at once, tried again, halved. Knows no store.

A store makes the requests and sends one when asked to. What the answer means it says in one of four words:
`Settled`, `TryAgain`, `Halve` or `Stop`.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import random
from typing import Generic, Protocol, Self, TypeVar

import msgspec

from beacon_job.stores.store import Counters, Refused, StoreDenied, StoreFailed, StoreUnavailable


class Request(Protocol):
    """Points of one table that are sent together."""

    def indexes(self) -> Sequence[int]:
        """Their positions in what was given to `write`."""

    def halves(self) -> tuple[Self, Self]:
        """Two requests for the same points, of which there are at least two."""


class Settled(msgspec.Struct, frozen=True):
    """Every point of the request is stored or refused."""

    refused: tuple[Refused, ...] = ()
    superseded: int = 0
    """Points that the store had already, in the same or a newer version."""


class TryAgain(msgspec.Struct, frozen=True):
    """The store was away, overloaded or not to be understood."""

    why: str
    throttled: bool = False
    """Whether it said that we are too fast."""


class Halve(msgspec.Struct, frozen=True):
    """Some point in the request spoils it: halves find which. A request of one point is refused so."""

    kind: str
    why: str


class Stop(msgspec.Struct, frozen=True):
    """Nothing can be written until somebody changes something outside the job: names table and right."""

    why: str


Outcome = Settled | TryAgain | Halve | Stop


class RetryPolicy(msgspec.Struct, frozen=True):
    """When to try again: exponential back-off with full jitter, within a budget of time.

    `budget_ms` bounds the tries of one request; keep it well under the checkpoint timeout. Full jitter (a
    delay drawn evenly from 0 to the ceiling) spreads the tries of many subtasks best.
    """

    budget_ms: int
    base_ms: int = 50
    cap_ms: int = 5_000

    def delay_ms(self, failures: int, spent_ms: float, random: Callable[[], float]) -> float | None:
        """How long to wait after the n-th failure (from 1), `spent_ms` after the first try began.

        None once the budget is spent. The delay never reaches beyond it. `random` gives numbers from 0 to 1.
        """
        left_ms = self.budget_ms - spent_ms
        if left_ms <= 0:
            return None
        # Beyond 2**30 the ceiling is the cap for any sensible base; the exponent must not grow without bound.
        ceiling_ms = min(self.cap_ms, self.base_ms << min(failures - 1, 30))
        return min(random() * ceiling_ms, left_ms)


def monotonic_ms() -> float:
    """The clock that budgets and latencies are measured with."""
    return time.monotonic() * 1_000


@dataclass(frozen=True)
class Surroundings:
    """What delivering depends on besides its input; tests put in their own."""

    clock_ms: Callable[[], float] = monotonic_ms
    random: Callable[[], float] = random
    wait: Callable[[threading.Event, float], object] = lambda stop, ms: stop.wait(ms / 1_000)
    """Waits so many ms, or until the event is set."""


REAL = Surroundings()

R = TypeVar("R", bound=Request)


class Delivery(Generic[R]):
    """`send` makes one try, from any of so many threads; it never raises for what network or store did."""

    def __init__(
        self,
        send: Callable[[R], Outcome],
        connections: int,
        policy: RetryPolicy,
        counters: Counters,
        around: Surroundings = REAL,
    ) -> None:
        self._send = send
        self._policy = policy
        self._counters = counters
        self._around = around
        self._threads = ThreadPoolExecutor(connections, thread_name_prefix="store")

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()

    def deliver(self, requests: Sequence[R], refused: Sequence[Refused] = ()) -> list[Refused]:
        """Send all. What was refused by index, with what was `refused` before anything was sent.

        Raises StoreFailed, and then nothing of it is under way any more.
        """
        found = [*refused, *self._send_all(requests)]
        self._counters.refuse(found)
        return sorted(found, key=lambda item: item.index)

    def _send_all(self, requests: Sequence[R]) -> list[Refused]:
        stop = threading.Event()
        if len(requests) == 1:
            return self._settle(requests[0], stop)
        futures = [self._threads.submit(self._settle, request, stop) for request in requests]
        failures = [failure for future in futures if (failure := future.exception())]
        if failures:
            # The cause, not one of those that gave up because of it.
            raise next((failure for failure in failures if not isinstance(failure, _GaveUp)), failures[0])
        return [item for future in futures for item in future.result()]

    def _settle(self, request: R, stop: threading.Event) -> list[Refused]:
        """Send one request, or the halves of it, until each point is written or refused.

        When one request of a batch fails, `stop` makes the others give up.
        """
        refused: list[Refused] = []
        parts = [request]
        try:
            while parts:
                part = parts.pop()
                indexes = part.indexes()
                outcome = self._final_outcome(part, stop)
                if isinstance(outcome, Settled):
                    refused.extend(outcome.refused)
                    written = len(indexes) - len(outcome.refused) - outcome.superseded
                    self._counters.add(written=written, superseded=outcome.superseded)
                elif len(indexes) > 1:
                    self._counters.add(bisected=1)
                    parts.extend(part.halves())
                else:
                    refused.append(Refused(indexes[0], outcome.kind, outcome.why))
        except BaseException:
            stop.set()
            raise
        return refused

    def _final_outcome(self, request: R, stop: threading.Event) -> Settled | Halve:
        """Try until there is an answer that trying again would not change."""
        started_ms = self._around.clock_ms()
        failures = 0
        while not stop.is_set():
            outcome = self._send(request)
            if isinstance(outcome, Stop):
                raise StoreDenied(outcome.why)
            if not isinstance(outcome, TryAgain):
                return outcome
            failures += 1
            spent_ms = self._around.clock_ms() - started_ms
            delay_ms = self._policy.delay_ms(failures, spent_ms, self._around.random)
            if delay_ms is None:
                message = f"after {failures} tries in {spent_ms / 1_000:.1f} s: {outcome.why}"
                raise StoreUnavailable(message)
            self._counters.add(retried=1, throttled=int(outcome.throttled))
            self._around.wait(stop, delay_ms)
        raise _GaveUp


class _GaveUp(StoreFailed):
    """Another request of the same batch failed."""
