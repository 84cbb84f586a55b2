"""The time of one view: its clock, and how stretches of it are counted. Pure.

A view does one thing at a time (`View.mode`, since `View.entered`). What it did is entered as stretches;
together they cover the time from the request to play, or from the first movement where the request is
unobservable, to the last fact, without gap or overlap.
"""

from beacon_job.sessions.facts import RECV, TS, Fact
from beacon_job.sessions.players import rules
from beacon_job.sessions.players.profile import PLAIN, Profile
from beacon_job.sessions.players.registry import bit
from beacon_job.sessions.results import ledger as slices
from beacon_job.sessions.results.ledger import Ledger
from beacon_job.sessions.results.unobservable import PAUSED_SEEK
from beacon_job.sessions.state import (
    BUFFERED,
    ENDED,
    FAILED,
    IDLE,
    PAUSE,
    PLAY,
    SEEK,
    STALL,
    STARTUP,
    UNKNOWN,
    View,
)

OPEN_MAX_MS = 300_000
"""A stretch that may still turn out to be something else is entered after this."""

LEAP_MS = 65 * 60_000
"""No two facts of one view lie further apart (a pause ends after an hour); a clock that says so was set."""


class ViewTime:
    """A view and the ledger that its time goes to."""

    __slots__ = ("ledger", "profile", "view")

    def __init__(self, view: View, ledger: Ledger, profile: Profile = PLAIN) -> None:
        self.view = view
        self.ledger = ledger
        self.profile = profile

    def begin(self, fact: Fact, offset_ms: int) -> None:
        """The first fact of the view; `offset_ms` is added to the client's clock to place it in server
        time."""
        view = self.view
        view.start = view.seen = view.since = view.entered = fact[TS]
        view.ahead = max(fact[TS] - fact[RECV], -offset_ms)

    def clock(self, fact: Fact) -> int:
        """The fact's time on the view's own, monotone clock: a clock that was set costs no time."""
        view = self.view
        ts = fact[TS] + view.shift
        seen = view.seen
        if ts < seen:
            if seen - ts > rules.STEP_MS:
                view.shift += seen - ts
                view.clock_steps += 1
            return seen
        ahead = fact[TS] - fact[RECV]
        if ahead > view.ahead:
            if ahead > view.ahead + rules.AHEAD_MS:
                view.ahead = ahead
                return self._step_back(ts)
            view.ahead = ahead
        return self._step_back(ts) if ts - seen > LEAP_MS else ts

    def _step_back(self, ts: int) -> int:
        view = self.view
        view.shift -= ts - view.seen
        view.clock_steps += 1
        return view.seen

    def settle(self, until: int) -> None:
        """Enter the present mode up to `until`."""
        view = self.view
        mode, since = view.mode, view.since
        view.since = until
        self.count(UNKNOWN if mode == BUFFERED else mode, since, until)

    def count(self, mode: int, since: int, until: int) -> None:
        """Enter a stretch."""
        if until <= since or mode == IDLE:
            return
        view = self.view
        took = until - since
        view.sums[mode] += took
        if mode != PLAY:
            self.ledger.stretch(mode, since, until)
            return
        view.media_ms += slices.media_ms(since, until, view.rate)
        if view.kbps >= 0:
            view.bits += view.kbps * took
            view.bits_ms += took
        if view.ad:
            view.ad_ms += took
        if view.hidden:
            view.hidden_ms += took
        self.ledger.stretch(PLAY, since, until, view.kbps, view.rate, view.ad, view.hidden)

    def leave(self, until: int) -> None:
        """End the present mode: enter it, and what it was an instance of."""
        view = self.view
        mode = view.mode
        if mode == STALL:
            self._leave_stall(until)
        elif mode == SEEK and self.profile.seek_hides_pause and view.paused_before:
            self._leave_paused_seek(until)
        elif mode == STARTUP:
            self.count(STARTUP if view.intent >= 0 else IDLE, view.since, until)
        else:
            self.settle(until)
        view.since = view.entered = until

    def switch(self, mode: int, at: int) -> None:
        """Leave the present mode for another."""
        self.leave(at)
        self.view.mode = mode

    def _leave_stall(self, until: int) -> None:
        view = self.view
        if view.stall_counted or rules.is_stall(until - view.entered):
            self._count_stall()
            self.count(STALL, view.since, until)
        else:
            view.quirks |= bit("N24")
            self.count(PLAY, view.since, until)
        view.stall_counted = False

    def _count_stall(self) -> None:
        view = self.view
        if not view.stall_counted:
            view.stalls += 1
            view.stall_counted = True
            self.ledger.mark(slices.STALLS, view.entered)

    def _leave_paused_seek(self, until: int) -> None:
        view = self.view
        hidden = until - view.entered > rules.START_RANGE_MS
        if hidden:
            view.limits |= PAUSED_SEEK
            view.quirks |= bit("N07")
        self.count(UNKNOWN if hidden else SEEK, view.since, until)

    def tidy(self) -> None:
        """Enter what can no longer turn out to be something else, so that little stays open."""
        view = self.view
        mode, seen = view.mode, view.seen
        if mode in (PLAY, ENDED, FAILED, UNKNOWN) or (mode == SEEK and not view.paused_before):
            self.settle(seen)
        elif mode == PAUSE:
            if not rules.is_end_bounce(seen - view.entered):
                self.settle(seen)
        elif mode in (STALL, BUFFERED) or (mode == STARTUP and view.intent >= 0):
            old = seen - OPEN_MAX_MS
            if old > view.since:
                if mode == STALL:
                    self._count_stall()
                self.settle(old)
