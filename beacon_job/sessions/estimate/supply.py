"""What had come when, and whether the playhead ran out of it. Pure."""

from beacon_job.sessions.estimate.state import MAX_ASKED, NOWHERE, Asked, Level, Requests, Track

DRY_MS = 100
"""The playhead ran dry where nothing was left for this long, while more was being asked for."""

JUST_CAME_MS = 400
"""What came within this before a request may not be in the buffer yet that it tells."""


def note(track: Track, asked: Asked) -> None:
    """Keep what was asked for; the oldest of it only as what had come by then."""
    track.asked.append(asked)
    if len(track.asked) > MAX_ASKED:
        oldest = track.asked.pop(0)
        if oldest.came:
            track.came_ms = max(track.came_ms, oldest.reach_ms)


def answer(asked: Asked, end_ms: int, came: bool, refused: bool) -> None:
    """What was asked for is asked for again, and answered so."""
    asked.end_ms = max(asked.end_ms, end_ms)
    asked.came, asked.refused = came, refused


def has_just_come(track: Track, at_ms: int) -> bool:
    """Whether a segment came right before."""
    return any(asked.came and at_ms - JUST_CAME_MS <= asked.end_ms <= at_ms for asked in track.asked)


def ran_dry(requests: Requests, level: Level, until_ms: int) -> tuple[int, int]:
    """The longest time after a level's last request that the playhead, had it gone on at that level, had
    nothing to play on some track while more was being asked for: how long, and from when."""
    longest = (0, until_ms)
    for track in requests.tracks.values():
        longest = max(longest, _dry(track, level.lag_ms, level.last_ms, until_ms), key=lambda dry: dry[0])
    return longest


def _dry(track: Track, lag_ms: int, since_ms: int, until_ms: int) -> tuple[int, int]:
    came = sorted((asked.end_ms, asked.reach_ms) for asked in track.asked if asked.came)
    reach_ms = max([track.came_ms, *(reach for end_ms, reach in came if end_ms <= since_ms)])
    longest = (0, until_ms)
    if reach_ms == NOWHERE:
        return longest
    later = [(end_ms, reach) for end_ms, reach in came if since_ms < end_ms < until_ms]
    for end_ms, reach in [*later, (until_ms, reach_ms)]:
        from_ms = max(since_ms, lag_ms + reach_ms)
        if end_ms - from_ms > longest[0] and _asks(track, from_ms, end_ms):
            longest = (end_ms - from_ms, from_ms)
        reach_ms = max(reach_ms, reach)
    return longest


def _asks(track: Track, from_ms: int, until_ms: int) -> bool:
    """Whether something was being asked for meanwhile: what does not come is asked for until it does."""
    last = track.asked[-1] if track.asked else None
    return any(
        (until_ms if asked is last and not asked.came else min(asked.end_ms, until_ms))
        - max(asked.asked_ms, from_ms)
        >= DRY_MS
        for asked in track.asked
    )
