"""Reads the facts of one view in their order: what each says beside its state, and what lies between two.
Pure."""

from beacon_job.sessions.facts import (
    AD_OFF,
    AD_ON,
    BEAT,
    BUFFER,
    CODE,
    DROPPED,
    ERROR,
    HIDDEN,
    HINT,
    KBPS,
    KIND,
    OTHER,
    PLAYHEAD,
    RATE,
    SEEK_DONE,
    STATE,
    STATED,
    VISIBILITY,
    Fact,
)
from beacon_job.sessions.players import rules
from beacon_job.sessions.players.registry import bit
from beacon_job.sessions.results import ledger as slices
from beacon_job.sessions.results.unobservable import LOST_RECORDS, START_ASLEEP, START_UNSEEN, UNPROVED_PLAY
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
from beacon_job.sessions.view.close import ViewClose

SLEEP_MS = 45_000
"""Silence, between two facts of a view that should be moving, after which it counts as unknown: the device
slept or the network was gone. Three heartbeats if those are further apart."""

PLAYHEAD_SLACK_MS = 250

_PASSING = frozenset({OTHER, BEAT, VISIBILITY})
"""Kinds of facts that carry a state but do not announce it."""

_MOVING = frozenset({STARTUP, PLAY, STALL, SEEK, BUFFERED})

_MODE_LETTERS = {
    PLAY: "p",
    STALL: "rw",
    SEEK: "krw",
    PAUSE: "a",
    ENDED: "ea",
    FAILED: "f",
    STARTUP: "srwkd",
    IDLE: "d",
}
"""States that a view may report in passing while it does this."""


