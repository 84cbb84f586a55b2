"""How many viewers watched or waited in a bucket of time, as far as their players let it be known.

As a session row has it (`truth.py`), a viewer counts until the last word that arrived, and what the dialect
hides is left out.
"""

from collections.abc import Iterable, Sequence

from local.viewers.script import Kind
from local.viewers.session import Session

TOLD_BY = {
    Kind.STARTUP: {"startup_ms", "waited_ms"},
    Kind.PLAY: {"play_ms"},
    Kind.STALL: {"stall_ms"},
    Kind.SEEK: {"seek_ms"},
}
"""What counts as watching, and the figures of a session row that tell it."""


def watching(sessions: Iterable[Session], buckets: Sequence[int], length_ms: int) -> dict[int, float]:
    """Average number of viewers in each of the buckets (server time // `length_ms`)."""
    watched_ms = dict.fromkeys(buckets, 0)
    for session in sessions:
        stretches = _stretches(session)
        for bucket in buckets:
            from_ms, until_ms = bucket * length_ms, (bucket + 1) * length_ms
            watched_ms[bucket] += sum(
                max(0, min(until_ms, end) - max(from_ms, start)) for start, end in stretches
            )
    return {bucket: ms / length_ms for bucket, ms in watched_ms.items()}


def _stretches(session: Session) -> list[tuple[int, int]]:
    """From when to when the viewer watched, server time."""
    truth = session.truth()
    hidden = set(truth.unobservable)
    return [
        (session.start_ms + interval.start_ms, min(truth.heard_ms, session.start_ms + interval.end_ms))
        for interval in session.script.intervals
        if interval.kind in TOLD_BY and not TOLD_BY[interval.kind] & hidden
    ]
