"""How a view ends: what is still open is counted as it stands, and the outcome is found. Pure."""

from beacon_job.sessions.players import rules
from beacon_job.sessions.players.registry import bit
from beacon_job.sessions.results import ledger as slices
from beacon_job.sessions.results.unobservable import (
    LAST_FREEZE,
    LOST_RECORDS,
    NEVER_PROVED,
    NO_REQUEST,
    NO_STATES,
    OPEN_STALL,
    SEED,
    SILENT_START,
    START_AT_LOAD,
    UNPROVED_PLAY,
    UNPROVED_STALL,
)
from beacon_job.sessions.state import BUFFERED, FAILED, IDLE, SEEK, STALL, STARTUP, UNKNOWN
from beacon_job.sessions.view.states import ViewStates

STALLS_UNKNOWN = LAST_FREEZE | LOST_RECORDS | NO_STATES | OPEN_STALL | SEED | UNPROVED_STALL
"""Limits under which a view's stalls cannot be known."""


class ViewClose(ViewStates):
    """Adds the end."""

    __slots__ = ()

    def close(self, *, over: bool, unstated: bool) -> str:
        """Count what is open; the outcome. `over`: nothing more is expected; `unstated`: no state was ever
        shown."""
        view = self.view
        if unstated:
            view.limits |= NO_STATES
        outcome = self._before_start(over) if view.moved < 0 else self._after_start(over)
        if over:
            self._closing_marks(outcome)
        return outcome

    def _before_start(self, over: bool) -> str:
        view = self.view
        seen = view.seen
        if view.mode == BUFFERED:
            self.settle(seen)
            view.limits |= NEVER_PROVED
            return "unknown"
        if view.mode == FAILED or (over and view.error >= 0):
            return self._start_failed()
        if view.mode == STARTUP and view.intent < 0:
            view.limits |= START_AT_LOAD | NO_REQUEST
        if view.intent < 0:
            return "unknown"
        self.settle(seen)
        if over and self.profile.fails_in_silence and view.downs:
            view.limits |= SILENT_START
            view.quirks |= bit("N02")
            return "unknown"
        return "abandoned" if over else "unknown"

    def _start_failed(self) -> str:
        view = self.view
        if view.mode == STARTUP:
            self.count(STARTUP if view.intent >= 0 else IDLE, view.since, view.error)
            self.count(FAILED, max(view.error, view.since), view.seen)
            view.since = view.seen
        else:
            self.settle(view.seen)
        if view.intent < 0:
            # A load that fails was an attempt, whoever asked for it.
            self.ledger.mark(slices.ATTEMPTS, view.seen)
        return "start_failed"

    def _after_start(self, over: bool) -> str:
        view = self.view
        seen, mode = view.seen, view.mode
        if over and mode == STALL and not view.stall_counted:
            outcome = self._endless_stall()
            if outcome:
                return outcome
        self.leave(seen)
        if mode == SEEK:
            self.sought(seen)
        if view.limits & UNPROVED_PLAY:
            return "unknown"
        if mode == FAILED:
            return "playback_failed"
        if view.limits & NO_STATES and view.errors:
            return "unknown"
        return "ended" if view.ends else "played"

    def _endless_stall(self) -> str:
        """A freeze that never ended: a failure, if an error explains it; unknown, if the player reports
        none."""
        view = self.view
        if rules.starved_by_error(view.error, view.entered):
            view.quirks |= bit("R15") if self.profile.failed_means_error else bit("N04")
            view.mode = FAILED
            self.settle(view.seen)
            return "playback_failed"
        if self.profile.fails_in_silence:
            view.quirks |= bit("N02")
            view.limits |= OPEN_STALL
            view.mode = UNKNOWN
            self.settle(view.seen)
            return "unknown"
        if not rules.is_stall(view.seen - view.entered):
            view.limits |= LAST_FREEZE
        return ""

    def _closing_marks(self, outcome: str) -> None:
        view = self.view
        mark, at = self.ledger.mark, view.seen
        mark(slices.VIEWS_CLOSED, at)
        if outcome == "start_failed":
            mark(slices.VSF, at)
        elif outcome == "playback_failed":
            mark(slices.VPF, at)
        elif view.moved < 0 and view.intent >= 0:
            mark(slices.EBVS, at)
            if view.sums[STARTUP] >= 1_000:
                mark(slices.EBVS_GE1S, at)
        if view.moved >= 0 and not view.limits & STALLS_UNKNOWN:
            mark(slices.VIEWS_STALL_KNOWN, at)
            if not view.stalls:
                mark(slices.VIEWS_STALL_FREE, at)
