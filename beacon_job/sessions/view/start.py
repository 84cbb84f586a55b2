"""How a view starts: what is made of states that are reported before anything has moved. Pure."""

from collections.abc import Callable

from beacon_job.sessions.players import rules
from beacon_job.sessions.players.quirk import Quirk
from beacon_job.sessions.results import ledger
from beacon_job.sessions.results.unobservable import (
    BUTTONS_ONLY,
    PLAY_OR_PAUSE,
    START_UNSEEN,
    UNPROVED_PLAY,
    UNPROVED_STALL,
)
from beacon_job.sessions.state import BUFFERED, FAILED, IDLE, PAUSE, STARTUP, UNKNOWN, View
from beacon_job.sessions.view.first_movement import ask, first_movement, hint_is_wait, load_ms
from beacon_job.sessions.view.stretches import Playback, change, reinterpret


def before_start(playback: Playback, sta: str, at_ms: int) -> None:
    """A state was reported, and nothing has moved yet."""
    view = playback.view
    if sta == "p":
        _playing(playback, at_ms)
    elif sta == "f":
        if view.phase != FAILED:
            change(playback, FAILED, at_ms)
    elif told := _TOLD.get((view.phase, sta)):
        told(playback, at_ms)


def _preloading(playback: Playback, at_ms: int) -> None:
    """It loads, and nothing was asked for."""
    playback.view.load_ms = at_ms


def _starting(playback: Playback, at_ms: int) -> None:
    """Playback was asked for or, of some players, only loaded."""
    view = playback.view
    change(playback, STARTUP, at_ms)
    if playback.profile.starts_at_load:
        view.quirks |= Quirk.STARTING_AT_LOAD
    elif playback.profile.preloads_first and rules.asked_by_load(load_ms(view), at_ms):
        view.quirks |= Quirk.STARTING_BY_LOAD
        reinterpret(view, STARTUP, view.first_ms)
        ask(playback, view.first_ms)
    else:
        ask(playback, at_ms)


def _starting_again(playback: Playback, at_ms: int) -> None:
    change(playback, STARTUP, at_ms)


def _starting_failed(playback: Playback, at_ms: int) -> None:
    """A pending play() speaks after the failure; the request came before it."""
    view = playback.view
    if view.intent_ms < 0:
        view.quirks |= Quirk.STARTING_AFTER_FAILURE
        view.intent_ms = view.phase_began_ms
        playback.ledger.mark(ledger.ATTEMPTS, view.phase_began_ms)


def _load_waits(playback: Playback, at_ms: int) -> None:
    """Waiting before anything was asked for: all that is known is the load."""
    change(playback, STARTUP, at_ms)
    playback.view.load_ms = at_ms
    playback.view.quirks |= Quirk.LOAD_SAYS_REBUFFERING


def _start_waits(playback: Playback, at_ms: int) -> None:
    """Waiting while starting: some players tell so that playback was asked for, and `msd` may tell when."""
    view = playback.view
    view.quirks |= Quirk.WAITING_IS_NOT_A_STALL
    if not playback.profile.waits_when_asked or view.intent_ms >= 0 or view.hint_ms < 0:
        return
    if hint_is_wait(playback, at_ms, view.phase_began_ms):
        view.quirks |= Quirk.STARTUP_HINT_IS_WAIT
        reinterpret(view, STARTUP, at_ms - view.hint_ms)
        view.ready_ms = -1
        ask(playback, at_ms - view.hint_ms)
    elif rules.asked_at_load(view.phase_began_ms, view.hint_ms, view.hinted_ms):
        view.quirks |= Quirk.STARTUP_HINT_IS_WAIT
        ask(playback, view.phase_began_ms)


def _stall_unproved(playback: Playback, at_ms: int) -> None:
    """It waits, after all was buffered: a stall, if it had moved."""
    view = playback.view
    if not view.unobservable & UNPROVED_STALL:
        view.unobservable |= UNPROVED_STALL
        view.waits_ms = at_ms


def _waits_no_more(view: View, at_ms: int) -> None:
    """So short a freeze is no stall, whether it had moved or not."""
    if view.waits_ms >= 0 and not rules.is_stall(at_ms - view.waits_ms):
        view.unobservable &= ~UNPROVED_STALL
        view.quirks |= Quirk.SHORT_FREEZE
    view.waits_ms = -1


def _pause_start(playback: Playback, at_ms: int) -> None:
    if playback.view.intent_ms >= 0:
        change(playback, PAUSE, at_ms)


_TOLD: dict[tuple[int, str], Callable[[Playback, int], None]] = {
    (IDLE, "d"): _preloading,
    (IDLE, "s"): _starting,
    (IDLE, "r"): _load_waits,
    (STARTUP, "r"): _start_waits,
    (STARTUP, "w"): _start_waits,
    (STARTUP, "a"): _pause_start,
    (PAUSE, "s"): _starting_again,
    (FAILED, "s"): _starting_failed,
    (BUFFERED, "r"): _stall_unproved,
    (BUFFERED, "w"): _stall_unproved,
}
"""(phase, state) -> what is made of it; whatever is not here changes nothing."""


def _playing(playback: Playback, at_ms: int) -> None:
    """Media moves, or only the buffer is full."""
    view = playback.view
    _waits_no_more(view, at_ms)
    if not playback.profile.playing_means_buffered or view.hint_ms >= 0:
        first_movement(playback, at_ms)
    elif view.phase != BUFFERED:
        change(playback, BUFFERED, at_ms)
        view.quirks |= Quirk.PLAYING_MEANS_BUFFERED


def had_played(playback: Playback, at_ms: int) -> None:
    """What pauses or ends has played before; since when, nobody knows."""
    view = playback.view
    view.unobservable |= START_UNSEEN | PLAY_OR_PAUSE
    change(playback, UNKNOWN, at_ms)
    view.moved_ms = at_ms
    playback.ledger.mark(ledger.ATTEMPTS, at_ms)
    playback.ledger.mark(ledger.STARTS, at_ms)


def play_pressed(playback: Playback, at_ms: int) -> None:
    """The seed's started: the viewer pressed play. Whether media moves is never said."""
    view = playback.view
    view.unobservable |= BUTTONS_ONLY
    if view.moved_ms < 0:
        change(playback, UNKNOWN, at_ms)
        ask(playback, at_ms)
        view.unobservable |= UNPROVED_PLAY
        view.moved_ms = at_ms
    elif view.phase == PAUSE:
        change(playback, UNKNOWN, at_ms)


def moved(playback: Playback, at_ms: int) -> None:
    """Something shows that media has moved since play was pressed."""
    if playback.view.unobservable & UNPROVED_PLAY:
        playback.view.unobservable &= ~UNPROVED_PLAY
        playback.ledger.mark(ledger.STARTS, at_ms)
