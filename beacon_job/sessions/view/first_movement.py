"""The first movement of a view, and what of its startup can be known. Pure."""

from beacon_job.sessions.players import rules
from beacon_job.sessions.players.quirk import Quirk
from beacon_job.sessions.results import ledger
from beacon_job.sessions.results.histogram import startup_bucket
from beacon_job.sessions.results.unobservable import (
    NO_STATES,
    START_AFTER_READY,
    START_ASLEEP,
    START_AT_LOAD,
    START_UNSEEN,
)
from beacon_job.sessions.state import BUFFERED, IDLE, PLAY, STARTUP, UNKNOWN, View
from beacon_job.sessions.view.stretches import Playback, change, reinterpret


def ask(playback: Playback, at_ms: int) -> None:
    """Playback was asked for: an attempt."""
    view = playback.view
    view.intent_ms = at_ms
    view.hidden_start = view.hidden
    playback.ledger.mark(ledger.ATTEMPTS, at_ms)


def hint_is_wait(playback: Playback, at_ms: int, load_ms: int) -> bool:
    """Whether `msd` came with this very state and is the time since the request; after a pause it would be
    the time since that ended."""
    view = playback.view
    first_told = view.hinted_ms == at_ms and 0 <= view.hint_ms <= at_ms - load_ms
    return playback.profile.hint_is_wait and first_told and view.sta != "a"


def hinted(playback: Playback, at_ms: int, *, stated: bool) -> None:
    """`msd` says how long after the load media moved; `stated`: the session has states at all."""
    view = playback.view
    if not stated:
        view.unobservable |= NO_STATES
        view.quirks |= Quirk.NEVER_A_STATE | Quirk.STARTUP_HINT_SINCE_LOAD
        moved_ms = rules.first_movement(view.first_ms, view.first_ms, view.hint_ms, at_ms)
        reinterpret(view, BUFFERED, view.first_ms)
        view.phase_began_ms = max((ms for ms in view.responses_ms if ms <= moved_ms), default=moved_ms)
        view.responses_ms = []
        first_movement(playback, moved_ms)
        view.phase = UNKNOWN
    elif view.phase == BUFFERED:
        view.quirks |= Quirk.STARTUP_HINT_SINCE_LOAD
        moved_ms = rules.first_movement(view.phase_began_ms, load_ms(view), view.hint_ms, at_ms)
        first_movement(playback, moved_ms)


def load_ms(view: View) -> int:
    """When it loaded: the reporter may have spoken long before."""
    return view.load_ms if view.load_ms >= 0 else view.first_ms


def first_movement(playback: Playback, at_ms: int) -> None:
    """Media moves for the first time."""
    view = playback.view
    startup_ms = _startup(playback, at_ms)
    if startup_ms is None:
        _forget_request(playback, at_ms)
        if view.phase == BUFFERED:
            view.phase = IDLE
    change(playback, PLAY, at_ms)
    view.moved_ms = at_ms
    view.error_ms = -1
    playback.ledger.mark(ledger.STARTS, at_ms)
    if startup_ms is not None:
        view.startup_ms = startup_ms
        _count_startup(playback, startup_ms, at_ms)


def _startup(playback: Playback, at_ms: int) -> int | None:
    """Startup, if all of it was seen; else the reason is noted."""
    view = playback.view
    if view.unobservable & (START_ASLEEP | START_UNSEEN):
        return None
    if view.intent_ms >= 0:
        if rules.waited_for_viewer(view.ready_ms, at_ms):
            view.quirks |= Quirk.WAITED_FOR_VIEWER
            view.unobservable |= START_AFTER_READY
            return None
        return view.phase_ms[STARTUP] + (at_ms - view.booked_ms if view.phase == STARTUP else 0)
    if view.phase not in (STARTUP, BUFFERED) and view.load_ms < 0:
        view.unobservable |= START_UNSEEN
        return None
    loaded_ms = view.phase_began_ms if view.phase == STARTUP else load_ms(view)
    if hint_is_wait(playback, at_ms, loaded_ms):
        view.quirks |= Quirk.STARTUP_HINT_IS_WAIT
        startup_ms: int | None = view.hint_ms
    elif view.phase == BUFFERED and not rules.moved_at_once(view.phase_began_ms, at_ms):
        startup_ms = None
    else:
        startup_ms = rules.startup_from_load(loaded_ms, at_ms)
    if startup_ms is None:
        view.unobservable |= START_AT_LOAD
        return None
    reinterpret(view, STARTUP, at_ms - startup_ms)
    ask(playback, at_ms - startup_ms)
    return startup_ms


def _forget_request(playback: Playback, at_ms: int) -> None:
    """The request is unobservable: what was counted since is no startup, and the attempt counts from here."""
    view = playback.view
    if view.intent_ms >= 0:
        if view.phase_ms[STARTUP]:
            return
        playback.ledger.mark(ledger.ATTEMPTS, view.intent_ms, -1)
        view.intent_ms = -1
    playback.ledger.mark(ledger.ATTEMPTS, at_ms)


def _count_startup(playback: Playback, startup_ms: int, at_ms: int) -> None:
    mark = playback.ledger.mark
    if playback.view.hidden_start:
        mark(ledger.STARTUP_HIDDEN, at_ms)
        return
    mark(ledger.STARTUP_N, at_ms)
    mark(ledger.STARTUP_SUM_MS, at_ms, startup_ms)
    mark(startup_bucket(startup_ms), at_ms)
