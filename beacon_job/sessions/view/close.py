"""How a view ends: what is still open is counted as it stands, and the outcome is found. Pure."""

from beacon_job.sessions.players import rules
from beacon_job.sessions.players.quirk import Quirk
from beacon_job.sessions.results import ledger
from beacon_job.sessions.results.unobservable import (
    BUTTONS_ONLY,
    LAST_FREEZE,
    LOST_RECORDS,
    NEVER_PROVED,
    NO_REQUEST,
    NO_STATES,
    OPEN_STALL,
    SILENT_START,
    START_AT_LOAD,
    UNPROVED_PLAY,
    UNPROVED_STALL,
)
from beacon_job.sessions.state import BUFFERED, FAILED, IDLE, SEEK, STALL, STARTUP, UNKNOWN
from beacon_job.sessions.view.estimated import close_estimate
from beacon_job.sessions.view.states import end_seek
from beacon_job.sessions.view.stretches import Playback, book, book_as, change

STALLS_UNKNOWN = LAST_FREEZE | LOST_RECORDS | NO_STATES | OPEN_STALL | BUTTONS_ONLY | UNPROVED_STALL
"""Any of these, and the view's stalls cannot be known."""


def is_unheard(playback: Playback) -> bool:
    """Whether this load is one that its player says nothing of."""
    view = playback.view
    return playback.profile.silent_later and view.index > 0 and view.intent_ms < 0 and view.moved_ms < 0


def close(playback: Playback, *, over: bool, told: bool, load_means_play: bool = False) -> str:
    """Count what is open; the outcome. `over`: nothing more is expected; `told`: some change
    of state was ever told."""
    view = playback.view
    if is_unheard(playback):
        view.quirks |= Quirk.SILENT_LATER
        told = False
    if not told:
        view.unobservable |= NO_STATES
        if view.phase == IDLE:
            view.phase = UNKNOWN
            book(playback, view.last_ms)
        close_estimate(playback, over=over, load_means_play=load_means_play)
    outcome = _before_start(playback, over) if view.moved_ms < 0 else _after_start(playback, over)
    if over:
        _count_closed(playback, outcome)
    return outcome


def _before_start(playback: Playback, over: bool) -> str:
    view = playback.view
    if view.phase == BUFFERED:
        book(playback, view.last_ms)
        view.unobservable |= NEVER_PROVED
        return "unknown"
    if view.phase == FAILED or (over and view.error_ms >= 0):
        return _start_failed(playback)
    if view.phase == STARTUP and view.intent_ms < 0:
        view.unobservable |= START_AT_LOAD | NO_REQUEST
    if view.intent_ms < 0:
        return "unknown"
    book(playback, view.last_ms)
    if over and playback.profile.fails_in_silence and view.switches_down:
        view.unobservable |= SILENT_START
        view.quirks |= Quirk.FAILS_IN_SILENCE
        return "unknown"
    return "abandoned" if over else "unknown"


def _start_failed(playback: Playback) -> str:
    view = playback.view
    if view.phase == STARTUP:
        book_as(playback, STARTUP if view.intent_ms >= 0 else IDLE, view.error_ms)
        book_as(playback, FAILED, view.last_ms)
    else:
        book(playback, view.last_ms)
    if view.intent_ms < 0:
        # A load that fails was an attempt, whoever asked for it.
        playback.ledger.mark(ledger.ATTEMPTS, view.last_ms)
    return "start_failed"


def _after_start(playback: Playback, over: bool) -> str:
    view = playback.view
    left = view.phase
    if over and left == STALL and not view.stall_counted:
        outcome = _endless_stall(playback)
        if outcome:
            return outcome
    change(playback, left, view.last_ms)
    if left == SEEK:
        end_seek(playback, view.last_ms)
    if view.unobservable & UNPROVED_PLAY:
        return "unknown"
    if left == FAILED:
        return "playback_failed"
    if view.unobservable & NO_STATES and view.errors:
        return "unknown"
    return "ended" if view.ends else "played"


def _endless_stall(playback: Playback) -> str:
    """A freeze that never ended: a failure, if an error explains it; unknown, if the player reports none."""
    view, profile = playback.view, playback.profile
    if rules.starved_by_error(view.error_ms, view.phase_began_ms):
        view.quirks |= Quirk.FAILED_MEANS_ERROR if profile.failed_means_error else Quirk.GIVES_UP_REBUFFERING
        view.phase = FAILED
        book(playback, view.last_ms)
        return "playback_failed"
    if profile.fails_in_silence:
        view.quirks |= Quirk.FAILS_IN_SILENCE
        view.unobservable |= OPEN_STALL
        view.phase = UNKNOWN
        book(playback, view.last_ms)
        return "unknown"
    if not rules.is_stall(view.last_ms - view.phase_began_ms):
        view.unobservable |= LAST_FREEZE
    return ""


def _count_closed(playback: Playback, outcome: str) -> None:
    view = playback.view
    mark, at_ms = playback.ledger.mark, view.last_ms
    mark(ledger.VIEWS_CLOSED, at_ms)
    if outcome == "start_failed":
        mark(ledger.START_FAILURES, at_ms)
    elif outcome == "playback_failed":
        mark(ledger.PLAYBACK_FAILURES, at_ms)
    elif view.moved_ms < 0 and view.intent_ms >= 0:
        mark(ledger.EXITS_BEFORE_START, at_ms)
        if view.phase_ms[STARTUP] >= 1_000:
            mark(ledger.EXITS_AFTER_1S, at_ms)
    if view.moved_ms >= 0 and not view.unobservable & STALLS_UNKNOWN:
        mark(ledger.VIEWS_STALL_KNOWN, at_ms)
        if not view.stalls:
            mark(ledger.VIEWS_STALL_FREE, at_ms)
