"""What the sequence numbers and heartbeats of one target show: what is missing of it. Pure."""

from collections.abc import Sequence

from beacon_job.sessions.facts import Fact
from beacon_job.sessions.state import Target

MAX_MISSING = 500
"""Missing numbers that are remembered per target, so that a late one is known from a repetition."""

_MIN_INTERVAL_MS = 500


def missing_before(seq: int, first: int = 0) -> list[int]:
    """The numbers from `first` up to one, as many as are remembered."""
    return list(range(max(first, seq - MAX_MISSING), seq))


def note_gap(target: Target, facts: Sequence[Fact], position: int) -> None:
    """Numbers between the last and that of the fact at a position: a little further on, or lost."""
    name, seq = facts[position].target, facts[position].seq
    first = target.top + 1
    coming = 0
    for fact in facts[position + 1 :] if seq > first else ():
        if fact.target == name and fact.seq < seq:
            if fact.seq < first:
                break  # the numbers start again
            coming += 1
    target.lost += seq - first - coming
    target.missing.extend(missing_before(seq, first))
    del target.missing[:-MAX_MISSING]


def note_beat(target: Target, at_ms: int) -> int:
    """Note a heartbeat; how many can have been lost since the one before."""
    last_ms, target.beat_ms = target.beat_ms, at_ms
    if last_ms < 0:
        return 0
    apart_ms, interval_ms = at_ms - last_ms, target.interval_ms
    if target.lost:
        return max(0, (apart_ms - interval_ms // 2) // interval_ms) if interval_ms else 0
    if apart_ms >= _MIN_INTERVAL_MS and (not interval_ms or apart_ms < interval_ms):
        target.interval_ms = apart_ms
    return 0
