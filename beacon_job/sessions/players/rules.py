"""The rules that tell a player's lie from the truth, each a small pure function. Times in ms of one
client's clock."""

STALL_MIN_MS = 250
"""A stall is a freeze of at least this; a shorter one counts as play. Players report some of the shorter
ones and not others, so that their number says nothing."""

END_BOUNCE_MS = 100
"""A pause this short before the end, or an `a` this soon after it, belongs to the end."""

LEAVING_MS = 1_000
"""What is said in passing this soon after the viewer left was seen before: as a page goes, its player tells
that it is hidden, still with the state of a moment ago, and may do so behind the word that ended the view."""

START_RANGE_MS = 500
"""Where only the load is known, the request lies somewhere between load and first movement. If that range is
no longer than this, all of it counts as startup; otherwise startup is unobservable."""

SAME_MOMENT_MS = 200
"""Two clocks of one player that started this close together started with the same event."""

AT_ONCE_MS = 100
"""What happens within this of another thing happened because of it."""

READY_MS = 600
READY_BUFFER_MS = 4_000
"""A player that has this much buffer and still does not move for READY_MS waits for its viewer."""

ERROR_REACH_MS = 120_000
"""An error can starve playback as long as the buffer lasts; players buffer up to two minutes."""

STEP_MS = 2_000
"""A client's clock that goes back by more than this, against the sequence numbers, was set."""

AHEAD_MS = 60_000
"""A client's clock that runs ahead of arrival by this much more than at first was set."""


def is_stall(freeze_ms: int) -> bool:
    """Whether a reported rebuffering counts."""
    return freeze_ms >= STALL_MIN_MS


def is_end_bounce(apart_ms: int) -> bool:
    """Whether pause and end so close together are one end of media."""
    return apart_ms <= END_BOUNCE_MS


def first_movement(buffered_ms: int, load_ms: int, hint_ms: int, now_ms: int) -> int:
    """When media moved for a player whose `p` only means a full buffer: load + `msd`, yet not before `p`."""
    return min(now_ms, max(buffered_ms, load_ms + hint_ms))


def startup_from_load(load_ms: int, moved_ms: int) -> int | None:
    """Startup of a player that tells the load only; None when the request could
    be anywhere."""
    range_ms = moved_ms - load_ms
    return range_ms if 0 <= range_ms <= START_RANGE_MS else None


def moved_at_once(ready_ms: int, moved_ms: int) -> bool:
    """Whether media moved as soon as it could, so that it had been asked to before."""
    return moved_ms - ready_ms <= AT_ONCE_MS


def asked_by_load(load_ms: int, asked_ms: int) -> bool:
    """Whether a request so soon after the load was made by it."""
    return 0 <= asked_ms - load_ms <= AT_ONCE_MS


def asked_at_load(load_ms: int, hint_ms: int, hinted_ms: int) -> bool:
    """Whether the clock of `msd`, which starts with the request, started with the load."""
    return abs(hinted_ms - hint_ms - load_ms) <= SAME_MOMENT_MS


def waited_for_viewer(ready_ms: int, moved_ms: int) -> bool:
    """Whether a full buffer stood idle before the first movement (refused autoplay leaves
    `s` standing)."""
    return ready_ms >= 0 and moved_ms - ready_ms > READY_MS


def is_nudge(buffer_ms: int, buffer_at_stall_ms: int) -> bool:
    """Whether a seek within a stall is the player's own: it gets over a gap only once media has come,
    and then tells another buffer than when it froze."""
    return buffer_ms > 0 and buffer_ms != buffer_at_stall_ms


def starved_by_error(error_ms: int, frozen_ms: int) -> bool:
    """Whether an error explains a freeze that never ended."""
    return error_ms >= 0 and frozen_ms - error_ms <= ERROR_REACH_MS


def hidden_changes(lost: int, beats: int, same_state: bool) -> bool:
    """Whether lost records may hide a change of state: `beats` of them can have been heartbeats. It takes two
    records to leave a state and come back, one to hide a state between two others."""
    extra = lost - beats
    return extra >= (2 if same_state else 1)
