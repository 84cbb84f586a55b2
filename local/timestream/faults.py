"""Faults on demand, so that a client's error handling can be tried: `PUT /faults`, `DELETE /faults`.

A fault answers, or spoils, WriteRecords requests (`access_denied` all operations). Rates are probabilities
per request, `reject` per record. The draws come from one seeded generator: the same requests in the same
order meet the same faults.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from typing import Literal

import msgspec

from local.timestream.rules.errors import ServiceError, access_denied, internal, throttled

Rate = float


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to inject; the body of `PUT /faults`."""

    throttle: Rate = 0.0
    """ThrottlingException; nothing is stored."""
    error_500: Rate = 0.0
    """InternalServerException; nothing is stored."""
    reject: Rate = 0.0
    """This share of the records is refused, with a reason of its own; the others are stored."""
    reset: Rate = 0.0
    """The connection is reset instead of answered."""
    reset_when: Literal["before", "after", "either"] = "either"
    """Before or after the records were stored, or one of the two at random: the client cannot know which."""
    latency_ms: float = 0.0
    jitter_ms: float = 0.0
    """Each request waits latency plus up to this much."""
    access_denied: bool = False
    seconds: float | None = None
    """Clears itself after this time."""
    requests: int | None = None
    """Clears itself after this many requests that it could have struck."""
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("throttle", "error_500", "reject", "reset"):
            if not 0 <= getattr(self, name) <= 1:
                message = f"{name} must be between 0 and 1, found {getattr(self, name)}"
                raise ValueError(message)
        for name in ("latency_ms", "jitter_ms", "seconds", "requests"):
            if (getattr(self, name) or 0) < 0:
                message = f"{name} must not be negative, found {getattr(self, name)}"
                raise ValueError(message)


class Fate(msgspec.Struct, frozen=True):
    """What happens to one request."""

    error: ServiceError | None = None
    delay_s: float = 0.0
    reset: Literal["", "before", "after"] = ""
    rejected: frozenset[int] = frozenset()


class Faults:
    """The plan in force and what it has done so far."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self.injected: Counter[str] = Counter()
        """Times each fault struck since the start; `reject` counts records."""
        self._clock_s = clock_s
        self.set(Plan())

    def set(self, plan: Plan) -> None:
        """Put a plan into force, in place of any other."""
        self._plan = plan
        self._random = random.Random(plan.seed)
        self._left = plan.requests
        self._until_s = None if plan.seconds is None else self._clock_s() + plan.seconds

    def clear(self) -> None:
        """Back to a service without faults."""
        self.set(Plan())

    @property
    def plan(self) -> Plan:
        """The plan in force now; an empty one once its time or its requests are used up."""
        over = self._until_s is not None and self._clock_s() >= self._until_s
        if over or self._left == 0:
            self.clear()
        return self._plan

    def denied(self, operation: str, resource_arn: str) -> ServiceError | None:
        """AccessDeniedException while that fault is on."""
        if not self.plan.access_denied:
            return None
        self._count_down()
        self.injected["access_denied"] += 1
        return access_denied(operation, resource_arn)

    def fate(self, records: int) -> Fate:
        """Decide on one WriteRecords request with this many records."""
        plan, draw = self.plan, self._random.random
        if plan == _NONE:
            return _SPARED
        self._count_down()
        delay_s = (plan.latency_ms + plan.jitter_ms * draw()) / 1000
        chances = {"throttle": plan.throttle, "error_500": plan.error_500, "reset": plan.reset}
        struck = {name for name, chance in chances.items() if draw() < chance}
        early = plan.reset_when == "before" or (plan.reset_when == "either" and draw() < 0.5)
        if "throttle" in struck:
            self.injected["throttle"] += 1
            return Fate(throttled(), delay_s)
        if "error_500" in struck:
            self.injected["error_500"] += 1
            return Fate(internal("An internal error, injected."), delay_s)
        reset: Literal["", "before", "after"] = ""
        if "reset" in struck:
            reset = "before" if early else "after"
            self.injected[f"reset_{reset}"] += 1
        if reset == "before":
            return Fate(None, delay_s, reset)
        rejected = frozenset(index for index in range(records) if plan.reject and draw() < plan.reject)
        self.injected["reject"] += len(rejected)
        return Fate(None, delay_s, reset, rejected)

    def _count_down(self) -> None:
        if self._left is not None:
            self._left -= 1


_NONE = Plan()
_SPARED = Fate()
