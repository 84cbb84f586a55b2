"""The time of one view: its clock, and the one door through which time is booked. Pure.

A view is in one phase at a time (`View.phase`, since `View.phase_began_ms`). What it did is booked in
stretches; together they cover the time from the request to play, or from the first movement where the request
is unobservable, to the last fact, without gap or overlap.
"""

from beacon_job.sessions.facts import Fact
from beacon_job.sessions.players import rules
from beacon_job.sessions.players.profile import PLAIN, Profile
from beacon_job.sessions.players.quirk import Quirk
from beacon_job.sessions.results import ledger
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

MAX_CHANGES = 100
"""Changes of phase of a view that are remembered for its timeline."""

OPEN_MAX_MS = 300_000
"""A stretch that may still turn out to be something else is booked after this."""

LEAP_MS = 65 * 60_000
"""No two facts of one view lie further apart (a pause ends after an hour); a clock that says so was set."""


class Playback:
    """A view while it is read: the view, the ledger its time goes to, and what is known of its player."""

    __slots__ = ("ledger", "profile", "view")

    def __init__(self, view: View, ledger: ledger.Ledger, profile: Profile = PLAIN) -> None:
        self.view = view
        self.ledger = ledger
        self.profile = profile


def begin(view: View, fact: Fact, offset_ms: int) -> None:
    """The first fact of a view; `offset_ms` is added to the client's clock to place it in server time."""
    view.first_ms = view.last_ms = view.booked_ms = view.phase_began_ms = fact.client_ms
    view.changes, view.switches = [], 0
    view.ahead_ms = max(fact.client_ms - fact.recv_ms, -offset_ms)


def view_time(view: View, fact: Fact) -> int:
    """The fact's time on the view's own, monotone clock: a clock that was set costs no time."""
    now_ms = fact.client_ms + view.shift_ms
    last_ms = view.last_ms
    if now_ms < last_ms:
        if last_ms - now_ms > rules.STEP_MS:
            _step(view, last_ms - now_ms)
        return last_ms
    ahead_ms = fact.client_ms - fact.recv_ms
    if ahead_ms > view.ahead_ms:
        leapt = ahead_ms > view.ahead_ms + rules.AHEAD_MS
        view.ahead_ms = ahead_ms
    else:
        leapt = False
    if leapt or now_ms - last_ms > LEAP_MS:
        _step(view, last_ms - now_ms)
        return last_ms
    return now_ms


def _step(view: View, shift_ms: int) -> None:
    view.shift_ms += shift_ms
    view.clock_steps += 1


def change(playback: Playback, phase: int, at_ms: int) -> None:
    """End the present phase, booked as what it turned out to be, and begin another (or the same anew)."""
    view = playback.view
    ends = view.phase
    if ends == STALL:
        _book_stall(playback, at_ms)
    elif ends == SEEK and view.sought_paused and playback.profile.seek_hides_pause:
        _book_paused_seek(playback, at_ms)
    elif ends != STARTUP or view.intent_ms >= 0:  # before the request it only loaded
        book(playback, at_ms)
    view.phase = phase
    view.phase_began_ms = view.booked_ms = at_ms


def reinterpret(view: View, phase: int, since_ms: int) -> None:
    """What is not booked yet turns out to have been another phase, which is booked from `since_ms` on."""
    view.phase, view.booked_ms = phase, since_ms


def book(playback: Playback, until_ms: int) -> None:
    """Book the present phase up to a moment; it goes on."""
    phase = playback.view.phase
    book_as(playback, UNKNOWN if phase == BUFFERED else phase, until_ms)


def book_as(playback: Playback, phase: int, until_ms: int) -> None:
    """Book what is not booked yet, up to a moment, as time of a phase: the only way to the ledger."""
    view = playback.view
    since_ms = view.booked_ms
    if until_ms <= since_ms:
        return
    view.booked_ms = until_ms
    _note(view, phase, since_ms)
    if phase == IDLE:
        return
    took_ms = until_ms - since_ms
    view.phase_ms[phase] += took_ms
    if phase != PLAY:
        playback.ledger.stretch(view.index, phase, since_ms, until_ms)
        return
    view.media_ms += ledger.media_ms(since_ms, until_ms, view.rate_permille)
    if view.bitrate_kbps >= 0:
        view.bitrate_kbps_ms += view.bitrate_kbps * took_ms
        view.bitrate_known_ms += took_ms
    if view.ad:
        view.ad_ms += took_ms
    if view.hidden:
        view.hidden_ms += took_ms
    playback.ledger.stretch(
        view.index,
        PLAY,
        since_ms,
        until_ms,
        view.bitrate_kbps,
        view.rate_permille,
        view.ad,
        view.hidden,
    )


def _note(view: View, phase: int, since_ms: int) -> None:
    """Remember the change to a phase; beyond the most that are kept, what follows is not known."""
    changes = view.changes
    if changes is None or len(changes) > 2 * MAX_CHANGES or (changes and changes[-2] == phase):
        return
    changes += (UNKNOWN if len(changes) == 2 * MAX_CHANGES else phase, since_ms - view.first_ms)


def _book_stall(playback: Playback, until_ms: int) -> None:
    view = playback.view
    if view.stall_counted or rules.is_stall(until_ms - view.phase_began_ms):
        _count_stall(playback)
        book_as(playback, STALL, until_ms)
    else:
        view.quirks |= Quirk.SHORT_FREEZE
        book_as(playback, PLAY, until_ms)
    view.stall_counted = False


def _count_stall(playback: Playback) -> None:
    view = playback.view
    if not view.stall_counted:
        view.stalls += 1
        view.stall_counted = True
        playback.ledger.mark(ledger.STALLS, view.phase_began_ms)


def _book_paused_seek(playback: Playback, until_ms: int) -> None:
    view = playback.view
    hidden = until_ms - view.phase_began_ms > rules.START_RANGE_MS
    if hidden:
        view.unobservable |= PAUSED_SEEK
        view.quirks |= Quirk.SEEK_HIDES_PAUSE
    book_as(playback, UNKNOWN if hidden else SEEK, until_ms)


def tidy(playback: Playback) -> None:
    """Book what can no longer turn out to be something else, so that little stays open."""
    view = playback.view
    phase, last_ms = view.phase, view.last_ms
    if phase in (PLAY, ENDED, FAILED, UNKNOWN) or (phase == SEEK and not view.sought_paused):
        book(playback, last_ms)
    elif phase == PAUSE:
        if not rules.is_end_bounce(last_ms - view.phase_began_ms):
            book(playback, last_ms)
    elif phase in (STALL, BUFFERED) or (phase == STARTUP and view.intent_ms >= 0):
        old_ms = last_ms - OPEN_MAX_MS
        if old_ms > view.booked_ms:
            if phase == STALL:
                _count_stall(playback)
            book(playback, old_ms)
