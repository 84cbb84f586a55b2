"""What a view does once its player reports a state: a table, and the quirks by which it is not to be taken at
its word. Pure."""

from collections.abc import Callable

from beacon_job.sessions.players import rules
from beacon_job.sessions.players.profile import Profile
from beacon_job.sessions.players.quirk import Quirk
from beacon_job.sessions.results import ledger
from beacon_job.sessions.results.unobservable import PLAY_OR_PAUSE
from beacon_job.sessions.state import (
    BUFFERED,
    ENDED,
    FAILED,
    PAUSE,
    PLAY,
    SEEK,
    STALL,
    UNKNOWN,
    View,
)
from beacon_job.sessions.view.start import before_start, had_played, moved, play_pressed
from beacon_job.sessions.view.stretches import Playback, change

NEXT: dict[int, dict[str, int]] = {
    PLAY: {"r": STALL, "w": STALL, "k": SEEK, "a": PAUSE, "e": ENDED, "f": FAILED},
    STALL: {"p": PLAY, "k": SEEK, "a": PAUSE, "e": ENDED, "f": FAILED},
    SEEK: {"p": PLAY, "a": PAUSE, "e": ENDED, "f": FAILED},
    # In a pause nothing waits: playback was resumed, and there is nothing to play.
    PAUSE: {"p": PLAY, "r": STALL, "w": STALL, "k": SEEK, "e": ENDED, "f": FAILED},
    ENDED: {"s": SEEK, "p": PLAY, "k": SEEK},
    FAILED: {"p": PLAY, "e": ENDED},
    UNKNOWN: {"p": PLAY, "r": STALL, "w": STALL, "k": SEEK, "a": PAUSE, "e": ENDED, "f": FAILED},
}
"""Phase -> state reported after the first movement -> next phase; what is not here changes nothing."""

Why = tuple[int, int]
"""The next phase, and the quirk that explains why it is not the table's (0: it is)."""


def resolve(view: View, profile: Profile, sta: str, at_ms: int) -> Why:
    """What a view that has moved does once its player says `sta`."""
    exception = _EXCEPTIONS.get((view.phase, sta))
    found = exception(view, profile, at_ms) if exception else None
    return found or (NEXT[view.phase].get(sta, view.phase), 0)


def _seek_rebuffers(_view: View, profile: Profile, _at_ms: int) -> Why:
    if profile.playing_means_buffered:
        return SEEK, Quirk.SEEK_SAYS_REBUFFERING_TOO
    return SEEK, Quirk.SEEK_SAYS_REBUFFERING


def _seek_waits(_view: View, _profile: Profile, _at_ms: int) -> Why:
    return SEEK, Quirk.WAITING_IS_NOT_A_STALL


def _stall_nudged(view: View, profile: Profile, _at_ms: int) -> Why | None:
    if profile.nudges and rules.is_nudge(view.buffer_ms, view.stall_buffer_ms):
        return STALL, Quirk.NUDGES
    return None


def _playing_after_seek(view: View, profile: Profile, _at_ms: int) -> Why | None:
    if profile.playing_means_buffered and (view.sought_paused or view.may_be_paused):
        return UNKNOWN, Quirk.PLAYING_IN_A_PAUSE
    return None


def _playing_in_pause(view: View, profile: Profile, _at_ms: int) -> Why | None:
    if profile.playing_means_buffered and view.paused_starving:
        return UNKNOWN, Quirk.PLAYING_IN_A_PAUSE
    return None


def _playing_unknown(view: View, _profile: Profile, _at_ms: int) -> Why | None:
    return (UNKNOWN, 0) if view.may_be_paused else None


def _pause_ends(view: View, _profile: Profile, at_ms: int) -> Why | None:
    """`p a e`: the pause was the end. `a p e`, after a seek to the very end, likewise."""
    if view.paused_ms >= 0 and rules.is_end_bounce(at_ms - view.paused_ms):
        return ENDED, Quirk.END_BOUNCES
    return None


def _end_pauses(view: View, _profile: Profile, at_ms: int) -> Why | None:
    return (ENDED, Quirk.END_BOUNCES) if rules.is_end_bounce(at_ms - view.phase_began_ms) else None