class Timeline(ViewClose):
    """The whole machine of one view."""

    __slots__ = ()

    def read(self, fact: Fact, lost: int, beats: int, quiet_ms: int, stated: bool) -> None:
        """A fact that tells what the view is doing.

        `lost` records before it are missing, of which `beats` can have been heartbeats; silence longer than
        `quiet_ms` is unknown; `stated`: the session has states at all.
        """
        view = self.view
        ts = self.clock(fact)
        kind = fact[KIND]
        letter = fact[STATE]
        if not letter and kind in (SEEK_DONE, ERROR):
            letter = self._implied(fact)
        known = view.letter
        if ts - view.seen > quiet_ms and view.mode in _MOVING:
            self._unknown(ts, asleep=True)
        elif lost:
            stays = not letter or letter == known or view.moved < 0
            if rules.hidden_changes(lost, beats, stays) and not self._playhead_proves(fact, ts):
                self._unknown(ts, asleep=False)
        elif letter != known and letter and known and kind in _PASSING and not self._fits(letter):
            # A state nobody announced: its change was lost, or is not subscribed to.
            self._unknown(ts, asleep=False)
        self._conditions(fact, ts)
        if kind == ERROR:
            self._error(ts)
        elif kind in (AD_ON, AD_OFF):
            self._advertisement(kind == AD_ON, ts)
        if view.moved < 0:
            self._starting(fact, ts, stated)
        if fact[BUFFER] >= 0:
            view.buffer = fact[BUFFER]
        if letter:
            if kind == STATED or letter != known:
                self.enter(letter, ts)
            view.letter = letter
        if fact[BUFFER] >= rules.READY_BUFFER_MS and view.mode == STARTUP and view.ready < 0:
            view.ready = ts
        if fact[DROPPED] >= 0:
            self._dropped(fact[DROPPED], ts)
        if fact[PLAYHEAD] >= 0:
            if view.limits & UNPROVED_PLAY and self._playhead_moved(fact, letter, ts):
                self.played(ts)
            view.playhead, view.playhead_at = fact[PLAYHEAD], ts
        view.seen = ts

    def _implied(self, fact: Fact) -> str:
        """The state of a record that carries none, as far as its event implies one."""
        kind = fact[KIND]
        if kind == SEEK_DONE and self.view.mode == SEEK:
            return "a" if self.view.paused_before else "p"
        return "f" if kind == ERROR and fact[CODE] == 1 else ""

    def _fits(self, letter: str) -> bool:
        if letter == "f" and self.profile.failed_means_error:
            return True
        return letter in _MODE_LETTERS.get(self.view.mode, "")

    def _playhead_proves(self, fact: Fact, ts: int) -> bool:
        """Whether the playhead shows that the view played all the time since it was last seen."""
        view = self.view
        if view.mode != PLAY or fact[PLAYHEAD] < 0 or view.playhead < 0:
            return False
        advanced = fact[PLAYHEAD] - view.playhead
        return abs(advanced - slices.media_ms(view.playhead_at, ts, view.rate)) <= PLAYHEAD_SLACK_MS

    def _playhead_moved(self, fact: Fact, letter: str, ts: int) -> bool:
        """Whether the playhead went on, since it was last seen, as it does when media plays."""
        view = self.view
        if letter == "k" or fact[KIND] == SEEK_DONE or view.playhead < 0:
            return False
        advanced = fact[PLAYHEAD] - view.playhead
        most = slices.media_ms(view.playhead_at, ts, view.rate) + PLAYHEAD_SLACK_MS
        return PLAYHEAD_SLACK_MS <= advanced <= most

    def _unknown(self, ts: int, *, asleep: bool) -> None:
        """Nothing is known between the last fact and this one."""
        view = self.view
        if view.moved < 0:
            if view.mode == STARTUP or not asleep:
                view.limits |= START_ASLEEP if asleep else START_UNSEEN
            if view.mode in (STARTUP, BUFFERED) and not asleep:
                # It may have moved, and frozen, meanwhile.
                view.limits |= LOST_RECORDS
            return
        if not asleep:
            view.limits |= LOST_RECORDS
            view.quirks |= bit("R23")
        mode, entered, stalls = view.mode, view.entered, view.stalls
        self.leave(view.seen)
        view.mode = UNKNOWN
        self.leave(ts)
        view.mode = mode
        if mode == PAUSE:
            view.entered = entered
        view.stall_counted = mode == STALL and view.stalls > stalls

    def _starting(self, fact: Fact, ts: int, stated: bool) -> None:
        """What matters before the first movement only."""
        view = self.view
        if fact[BUFFER] > 0:
            view.fed = True
        if fact[HINT] >= 0 and view.hint < 0:
            view.hint, view.hint_at = fact[HINT], ts
        if view.hint >= 0 and (self.profile.playing_means_buffered or not stated):
            self.proved(ts, stated)

    def _conditions(self, fact: Fact, ts: int) -> None:
        """Bitrate, rate and visibility: a stretch of play ends where they change."""
        view = self.view
        rate, kbps, hidden = fact[RATE], fact[KBPS], fact[HIDDEN]
        new_rate = rate > 0 and rate != view.rate
        new_kbps = kbps >= 0 and kbps != view.kbps
        new_hidden = hidden >= 0 and bool(hidden) != view.hidden
        if not (new_rate or new_kbps or new_hidden):
            return
        if view.mode == PLAY:
            self.settle(ts)
        if new_rate:
            view.rate = rate
        if new_hidden:
            view.hidden = bool(hidden)
        if new_kbps:
            if kbps < view.kbps and not view.fed and view.moved < 0:
                view.downs += 1
            view.kbps = kbps

    def _advertisement(self, on: bool, ts: int) -> None:
        if self.view.mode == PLAY:
            self.settle(ts)
        self.view.ad = on

    def _error(self, ts: int) -> None:
        view = self.view
        view.errors += 1
        self.ledger.mark(slices.ERRORS, ts)
        if view.error < 0:
            view.error = ts

    def _dropped(self, count: int, ts: int) -> None:
        """Counters are absolute; one that falls was reset."""
        view = self.view
        more = count - view.dropped_last if 0 <= view.dropped_last <= count else 0
        view.dropped_last = count
        if more:
            view.dropped += more
            self.ledger.mark(slices.DROPPED, ts, more)
