"""What a reported state makes of a view. Pure. One method per state; the table at the end is the state
machine."""

from collections.abc import Callable

from beacon_job.sessions.players import rules
from beacon_job.sessions.players.registry import bit
from beacon_job.sessions.results import ledger as slices
from beacon_job.sessions.results.unobservable import PLAY_OR_PAUSE, UNPROVED_STALL
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
)
from beacon_job.sessions.view.start import ViewStart


class ViewStates(ViewStart):
    """Adds the states after the first movement."""

    __slots__ = ()

    def enter(self, letter: str, ts: int) -> None:
        """A state, by its CMCD letter, was reported."""
        handle = _HANDLERS.get(letter)
        if handle:
            handle(self, ts)

    def rebuffer(self, ts: int) -> None:
        """`r`: waiting for data, or so it says."""
        view = self.view
        mode = view.mode
        if mode == IDLE and view.moved < 0:
            self.load_waits(ts)
        elif mode == STARTUP:
            self.start_waits(ts)
        elif mode == BUFFERED:
            view.limits |= UNPROVED_STALL
        elif mode == SEEK:
            view.quirks |= bit("R14") if self.profile.playing_means_buffered else bit("R01")
        elif mode in (PLAY, UNKNOWN) or (mode == PAUSE and view.moved >= 0):
            # In a pause nothing waits: playback was resumed, and there is nothing to play.
            self.switch(STALL, ts)
            view.stall_buffer = view.buffer
            view.may_be_paused = False

    def wait(self, ts: int) -> None:
        """`w`: as `r`, by another name."""
        before = self.view.quirks
        self.rebuffer(ts)
        self.view.quirks = (self.view.quirks & ~bit("R01")) | (before & bit("R01")) | bit("R10")

    def play(self, ts: int) -> None:
        """`p`: media moves, or so it says."""
        view = self.view
        mode = view.mode
        self.played(ts)
        if view.moved < 0:
            self.first_play(ts)
        elif mode == SEEK:
            self._after_seek(ts)
        elif mode == PAUSE and view.paused_starving and self.profile.playing_means_buffered:
            self.switch(PLAY, ts)
            self._may_be_paused()
        elif mode != PLAY and not (mode == UNKNOWN and view.may_be_paused):
            self.switch(PLAY, ts)
            view.error = -1

    def _after_seek(self, ts: int) -> None:
        view = self.view
        unsure = self.profile.playing_means_buffered and (view.paused_before or view.may_be_paused)
        self.switch(PLAY, ts)
        self.sought(ts)
        if unsure:
            self._may_be_paused()
        else:
            view.error = -1

    def _may_be_paused(self) -> None:
        """N15: what was wanting while it was paused is there, and `p` says only that."""
        view = self.view
        view.quirks |= bit("N15")
        view.limits |= PLAY_OR_PAUSE
        view.may_be_paused = True
        view.mode = UNKNOWN

    def sought(self, ts: int) -> None:
        """A seek is over; a replay after the end is none."""
        view = self.view
        if not view.replay:
            view.seeks += 1
            self.ledger.mark(slices.SEEKS, ts)
        view.replay = view.paused_before = False

    def pause(self, ts: int) -> None:
        """`a`."""
        view = self.view
        mode = view.mode
        if mode == STARTUP:
            if view.intent >= 0:
                self.switch(PAUSE, ts)
        elif mode == ENDED:
            if rules.is_end_bounce(ts - view.entered):
                view.quirks |= bit("N11")
        elif mode in (PLAY, STALL, SEEK, UNKNOWN, BUFFERED):
            if mode == BUFFERED:
                self.had_played(ts)
            self.switch(PAUSE, ts)
            if mode == SEEK:
                # A replay plays at once; who sought back from the end stays where he is.
                view.replay = False
                self.sought(ts)
            view.pauses += 1
            view.paused = ts
            view.paused_starving = mode == STALL
            view.may_be_paused = False
            self.ledger.mark(slices.PAUSES, ts)

    def seek(self, ts: int) -> None:
        """`k`."""
        view = self.view
        mode = view.mode
        if view.moved < 0 or mode in (SEEK, FAILED):
            return
        if mode == STALL and self.profile.nudges and rules.is_nudge(view.buffer, view.stall_buffer):
            view.quirks |= bit("N25")
            return
        self.switch(SEEK, ts)
        view.replay, view.paused_before = mode == ENDED, mode == PAUSE

    def end(self, ts: int) -> None:
        """`e`: the end of media."""
        view = self.view
        if view.mode == BUFFERED:
            self.had_played(ts)
        if view.moved < 0 or view.mode == ENDED:
            return
        self.played(ts)
        if view.mode == PAUSE and rules.is_end_bounce(ts - view.entered):
            # N11: `p a e`. The pause was the end.
            self._no_pause(view.entered)
            view.mode = ENDED
        else:
            seeking = view.mode == SEEK
            if view.mode == PLAY and view.paused >= 0 and rules.is_end_bounce(ts - view.paused):
                # N11: `a p e`, after a seek to the very end.
                self._no_pause(view.paused)
            self.switch(ENDED, ts)
            if seeking:
                self.sought(ts)
        view.ends += 1
        self.ledger.mark(slices.ENDS, ts)

    def _no_pause(self, at: int) -> None:
        """What was counted as a pause belongs to the end."""
        self.view.quirks |= bit("N11")
        self.view.pauses -= 1
        self.view.paused = -1
        self.ledger.mark(slices.PAUSES, at, -1)

    def fail(self, ts: int) -> None:
        """`f`: a fatal error, or, of some players, any error."""
        view = self.view
        if self.profile.failed_means_error:
            view.quirks |= bit("R15")
            if view.error < 0:
                view.error = ts
        elif view.mode not in (FAILED, ENDED):
            seeking = view.mode == SEEK
            self.switch(FAILED, ts)
            if seeking:
                self.sought(ts)

    def leave_page(self, ts: int) -> None:
        """`q`: the viewer is gone. What follows, if it comes back, is not known."""
        view = self.view
        mode = view.mode
        self.leave(ts)
        if mode == SEEK:
            self.sought(ts)
        if view.moved >= 0 and mode != FAILED:
            view.mode = UNKNOWN
        view.quit = True


_HANDLERS: dict[str, Callable[[ViewStates, int], None]] = {
    "s": ViewStates.request,
    "p": ViewStates.play,
    "r": ViewStates.rebuffer,
    "w": ViewStates.wait,
    "k": ViewStates.seek,
    "a": ViewStates.pause,
    "e": ViewStates.end,
    "f": ViewStates.fail,
    "q": ViewStates.leave_page,
    "g": ViewStates.seed_started,
}
"""State -> what it does. `d` (preloading) changes nothing."""
