"""The states of one view: what each fact changes, and how stretches of time are counted. Pure.

A view does one thing at a time (`View.mode`). What it did is settled as stretches (mode, from, until); together they
cover the time from the request to play, or from the first movement where the request is unobservable, to the last
fact, without gap or overlap. Quirks of players come in through `Profile` and the rules of `quirks.rules` only.
"""

from beacon_job import slices
from beacon_job.quirks import rules
from beacon_job.quirks.profile import PLAIN, Profile
from beacon_job.quirks.registry import bit
from beacon_job.session_facts import (
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
    RECV,
    SEEK_DONE,
    STATE,
    STATED,
    TS,
    VISIBILITY,
    Fact,
)
from beacon_job.session_state import (
    BUFFERED,
    ENDED,
    FAILED,
    IDLE,
    LOST_RECORDS,
    NEVER_PROVED,
    NO_REQUEST,
    NO_STATES,
    OPEN_STALL,
    PAUSE,
    PAUSED_SEEK,
    PLAY,
    PLAY_OR_PAUSE,
    SEED,
    SEEK,
    SILENT_START,
    STALL,
    START_AFTER_READY,
    START_ASLEEP,
    START_AT_LOAD,
    START_UNSEEN,
    STARTUP,
    UNKNOWN,
    UNPROVED_STALL,
    View,
)
from beacon_job.slices import Mark, Stretch

SLEEP_MS = 45_000
"""Silence, between two facts of a view that should be moving, after which it counts as unknown: the device slept or
the network was gone. Three heartbeats if those are further apart."""

OPEN_MAX_MS = 300_000
"""A stretch that may still turn out to be something else is settled after this."""

LEAP_MS = 2 * 3_600_000
"""No two facts of one view lie further apart; a clock that says so was set."""

PLAYHEAD_SLACK_MS = 250

_PASSING = frozenset({OTHER, BEAT, VISIBILITY})
"""Kinds of facts that carry a state but do not announce it."""

_MODE_LETTERS = {PLAY: "p", STALL: "rw", SEEK: "krw", PAUSE: "a", ENDED: "e", FAILED: "f", STARTUP: "srwkd", IDLE: "d"}


