"""How many viewers watched or waited in a bucket of time, as far as their players let it be known.

As a session row has it (`truth.py`), a viewer counts until the last word that arrived, and what the dialect
hides is left out.
"""

from collections.abc import Iterable

from local.viewers.script import Kind
from local.viewers.session import Session

TOLD_BY = {
    Kind.STARTUP: {"startup_ms", "waited_ms"},
    Kind.PLAY: {"play_ms"},
    Kind.STALL: {"stall_ms"},
    Kind.SEEK: {"seek_ms"},
}
"""What counts as watching, and the figures of a session row that tell it."""


def watching(sessions: Iterable[Session], from_ms: int, length_ms: int) -> float:
    """Average number of viewers in the bucket that begins at `from_ms`, server time."""
    until_ms = from_ms + length_ms
    return sum(_watched_ms(session, from_ms, until_ms) for session in sessions) / length_ms


def _watched_ms(session: Session, from_ms: int, until_ms: int) -> int:
    start_ms = session.start_ms
    if start_ms >= until_ms or start_ms + session.script.leave_ms <= from_ms:
        return 0
    truth = session.truth()
    until_ms, hidden = min(until_ms, truth.heard_ms), set(truth.unobservable)
    return sum(
        max(0, min(until_ms, start_ms + interval.end_ms) - max(from_ms, start_ms + interval.start_ms))
        for interval in session.script.intervals
        if interval.kind in TOLD_BY and not TOLD_BY[interval.kind] & hidden
    )
