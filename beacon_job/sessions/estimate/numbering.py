"""Where a segment lies, by its number: next, asked for again, in another quality, or somewhere else. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from beacon_job.sessions.estimate.state import Asked, Track

SOUGHT_BUFFER_MS = 700
"""Numbers that leap while this much is buffered are lines that the log lost; otherwise the viewer sought."""

BACK = 3
"""A player that fetches segments again, in another quality, goes back by at most this many."""

MAX_STEP = 16
"""Numbers that grow by more are times; numbers that are counted are lost, or sought over, by fewer."""

MAX_REPEATS = 3
"""After so many requests in a row for one segment that had come its name says nothing: each is the next."""


class Place(NamedTuple):
    """Where a segment begins, and how that was come by."""

    from_ms: int
    again: Asked | None = None
    """It was asked for before, and did not come."""
    is_other_quality: bool = False
    is_jump: bool = False
    missing: int = 0
    """Segments before it that nobody was seen to ask for."""


def first_place(tracks: Iterable[Track], segment: int, duration_ms: int) -> int:
    """Where the first segment of a track begins: by its number, where another track counts alike."""
    for other in tracks:
        ahead = segment - other.segment
        is_alike = abs(other.duration_ms - duration_ms) * 10 <= duration_ms
        if is_alike and min(segment, other.segment) >= 0 and abs(ahead) <= MAX_STEP:
            return other.reach_ms + (ahead - 1) * duration_ms
    return 0


def place(track: Track, segment: int, buffer_ms: int, at_ms: int) -> Place:
    """The place of a segment that is asked for; below 0 is a name without a number, -1 no name at all."""
    if not track.segments:
        return Place(track.reach_ms)
    ahead = _ahead(track, segment)
    if ahead == 1:
        return Place(track.reach_ms)
    if ahead == 0:
        if track.asked and not _had_come(track.asked[-1], at_ms):
            return Place(track.reach_ms - track.duration_ms, again=track.asked[-1])
        if track.repeats >= MAX_REPEATS:
            return Place(track.reach_ms)
        return Place(track.reach_ms - track.duration_ms, is_other_quality=True)
    from_ms = track.reach_ms + (ahead - 1) * track.durations_ms // track.segments
    if -BACK <= ahead < 0:
        known = next((asked for asked in track.asked if asked.segment == segment), None)
        if known is not None and not _had_come(known, at_ms):
            return Place(from_ms, again=known)
        if known is not None or buffer_ms >= SOUGHT_BUFFER_MS:
            return Place(from_ms, is_other_quality=True)
    elif ahead > 1 and buffer_ms >= SOUGHT_BUFFER_MS:
        return Place(from_ms, missing=ahead - 1)
    return Place(from_ms, is_jump=True)


def is_blind(track: Track, segment: int) -> bool:
    """Whether the names of a track do not tell where a segment lies: whatever is asked for is the next."""
    return segment < 0 or track.repeats >= MAX_REPEATS


def move(track: Track, segment: int, from_ms: int, duration_ms: int) -> None:
    """The segment is the last that was asked for."""
    grown = segment - track.segment
    if not track.step and track.segments and 0 <= track.segment < segment:
        track.step = 1 if grown <= MAX_STEP else grown
    track.segment = segment
    track.reach_ms, track.duration_ms = from_ms + duration_ms, duration_ms
    track.durations_ms += duration_ms
    track.segments += 1
    if grown:
        track.repeats = 0


def _had_come(asked: Asked, at_ms: int) -> bool:
    """Whether a response came whole: one that goes on while its segment is asked for again was cut off, with
    the status of a success in many logs."""
    return asked.came and asked.end_ms <= at_ms


def _ahead(track: Track, segment: int) -> int:
    """How many segments after the last one it is."""
    if segment == -1:
        return 1
    if segment < 0 or track.segment < 0:  # names without numbers: another one is the next
        return int(segment != track.segment)
    grown = segment - track.segment
    if track.step > 1:
        return round(grown / track.step) or (grown > 0) - (grown < 0)
    return grown if track.step or abs(grown) <= MAX_STEP else 1 if grown > 0 else grown
