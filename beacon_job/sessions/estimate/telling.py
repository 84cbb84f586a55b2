"""The time of a view, told stretch by stretch: waits, play, stalls, pauses, seeks. Pure.

All of it goes through one door that only moves on, so that the stretches add up to the time that passed.
"""

from collections.abc import Iterable
from typing import NamedTuple

from beacon_job.sessions.estimate import lag
from beacon_job.sessions.estimate.state import MAX_RATES, Level, Requests
from beacon_job.sessions.estimate.supply import account, dryness

STOOD_MS = 600
"""A playhead that was not seen to stand at its beginning for this long before it moved may have begun where
its first segment does."""

SURE_MS = 1_000
"""Of a stall no more than this is sure: who waits longer may have paused."""


SLACK_MS = 250

FEW_REQUESTS = 3
"""The times of fewer may have no fractions by chance."""


class Stretch(NamedTuple):
    """Media played, or stalled, from one moment to another, epoch ms."""

    is_stall: bool
    from_ms: int
    until_ms: int
    sure_ms: int
    """What of a stall cannot have been a pause."""


class Teller:
    """Tells the time of a view's requests; play and stalls go to `stretches`."""

    __slots__ = ("requests", "stretches")

    def __init__(self, requests: Requests) -> None:
        self.requests = requests
        self.stretches: list[Stretch] = []

    def media_clock(self, real_ms: int) -> int:
        """A moment on the clock that runs as fast as media is played."""
        requests = self.requests
        passed_ms = real_ms - requests.rate_since_real_ms
        return requests.rate_since_ms + passed_ms * requests.rate_permille // 1_000

    def change_rate(self, real_ms: int, permille: int) -> None:
        """From a moment on media is played at another rate."""
        requests = self.requests
        since_ms = self.media_clock(real_ms)
        before = requests.rate_since_ms, requests.rate_since_real_ms, requests.rate_permille
        requests.earlier_rates = [*requests.earlier_rates, before][-MAX_RATES:]
        requests.rate_since_ms, requests.rate_since_real_ms = since_ms, real_ms
        requests.rate_permille = permille

    def _real(self, at_ms: int) -> int:
        since_ms, since_real_ms, permille = self._rate(at_ms)
        return since_real_ms + (at_ms - since_ms) * 1_000 // permille

    def _rate(self, at_ms: int) -> tuple[int, int, int]:
        """The rate of a moment: what is told late was played at the rate of then."""
        requests = self.requests
        found = requests.rate_since_ms, requests.rate_since_real_ms, requests.rate_permille
        for earlier in reversed(requests.earlier_rates):
            if at_ms >= found[0]:
                break
            found = earlier
        return found

    def levels(self, levels: Iterable[Level], refused_ms: int | None = None) -> None:
        """What some levels in a row show. After `refused_ms` all was refused: a freeze there is a failure."""
        told, requests = list(levels), self.requests
        if not told:
            return
        if not requests.has_moved:
            self._movement(told[0].lag_ms)
        for freeze in lag.freezes(told):
            self.play(freeze.from_ms)
            took_ms = freeze.took_ms * 1_000 // self._rate(freeze.from_ms)[2]
            if refused_ms is not None and freeze.until_ms > refused_ms:
                self.wait(freeze.until_ms)
            elif freeze.is_stall:
                self._stall(took_ms)
            else:
                requests.told_real_ms += took_ms
                requests.pause_ms += took_ms

    def rest(self, until_ms: int, enough_ms: int, *, refused: bool = False) -> None:
        """The time after the last level, which no later request shows: a stall where the playhead must have
        run dry for `enough_ms` at least, and play before it."""
        levels = self.requests.levels
        if not levels or not self.requests.has_moved:
            return
        account(self.requests, levels[-1].lag_ms, until_ms)
        dry_ms, from_ms = dryness(self.requests)
        if dry_ms < enough_ms:
            return
        if not lag.is_known(levels):
            self.requests.hidden_ms += dry_ms
            return
        self.play(from_ms)
        if refused:
            self.wait(until_ms)
        else:
            self._stall(dry_ms * 1_000 // self._rate(from_ms)[2])

    def play(self, until_ms: int) -> None:
        """It played until then."""
        requests = self.requests
        from_ms, until_ms = self._advance(until_ms)
        if until_ms > from_ms:
            requests.play_ms += until_ms - from_ms
            self._give_out(False, from_ms, until_ms, 0)

    def _stall(self, took_ms: int) -> None:
        """From here on it stalled for so long."""
        requests = self.requests
        from_ms = requests.told_real_ms
        requests.told_real_ms += took_ms
        sure_ms = 0 if requests.missing else max(0, min(took_ms - slack_ms(requests), SURE_MS))
        requests.stalls += 1
        requests.stall_ms += took_ms
        requests.stall_sure_ms += sure_ms
        self._give_out(True, from_ms, from_ms + took_ms, sure_ms)

    def wait(self, until_ms: int) -> None:
        """Until then it neither played nor stalled, or nobody knows."""
        self._advance(until_ms)

    def _movement(self, lag_ms: int) -> None:
        """The run's first movement, by the lag of its first level."""
        requests = self.requests
        requests.has_moved = True
        moved_ms = lag_ms + requests.start_position_ms
        if requests.moved_real_ms < 0:
            came_ms = requests.first_came_ms
            earliest_ms = lag_ms + requests.run_position_ms
            if max(came_ms, 0) <= earliest_ms and moved_ms >= requests.still_ms + STOOD_MS:
                moved_ms = earliest_ms
            moved_ms = max(moved_ms, came_ms)
            requests.moved_real_ms = max(0, self._real(moved_ms))
        self.wait(moved_ms)

    def _advance(self, until_ms: int) -> tuple[int, int]:
        requests = self.requests
        from_ms = requests.told_real_ms
        requests.told_real_ms = max(from_ms, self._real(until_ms))
        return from_ms, requests.told_real_ms

    def _give_out(self, is_stall: bool, from_ms: int, until_ms: int, sure_ms: int) -> None:
        origin_ms = self.requests.origin_ms
        self.stretches.append(Stretch(is_stall, origin_ms + from_ms, origin_ms + until_ms, sure_ms))


def slack_ms(requests: Requests) -> int:
    """By how much a freeze may be off."""
    return SLACK_MS + coarse_ms(requests)


def coarse_ms(requests: Requests) -> int:
    """What a clock of whole seconds adds to that."""
    return 0 if requests.has_fractions or requests.media < FEW_REQUESTS else 1_000