class Timeline:
    """Reads facts into one view; what it settles is collected in `stretches` and `marks`."""

    __slots__ = ("marks", "profile", "stretches", "view")

    def __init__(self, view: View, profile: Profile = PLAIN) -> None:
        self.view = view
        self.profile = profile
        self.stretches: list[Stretch] = []
        self.marks: list[Mark] = []

    # -- time -----------------------------------------------------------------------------------------------------

    def begin(self, fact: Fact, offset_ms: int) -> None:
        """The first fact of the view; `offset_ms` is added to the client's clock to place it in server time."""
        view = self.view
        view.start = view.seen = view.since = fact[TS]
        view.ahead = max(fact[TS] - fact[RECV], -offset_ms)

    def clock(self, fact: Fact) -> int:
        """The fact's time on the view's own, monotone clock."""
        view = self.view
        ts = fact[TS] + view.shift
        if ts < view.seen:
            if view.seen - ts > rules.STEP_MS:
                view.shift += view.seen - ts
                view.clock_steps += 1
            return view.seen
        ahead = fact[TS] - fact[RECV]
        if ahead > view.ahead + rules.AHEAD_MS or ts - view.seen > LEAP_MS:
            view.shift -= ts - view.seen
            view.ahead = max(ahead, view.ahead)
            view.clock_steps += 1
            return view.seen
        if ahead > view.ahead:
            view.ahead = ahead
        return ts

    def settle(self, until: int) -> None:
        """Count the present mode up to `until`."""
        view = self.view
        mode, since = view.mode, view.since
        view.since = until
        if mode == BUFFERED:
            mode = UNKNOWN
        self._count(mode, since, until)

    def _count(self, mode: int, since: int, until: int) -> None:
        if until <= since or mode == IDLE:
            return
        view = self.view
        took = until - since
        view.sums[mode] += took
        if mode == PLAY:
            media = slices.media_ms(since, until, view.rate)
            view.media_ms += media
            if view.kbps >= 0:
                view.bits += view.kbps * took
                view.bits_ms += took
            if view.ad:
                view.ad_ms += took
            if view.hidden:
                view.hidden_ms += took
        self.stretches.append((mode, since, until, view.kbps, view.rate, view.ad, view.hidden))

    def leave(self, until: int) -> None:
        """End the present mode: count it, and what it was an instance of."""
        view = self.view
        mode, since = view.mode, view.since
        if mode == STALL:
            if view.stall_counted or rules.is_stall(until - since):
                if not view.stall_counted:
                    view.stalls += 1
                    self.marks.append((slices.STALLS, since, 1))
                self._count(STALL, since, until)
            else:
                self._count(PLAY, since, until)
            view.stall_counted = False
        elif mode == SEEK and self.profile.seek_hides_pause and view.paused_before:
            if until - since > rules.START_RANGE_MS:
                view.limits |= PAUSED_SEEK
                view.quirks |= bit("N07")
                self._count(UNKNOWN, since, until)
            else:
                self._count(SEEK, since, until)
        elif mode == STARTUP:
            self._count(STARTUP if view.intent >= 0 else IDLE, since, until)
        else:
            self.settle(until)
        view.since = until

    def tidy(self) -> None:
        """Settle what can no longer turn out to be something else, so that little stays open."""
        view = self.view
        mode, seen = view.mode, view.seen
        if mode in (PLAY, ENDED, FAILED, UNKNOWN) or (mode == SEEK and not view.paused_before):
            self.settle(seen)
        elif mode == PAUSE:
            if not rules.is_end_bounce(seen - view.since):
                self.settle(seen)
        elif mode in (STALL, BUFFERED) or (mode == STARTUP and view.intent >= 0):
            settled = seen - OPEN_MAX_MS
            if settled > view.since:
                if mode == STALL and not view.stall_counted:
                    view.stalls += 1
                    view.stall_counted = True
                    self.marks.append((slices.STALLS, view.since, 1))
                self.settle(settled)

    # -- facts ----------------------------------------------------------------------------------------------------

    def read(self, fact: Fact, lost: int, beats: int, quiet_ms: int, stated: bool) -> None:
        """A fact that tells what the view is doing; `lost` records before it are missing, of which `beats` can have
        been heartbeats; silence longer than `quiet_ms` is unknown; `stated`: the session has states at all."""
        view = self.view
        ts = self.clock(fact)
        kind = fact[KIND]
        letter = self._letter(fact)
        if ts - view.seen > quiet_ms and view.mode in (STARTUP, PLAY, STALL, SEEK, BUFFERED):
            self._unknown(ts, asleep=True)
        elif lost and rules.hidden_changes(lost, beats, self._stays(letter)):
            if not self._playhead_proves(fact, ts):
                self._unknown(ts, asleep=False)
        elif letter and kind in _PASSING and view.letter not in ("", letter) and not self._same_mode(letter):
            # A state nobody announced: its change was lost, or is not subscribed to.
            self._unknown(ts, asleep=False)
        if fact[RATE] >= 0 or fact[KBPS] >= 0 or fact[HIDDEN] >= 0:
            self._conditions(fact, ts)
        if kind == ERROR:
            self._error(fact, ts)
        elif kind in (AD_ON, AD_OFF):
            self._advertisement(kind == AD_ON, ts)
        if fact[HINT] >= 0 and view.hint < 0:
            view.hint, view.hint_at = fact[HINT], ts
        if fact[BUFFER] > 0:
            view.fed = True
        if view.hint >= 0 and view.moved < 0 and (self.profile.playing_means_buffered or not stated):
            self._proved(ts, stated)
        if letter and (kind == STATED or letter != view.letter):
            self._enter(letter, ts)
        if letter:
            view.letter = letter
        if view.mode == STARTUP and fact[BUFFER] >= rules.READY_BUFFER_MS and view.ready < 0:
            view.ready = ts
        if fact[DROPPED] >= 0:
            self._dropped(fact[DROPPED], ts)
        if fact[PLAYHEAD] >= 0:
            view.playhead, view.playhead_at = fact[PLAYHEAD], ts
        view.seen = ts

    def _letter(self, fact: Fact) -> str:
        letter = fact[STATE]
        if letter:
            return letter
        kind = fact[KIND]
        if kind == SEEK_DONE and self.view.mode == SEEK:
            return "a" if self.view.paused_before else "p"
        if kind == ERROR and fact[CODE] == 1:
            return "f"
        return ""

    def _stays(self, letter: str) -> bool:
        """Whether nothing happened if nothing was hidden; before the first movement little can be."""
        return not letter or letter == self.view.letter or self.view.moved < 0

    def _same_mode(self, letter: str) -> bool:
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

    def _unknown(self, ts: int, *, asleep: bool) -> None:
        """Nothing is known between the last fact and this one."""
        view = self.view
        if view.moved < 0:
            if view.mode == STARTUP or not asleep:
                view.limits |= START_ASLEEP if asleep else START_UNSEEN
            return
        if not asleep:
            view.limits |= LOST_RECORDS
        mode, stalls = view.mode, view.stalls
        self.leave(view.seen)
        view.mode = UNKNOWN
        self.settle(ts)
        view.mode = mode
        view.stall_counted = mode == STALL and view.stalls > stalls

    def _conditions(self, fact: Fact, ts: int) -> None:
        """Bitrate, rate and visibility: a stretch of play ends where they change."""
        view = self.view
        rate = fact[RATE] if fact[RATE] > 0 else view.rate
        kbps = fact[KBPS] if fact[KBPS] >= 0 else view.kbps
        hidden = bool(fact[HIDDEN]) if fact[HIDDEN] >= 0 and fact[KIND] in (VISIBILITY, BEAT, STATED) else view.hidden
        if (rate, kbps, hidden) == (view.rate, view.kbps, view.hidden):
            return
        if view.mode == PLAY:
            self.settle(ts)
        if kbps < view.kbps and not view.fed and view.moved < 0:
            view.downs += 1
        view.rate, view.kbps, view.hidden = rate, kbps, hidden

    def _advertisement(self, on: bool, ts: int) -> None:
        if self.view.mode == PLAY:
            self.settle(ts)
        self.view.ad = on

    def _error(self, fact: Fact, ts: int) -> None:
        view = self.view
        view.errors += 1
        self.marks.append((slices.ERRORS, ts, 1))
        if view.error < 0:
            view.error = ts

    def _dropped(self, count: int, ts: int) -> None:
        """Counters are absolute; one that falls was reset."""
        view = self.view
        more = count - view.dropped_last if 0 <= view.dropped_last <= count else 0
        view.dropped_last = count
        if more:
            view.dropped += more
            self.marks.append((slices.DROPPED, ts, more))

    # -- states ---------------------------------------------------------------------------------------------------

    def _enter(self, letter: str, ts: int) -> None:
        if letter in ("r", "w"):
            self._rebuffer(letter, ts)
        elif letter == "p":
            self._play(ts)
        elif letter == "a":
            self._pause(ts)
        elif letter == "k":
            self._seek(ts)
        elif letter == "s":
            self._request(ts)
        elif letter == "e":
            self._end(ts)
        elif letter == "f":
            self._fail(ts)
        elif letter == "g":
            self._seed_started(ts)
        elif letter == "q":
            self._quit(ts)

    def _quit(self, ts: int) -> None:
        view = self.view
        mode = view.mode
        self.leave(ts)
        if mode == SEEK:
            self._sought()
        if view.moved >= 0 and mode != FAILED:
            view.mode = UNKNOWN
        view.quit = True

    def _switch(self, mode: int, ts: int) -> None:
        self.leave(ts)
        self.view.mode = mode

    def _request(self, ts: int) -> None:
        view = self.view
        if view.mode == IDLE and view.moved < 0:
            view.mode, view.since = STARTUP, ts
            if self.profile.starts_at_load:
                view.quirks |= bit("N05")
            else:
                self._intent(ts)
        elif view.mode == FAILED and view.moved < 0 and view.intent < 0:
            # N03: a pending play() speaks after the failure; the request came before it.
            view.quirks |= bit("N03")
            view.intent = view.since
            self.marks.append((slices.ATTEMPTS, view.since, 1))
        elif view.mode == PAUSE and view.moved < 0:
            self._switch(STARTUP, ts)
        elif view.mode == ENDED:
            self._switch(SEEK, ts)
            view.replay, view.paused_before = True, False

    def _intent(self, ts: int) -> None:
        view = self.view
        view.intent = ts
        view.hidden_start = view.hidden
        self.marks.append((slices.ATTEMPTS, ts, 1))

    def _rebuffer(self, letter: str, ts: int) -> None:
        view = self.view
        mode = view.mode
        if mode == IDLE and view.moved < 0:
            # Opened without a request: all that is known is the load.
            view.mode, view.since = STARTUP, view.start
            view.quirks |= bit("R12")
        elif mode == STARTUP:
            view.quirks |= bit("R10")
            if view.intent < 0 and self.profile.waits_when_asked:
                self._asked_at_load()
        elif mode == BUFFERED:
            view.limits |= UNPROVED_STALL
        elif mode == SEEK:
            view.quirks |= bit("R01") if letter == "r" else bit("R10")
        elif mode in (PLAY, UNKNOWN):
            self._switch(STALL, ts)
            view.may_be_paused = False

    def _asked_at_load(self) -> None:
        """R07, R10: it waits, so playback was asked for before; and its `msd` clock started with the load."""
        view = self.view
        if view.hint >= 0 and rules.asked_at_load(view.since, view.hint, view.hint_at):
            view.quirks |= bit("R07")
            self._intent(view.since)

    def _play(self, ts: int) -> None:
        view = self.view
        mode = view.mode
        if view.moved < 0:
            if self.profile.playing_means_buffered and view.hint < 0:
                if mode != BUFFERED:
                    view.mode, view.since = BUFFERED, ts
                    view.quirks |= bit("N12")
            else:
                self._first_movement(ts)
            return
        if mode == PLAY:
            return
        if mode == SEEK:
            self._after_seek(ts)
            return
        if view.may_be_paused and mode == UNKNOWN:
            return
        self._switch(PLAY, ts)
        view.error = -1

    def _after_seek(self, ts: int) -> None:
        view = self.view
        paused_before = view.paused_before
        self._switch(PLAY, ts)
        self._sought()
        if self.profile.playing_means_buffered and (paused_before or view.may_be_paused):
            # N15: `p` after a seek while paused means a full buffer; whether it plays is not said.
            view.quirks |= bit("N15")
            view.limits |= PLAY_OR_PAUSE
            view.may_be_paused = True
            view.mode = UNKNOWN
        else:
            view.error = -1

    def _sought(self) -> None:
        view = self.view
        if not view.replay:
            view.seeks += 1
            self.marks.append((slices.SEEKS, view.since, 1))
        view.replay = view.paused_before = False

    def _first_movement(self, ts: int) -> None:
        view = self.view
        startup: int | None = None
        load_ms = view.since if view.mode == STARTUP and not self.profile.playing_means_buffered else view.start
        if view.intent < 0:
            startup = rules.startup_from_load(load_ms, ts) if view.mode in (STARTUP, BUFFERED) else None
            if startup is None:
                view.limits |= START_AT_LOAD if view.mode in (STARTUP, BUFFERED) else START_UNSEEN
            else:
                view.mode, view.since = STARTUP, load_ms
                self._intent(load_ms)
        elif rules.waited_for_viewer(view.ready, ts):
            view.quirks |= bit("R03")
            view.limits |= START_AFTER_READY
        else:
            startup = ts - view.intent - view.sums[PAUSE]
        if view.limits & (START_ASLEEP | START_UNSEEN):
            startup = None
        if startup is None:
            self._forget_request(ts)
            if view.mode == BUFFERED:
                view.mode = IDLE
        self.leave(ts)
        view.mode, view.since, view.moved = PLAY, ts, ts
        view.error = -1
        self.marks.append((slices.STARTS, ts, 1))
        if startup is not None:
            view.startup = startup
            self._startup_marks(startup, ts)

    def _had_played(self, ts: int) -> None:
        """What pauses or ends has played before, since nobody knows when."""
        view = self.view
        view.limits |= START_UNSEEN | PLAY_OR_PAUSE
        self.leave(ts)
        view.mode, view.moved = UNKNOWN, ts
        self.marks.append((slices.ATTEMPTS, ts, 1))
        self.marks.append((slices.STARTS, ts, 1))

    def _forget_request(self, ts: int) -> None:
        """The request is unobservable: what was counted since is no startup, and the attempt is counted here."""
        view = self.view
        if view.intent >= 0:
            if view.sums[STARTUP]:
                return
            self.marks.append((slices.ATTEMPTS, view.intent, -1))
            view.intent = -1
        self.marks.append((slices.ATTEMPTS, ts, 1))

    def _startup_marks(self, startup: int, ts: int) -> None:
        if self.view.hidden_start:
            self.marks.append((slices.STARTUP_HIDDEN, ts, 1))
            return
        self.marks.append((slices.STARTUP_N, ts, 1))
        self.marks.append((slices.STARTUP_SUM, ts, startup))
        self.marks.append((slices.startup_bucket(startup), ts, 1))

    def _proved(self, ts: int, stated: bool) -> None:
        """`msd` says how long after the load media moved."""
        view = self.view
        if not stated:
            view.limits |= NO_STATES
            view.quirks |= bit("N01") | bit("R13")
            view.mode, view.since = BUFFERED, view.start
            self._first_movement(rules.first_movement(view.start, view.start, view.hint, ts))
            view.mode = UNKNOWN
        elif view.mode == BUFFERED:
            view.quirks |= bit("R13")
            self._first_movement(rules.first_movement(view.since, view.start, view.hint, ts))

    def _pause(self, ts: int) -> None:
        view = self.view
        mode = view.mode
        if mode == STARTUP:
            if view.intent >= 0:
                self._switch(PAUSE, ts)
        elif mode == BUFFERED:
            self._had_played(ts)
            self._switch(PAUSE, ts)
            self._paused(ts)
        elif mode == SEEK:
            self._switch(PAUSE, ts)
            self._sought()
            self._paused(ts)
        elif mode in (PLAY, STALL, UNKNOWN):
            self._switch(PAUSE, ts)
            self._paused(ts)
        elif mode == ENDED and rules.is_end_bounce(ts - view.since):
            view.quirks |= bit("N11")

    def _paused(self, ts: int) -> None:
        self.view.pauses += 1
        self.view.may_be_paused = False
        self.marks.append((slices.PAUSES, ts, 1))

    def _seek(self, ts: int) -> None:
        view = self.view
        mode = view.mode
        if view.moved < 0 or mode in (SEEK, FAILED):
            return
        paused = mode == PAUSE
        self._switch(SEEK, ts)
        view.replay, view.paused_before = mode == ENDED, paused

    def _end(self, ts: int) -> None:
        view = self.view
        if view.mode == BUFFERED:
            self._had_played(ts)
        if view.moved < 0 or view.mode == ENDED:
            return
        if view.mode == PAUSE and rules.is_end_bounce(ts - view.since):
            # N11: `p a e`. The pause was the end.
            view.quirks |= bit("N11")
            view.pauses -= 1
            self.marks.append((slices.PAUSES, view.since, -1))
            view.mode = ENDED
        else:
            seeking = view.mode == SEEK
            self._switch(ENDED, ts)
            if seeking:
                self._sought()
        view.ends += 1
        self.marks.append((slices.ENDS, ts, 1))

    def _fail(self, ts: int) -> None:
        view = self.view
        if self.profile.failed_means_error:
            view.quirks |= bit("R15")
            if view.error < 0:
                view.error = ts
            return
        if view.mode in (FAILED, ENDED):
            return
        if view.mode == IDLE:
            view.since = ts
        seeking = view.mode == SEEK
        self._switch(FAILED, ts)
        if seeking:
            self._sought()

    def _seed_started(self, ts: int) -> None:
        """The seed's started: the viewer pressed play. Whether media moves is never said."""
        view = self.view
        view.limits |= SEED
        if view.moved < 0:
            self._intent(ts)
            view.moved = ts
            view.mode, view.since = UNKNOWN, ts
            self.marks.append((slices.STARTS, ts, 1))
        elif view.mode == PAUSE:
            self._switch(UNKNOWN, ts)

    # -- the end --------------------------------------------------------------------------------------------------

    def close(self, *, over: bool, unstated: bool) -> str:
        """Count what is still open, as it stands; the view's outcome. `over`: nothing more is expected; `unstated`:
        the session has shown no state at all."""
        view = self.view
        if unstated:
            view.limits |= NO_STATES
        if view.moved < 0:
            outcome = self._close_before_start(over)
        else:
            outcome = self._close_after_start(over)
        if over:
            self._closing_marks(outcome)
        return outcome

    def _close_before_start(self, over: bool) -> str:
        view = self.view
        seen = view.seen
        if view.mode == FAILED:
            self.settle(seen)
            return self._start_failed()
        if view.mode == BUFFERED:
            self.settle(seen)
            view.limits |= NEVER_PROVED
            return "unknown"
        if over and view.error >= 0:
            if view.mode == STARTUP:
                self._count(STARTUP if view.intent >= 0 else IDLE, view.since, view.error)
                self._count(FAILED, view.error, seen)
                view.since = seen
            return self._start_failed()
        if view.intent < 0:
            if view.mode == STARTUP:
                view.limits |= START_AT_LOAD | NO_REQUEST
            return "unknown"
        if view.mode == STARTUP:
            self._count(STARTUP, view.since, seen)
            view.since = seen
        if over and self.profile.fails_in_silence and view.downs:
            view.limits |= SILENT_START
            view.quirks |= bit("N02")
            return "unknown"
        return "abandoned" if over else "unknown"

    def _start_failed(self) -> str:
        view = self.view
        if view.intent < 0:
            self.marks.append((slices.ATTEMPTS, view.seen, 1))
        return "start_failed"

    def _close_after_start(self, over: bool) -> str:
        view = self.view
        seen, mode = view.seen, view.mode
        outcome = "ended" if view.ends else "played"
        if mode == STALL and over and rules.is_stall(seen - view.since) and not view.stall_counted:
            if rules.starved_by_error(view.error, view.since):
                view.quirks |= bit("R15") if self.profile.failed_means_error else bit("N04")
                view.mode = FAILED
                self.settle(seen)
                return "playback_failed"
            if self.profile.fails_in_silence:
                view.quirks |= bit("N02")
                view.limits |= OPEN_STALL
                view.mode = UNKNOWN
                self.settle(seen)
                return "unknown"
        if mode == SEEK:
            self.leave(seen)
            self._sought()
        else:
            self.leave(seen)
        if mode == FAILED:
            return "playback_failed"
        if view.limits & NO_STATES and view.errors:
            return "unknown"
        return outcome

    def _closing_marks(self, outcome: str) -> None:
        view = self.view
        at = view.seen
        marks = self.marks
        marks.append((slices.VIEWS_CLOSED, at, 1))
        if outcome == "start_failed":
            marks.append((slices.VSF, at, 1))
        elif outcome == "playback_failed":
            marks.append((slices.VPF, at, 1))
        elif view.moved < 0 and view.intent >= 0:
            marks.append((slices.EBVS, at, 1))
            if view.sums[STARTUP] >= 1_000:
                marks.append((slices.EBVS_GE1S, at, 1))
        if view.moved >= 0 and not view.limits & STALLS_UNKNOWN:
            marks.append((slices.VIEWS_STALL_KNOWN, at, 1))
            if not view.stalls:
                marks.append((slices.VIEWS_STALL_FREE, at, 1))


STALLS_UNKNOWN = LOST_RECORDS | NO_STATES | OPEN_STALL | SEED | UNPROVED_STALL
"""Limits under which a view's stalls cannot be known."""
