"""What had come when, and whether the playhead ran out of it. Pure.

It is accounted for from request to request, so that little of what came has to be remembered.
"""

from beacon_job.sessions.estimate.state import MAX_ASKED, NOWHERE, Asked, Requests, Track

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
    # A try that was given up may be logged to end long after the one that came.
    asked.end_ms = end_ms if came else max(asked.end_ms, end_ms)
    asked.came, asked.refused = came, refused


def has_just_come(track: Track, at_ms: int) -> bool:
    """Whether a segment came right before."""
    return any(asked.came and at_ms - JUST_CAME_MS <= asked.end_ms <= at_ms for asked in track.asked)


def account(requests: Requests, lag_ms: int, until_ms: int) -> None:
    """Add, for each track, how long until then a playhead with this lag had nothing to play while more was
    being asked for."""
    for track in requests.tracks.values():
        dry_ms, from_ms = _dry(track, lag_ms, requests.accounted_ms, until_ms)
        if dry_ms:
            track.dry_from_ms = track.dry_from_ms if track.dry_ms else from_ms
            if track.dry_ms == track.dry_marked_ms:
                track.dry_later_ms = from_ms
            track.dry_ms += dry_ms
    requests.accounted_ms = until_ms


def dryness(requests: Requests) -> tuple[int, int]:
    """For how long some track ran dry since `restart`, and from when."""
    found = [(track.dry_ms, track.dry_from_ms) for track in requests.tracks.values()]
    return max(found, default=(0, 0))


def mark(requests: Requests) -> None:
    """Remember how things stand, for `restart`."""
    for track in requests.tracks.values():
        track.dry_marked_ms = track.dry_ms


def restart(requests: Requests) -> None:
    """Account anew from what was last marked on."""
    for track in requests.tracks.values():
        if track.dry_marked_ms:
            track.dry_ms -= track.dry_marked_ms
            track.dry_from_ms, track.dry_marked_ms = track.dry_later_ms, 0


def _dry(track: Track, lag_ms: int, since_ms: int, until_ms: int) -> tuple[int, int]:
    needed_ms = until_ms - lag_ms
    for asked in reversed(track.asked):  # nearly always there is enough
        if asked.reach_ms >= needed_ms and asked.came and asked.end_ms <= since_ms:
            return 0, 0
    came = sorted((asked.end_ms, asked.reach_ms) for asked in track.asked if asked.came)
    reach_ms = max([track.came_ms, *(reach for end_ms, reach in came if end_ms <= since_ms)])
    if reach_ms == NOWHERE:
        return 0, 0
    later = [(end_ms, reach) for end_ms, reach in came if since_ms < end_ms < until_ms]
    total_ms, began_ms = 0, 0
    for end_ms, reach in [*later, (until_ms, reach_ms)]:
        from_ms = max(since_ms, lag_ms + reach_ms)
        if end_ms > from_ms and (asked_ms := _asked(track, from_ms, end_ms)):
            began_ms = began_ms if total_ms else from_ms
            total_ms += asked_ms
        reach_ms = max(reach_ms, reach)
        since_ms = max(since_ms, end_ms)
    return total_ms, began_ms


def _asked(track: Track, from_ms: int, until_ms: int) -> int:
    """How long something was being asked for meanwhile: what does not come is asked for until it does."""
    total_ms = 0
    for asked in track.asked:
        is_open = not asked.came and asked is track.asked[-1]
        end_ms = until_ms if is_open else min(asked.end_ms, until_ms)
        total_ms += max(0, end_ms - max(asked.asked_ms, from_ms))
    return min(total_ms, until_ms - from_ms)