_EXCEPTIONS: dict[tuple[int, str], Callable[[View, Profile, int], Why | None]] = {
    (SEEK, "r"): _seek_rebuffers,
    (SEEK, "w"): _seek_waits,
    (STALL, "k"): _stall_nudged,
    (SEEK, "p"): _playing_after_seek,
    (PAUSE, "p"): _playing_in_pause,
    (UNKNOWN, "p"): _playing_unknown,
    (PAUSE, "e"): _pause_ends,
    (PLAY, "e"): _pause_ends,
    (ENDED, "a"): _end_pauses,
}
"""(phase, state) -> what it is instead of the table's, if this player or this moment says so."""


def enter(playback: Playback, sta: str, at_ms: int) -> None:
    """A state was reported."""
    view = playback.view
    if sta == "g":
        play_pressed(playback, at_ms)
    elif sta == "q":
        _leave_page(playback, at_ms)
    elif sta == "f" and playback.profile.failed_means_error:
        view.quirks |= Quirk.FAILED_MEANS_ERROR
        if view.error_ms < 0:
            view.error_ms = at_ms
    else:
        if sta in ("a", "e") and view.phase == BUFFERED:
            had_played(playback, at_ms)
        if view.moved_ms < 0:
            before_start(playback, sta, at_ms)
        else:
            _after_start(playback, sta, at_ms)


def _after_start(playback: Playback, sta: str, at_ms: int) -> None:
    view = playback.view
    if sta in ("p", "e"):
        moved(playback, at_ms)
    left = view.phase
    phase, why = resolve(view, playback.profile, sta, at_ms)
    view.quirks |= why
    if phase == left:
        return
    if why == Quirk.END_BOUNCES:
        _take_back_pause(playback)
    if why == Quirk.END_BOUNCES and left == PAUSE:
        view.phase = phase
    else:
        change(playback, phase, at_ms)
    if left == SEEK:
        # A replay plays at once; who sought back from the end stays where he is.
        if phase == PAUSE:
            view.replay = False
        end_seek(playback, at_ms)
    _note(playback, left, at_ms)
    if why == Quirk.PLAYING_IN_A_PAUSE:
        # What was wanting while it was paused is there, and `p` says only that.
        view.unobservable |= PLAY_OR_PAUSE
        view.may_be_paused = True


def _note(playback: Playback, left: int, at_ms: int) -> None:
    """What is kept of the phase that begins."""
    view = playback.view
    phase = view.phase
    if phase == PLAY:
        view.error_ms = -1
    elif phase == STALL:
        view.stall_buffer_ms = view.buffer_ms
        view.may_be_paused = False
    elif phase == SEEK:
        view.replay, view.sought_paused = left == ENDED, left == PAUSE
    elif phase == PAUSE:
        view.pauses += 1
        view.paused_ms = at_ms
        view.paused_starving = left == STALL
        view.may_be_paused = False
        playback.ledger.mark(ledger.PAUSES, at_ms)
    elif phase == ENDED:
        view.ends += 1
        playback.ledger.mark(ledger.ENDED_VIEWS, at_ms)


def end_seek(playback: Playback, at_ms: int) -> None:
    """A seek is over; a replay after the end is none."""
    view = playback.view
    if not view.replay:
        view.seeks += 1
        playback.ledger.mark(ledger.SEEKS, at_ms)
    view.replay = view.sought_paused = False


def _take_back_pause(playback: Playback) -> None:
    """What was counted as a pause belongs to the end."""
    view = playback.view
    view.pauses -= 1
    playback.ledger.mark(ledger.PAUSES, view.paused_ms, -1)
    view.paused_ms = -1


def _leave_page(playback: Playback, at_ms: int) -> None:
    """The viewer is gone. What follows, if it comes back, is not known."""
    view = playback.view
    left = view.phase
    change(playback, left if view.moved_ms < 0 or left == FAILED else UNKNOWN, at_ms)
    if left == SEEK:
        end_seek(playback, at_ms)
    view.quit = True
