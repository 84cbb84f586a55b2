"""How a view starts: the request to play, the first movement, and what of it can be known. Pure."""

from beacon_job.sessions.players import rules
from beacon_job.sessions.players.registry import bit
from beacon_job.sessions.results import ledger as slices
from beacon_job.sessions.results.histogram import startup_bucket
from beacon_job.sessions.results.unobservable import (
    NO_STATES,
    PLAY_OR_PAUSE,
    SEED,
    START_AFTER_READY,
    START_ASLEEP,
    START_AT_LOAD,
    START_UNSEEN,
    UNPROVED_PLAY,
)
from beacon_job.sessions.state import BUFFERED, ENDED, FAILED, IDLE, PAUSE, PLAY, SEEK, STARTUP, UNKNOWN
from beacon_job.sessions.view.stretches import ViewTime


class ViewStart(ViewTime):
    """Adds the way from load to first movement."""

    __slots__ = ()

    def request(self, ts: int) -> None:
        """`s`: playback was asked for, or, of some players, only loaded."""
        view = self.view
        mode = view.mode
        if mode == IDLE and view.moved < 0:
            view.mode, view.since, view.entered = STARTUP, ts, ts
            if self.profile.starts_at_load:
                view.quirks |= bit("N05")
            else:
                self._ask(ts)
        elif mode == FAILED and view.moved < 0 and view.intent < 0:
            # N03: a pending play() speaks after the failure; the request came before it.
            view.quirks |= bit("N03")
            view.intent = view.entered
            self.ledger.mark(slices.ATTEMPTS, view.entered)
        elif mode == PAUSE and view.moved < 0:
            self.switch(STARTUP, ts)
        elif mode == ENDED:
            self.switch(SEEK, ts)
            view.replay, view.paused_before = True, False

    def _ask(self, ts: int) -> None:
        view = self.view
        view.intent = ts
        view.hidden_start = view.hidden
        self.ledger.mark(slices.ATTEMPTS, ts)

    def load_waits(self, ts: int) -> None:
        """`r` before anything was asked for: all that is known is the load (R12)."""
        view = self.view
        view.mode, view.since, view.entered, view.loaded = STARTUP, ts, ts, ts
        view.quirks |= bit("R12")

    def start_waits(self, ts: int) -> None:
        """`r` or `w` while starting. R07, R10: playback was asked for, and `msd` may tell when."""
        view = self.view
        view.quirks |= bit("R10")
        if not self.profile.waits_when_asked or view.intent >= 0 or view.hint < 0:
            return
        if self._hint_is_wait(ts, view.entered):
            view.quirks |= bit("R07")
            view.since, view.ready = ts - view.hint, -1
            self._ask(view.since)
        elif rules.asked_at_load(view.entered, view.hint, view.hint_at):
            view.quirks |= bit("R07")
            self._ask(view.entered)

    def _hint_is_wait(self, ts: int, load_ms: int) -> bool:
        """Whether `msd` came with this very state and is the time since the request; after a pause it would
        be the time since that ended."""
        view = self.view
        first_told = view.hint_at == ts and 0 <= view.hint <= ts - load_ms
        return self.profile.hint_is_wait and first_told and view.letter != "a"

    def first_play(self, ts: int) -> None:
        """`p` before the first movement."""
        view = self.view
        if not self.profile.playing_means_buffered or view.hint >= 0:
            self._first_movement(ts)
        elif view.mode != BUFFERED:
            view.mode, view.since, view.entered = BUFFERED, ts, ts
            view.quirks |= bit("N12")

    def proved(self, ts: int, stated: bool) -> None:
        """`msd` says how long after the load media moved."""
        view = self.view
        if not stated:
            view.limits |= NO_STATES
            view.quirks |= bit("N01") | bit("R13")
            view.mode, view.since, view.entered = BUFFERED, view.start, view.start
            self._first_movement(rules.first_movement(view.start, view.start, view.hint, ts))
            view.mode = UNKNOWN
        elif view.mode == BUFFERED:
            view.quirks |= bit("R13")
            self._first_movement(rules.first_movement(view.entered, self._load_ms(), view.hint, ts))

    def _load_ms(self) -> int:
        """When it loaded: the reporter may have spoken long before."""
        return self.view.loaded if self.view.loaded >= 0 else self.view.start

    def _first_movement(self, ts: int) -> None:
        view = self.view
        startup = self._startup(ts)
        if startup is None:
            self._forget_request(ts)
            if view.mode == BUFFERED:
                view.mode = IDLE
        self.leave(ts)
        view.mode, view.since, view.entered, view.moved = PLAY, ts, ts, ts
        view.error = -1
        self.ledger.mark(slices.STARTS, ts)
        if startup is not None:
            view.startup = startup
            self._enter_startup(startup, ts)

    def _startup(self, ts: int) -> int | None:
        """Startup, if all of it was seen; else the reason is noted."""
        view = self.view
        if view.limits & (START_ASLEEP | START_UNSEEN):
            return None
        if view.intent >= 0:
            if rules.waited_for_viewer(view.ready, ts):
                view.quirks |= bit("R03")
                view.limits |= START_AFTER_READY
                return None
            return view.sums[STARTUP] + (ts - view.since if view.mode == STARTUP else 0)
        if view.mode not in (STARTUP, BUFFERED):
            view.limits |= START_UNSEEN
            return None
        load_ms = view.entered if view.mode == STARTUP else self._load_ms()
        if self._hint_is_wait(ts, load_ms):
            view.quirks |= bit("R07")
            startup: int | None = view.hint
        else:
            startup = rules.startup_from_load(load_ms, ts)
        if startup is None:
            view.limits |= START_AT_LOAD
            return None
        view.mode, view.since = STARTUP, ts - startup
        self._ask(ts - startup)
        return startup

    def _forget_request(self, ts: int) -> None:
        """The request is unobservable: what was counted since is no startup, and the attempt counts from
        here."""
        view = self.view
        if view.intent >= 0:
            if view.sums[STARTUP]:
                return
            self.ledger.mark(slices.ATTEMPTS, view.intent, -1)
            view.intent = -1
        self.ledger.mark(slices.ATTEMPTS, ts)

    def _enter_startup(self, startup: int, ts: int) -> None:
        if self.view.hidden_start:
            self.ledger.mark(slices.STARTUP_HIDDEN, ts)
            return
        self.ledger.mark(slices.STARTUP_N, ts)
        self.ledger.mark(slices.STARTUP_SUM, ts, startup)
        self.ledger.mark(startup_bucket(startup), ts)

    def had_played(self, ts: int) -> None:
        """What pauses or ends has played before; since when, nobody knows."""
        view = self.view
        view.limits |= START_UNSEEN | PLAY_OR_PAUSE
        self.leave(ts)
        view.mode, view.moved = UNKNOWN, ts
        self.ledger.mark(slices.ATTEMPTS, ts)
        self.ledger.mark(slices.STARTS, ts)

    def seed_started(self, ts: int) -> None:
        """The seed's started: the viewer pressed play. Whether media moves is never said."""
        view = self.view
        view.limits |= SEED
        if view.moved < 0:
            self._ask(ts)
            view.limits |= UNPROVED_PLAY
            view.mode, view.since, view.entered, view.moved = UNKNOWN, ts, ts, ts
        elif view.mode == PAUSE:
            self.switch(UNKNOWN, ts)

    def played(self, ts: int) -> None:
        """Something shows that media has moved since play was pressed."""
        view = self.view
        if view.limits & UNPROVED_PLAY:
            view.limits &= ~UNPROVED_PLAY
            self.ledger.mark(slices.STARTS, ts)
