"""When to try again: exponential back-off with full jitter, within a budget of time. Pure."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class RetryPolicy:
    """`budget_ms` bounds the tries of one request; keep it well under the checkpoint timeout.

    Full jitter (a delay drawn evenly from 0 to the ceiling) spreads the tries of many subtasks best.
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
