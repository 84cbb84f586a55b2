"""A made-up player: it fetches segments over a made-up network, plays, stalls and is paused.

Its requests are logged, and what it did is known to 20 ms."""

import random
from collections.abc import Sequence
from typing import NamedTuple

from beacon_job.sessions.estimate.reading import Request, read
from beacon_job.sessions.estimate.result import Estimate, estimate_of
from beacon_job.sessions.estimate.state import Requests

ORIGIN_MS = 1_800_000_000_123
TICK_MS = 20
EMPTY_MS = 50
RESUME_MS = 500
"""It goes on with so much buffered, or with all there is."""


class Session(NamedTuple):
    """The log of a session, and what the playhead did."""

    requests: list[Request]
    moved_ms: int
    """First movement; -1: none."""
    stalls: list[tuple[int, int]]
    """(from, how long)."""
    play_ms: int
    end_ms: int


def estimated(requests: Sequence[Request]) -> Estimate:
    """What some requests tell, which is enough for an estimate."""
    kept = Requests()
    for request in requests:
        read(kept, request)
    estimate = estimate_of(kept)
    assert isinstance(estimate, Estimate), estimate
    return estimate


class _Track:
    def __init__(self, kind: int, duration_ms: int, takes_ms: Sequence[int]) -> None:
        self.kind, self.duration_ms, self.takes_ms = kind, duration_ms, takes_ms
        self.segment, self.due_ms, self.buffered_ms = 0, -1, 0

    def reach_ms(self) -> int:
        return self.segment * self.duration_ms - (self.duration_ms if self.due_ms >= 0 else 0)


def watch(
    takes_ms: Sequence[int],
    *,
    video_ms: int = 2_000,
    audio_ms: int = 2_000,
    goal_ms: int = 10_000,
    click_ms: int = 0,
    pauses: Sequence[tuple[int, int]] = (),
    lasts_ms: int = 60_000,
) -> Session:
    """A session; the n-th segment of each type takes `takes_ms[n]` (the last stands for all that follow)."""
    tracks = [_Track(1, video_ms, takes_ms), _Track(2, audio_ms, takes_ms)]
    requests: list[Request] = []
    stalls: list[tuple[int, int]] = []
    position_ms, play_ms, moved_ms, stalled_ms = 0, 0, -1, -1
    for now_ms in range(0, lasts_ms, TICK_MS):
        for track in tracks:
            if 0 <= track.due_ms <= now_ms:
                track.due_ms = -1
            ahead_ms = track.reach_ms() - position_ms
            if track.due_ms < 0 and ahead_ms < goal_ms:
                takes = track.takes_ms[min(track.segment, len(track.takes_ms) - 1)]
                track.segment += 1
                track.due_ms = now_ms + takes
                told_ms = max(0, ahead_ms) // 100 * 100
                requests.append(
                    Request(
                        now_ms,
                        now_ms + takes,
                        track.kind,
                        track.segment,
                        track.duration_ms,
                        told_ms,
                        1_000,
                        200,
                    )
                )
        ahead_ms = min(track.reach_ms() for track in tracks) - position_ms
        paused = now_ms < click_ms or any(begin <= now_ms < begin + took for begin, took in pauses)
        waits = moved_ms < 0 or stalled_ms >= 0
        moves = not paused and ahead_ms >= (RESUME_MS if waits else EMPTY_MS)
        if moves:
            if stalled_ms >= 0:
                stalls.append((stalled_ms, now_ms - stalled_ms))
            moved_ms = now_ms if moved_ms < 0 else moved_ms
            stalled_ms = -1
            position_ms += TICK_MS
            play_ms += TICK_MS
        elif moved_ms >= 0 and not paused and stalled_ms < 0:
            stalled_ms = now_ms
    if stalled_ms >= 0:
        stalls.append((stalled_ms, lasts_ms - stalled_ms))
    cut = [
        r._replace(end_ms=min(r.end_ms, lasts_ms), status=200 if r.end_ms <= lasts_ms else 499)
        for r in requests
    ]
    return Session(cut, moved_ms, stalls, play_ms, lasts_ms)


def made_up(seed: int) -> Session:
    """A session of a player over a network on which some segments come late."""
    chance = random.Random(seed)
    segment_ms = chance.choice([1_000, 2_000, 4_000])
    goal_ms = chance.choice([6_000, 10_000, 30_000])
    takes = [chance.randint(20, segment_ms // 4) for _ in range(60)]
    for _ in range(chance.randint(0, 2)):
        takes[chance.randint(8, 40)] = goal_ms + chance.randint(1_500, 6_000)
    pauses = [(chance.randint(5_000, 30_000), 3_000)] if chance.random() < 0.3 else []
    return watch(
        takes, video_ms=segment_ms, audio_ms=segment_ms, goal_ms=goal_ms, pauses=pauses, lasts_ms=45_000
    )


def placed(session: Session) -> list[Request]:
    """Its requests in their order, at some time of day."""
    return sorted(
        request._replace(start_ms=request.start_ms + ORIGIN_MS, end_ms=request.end_ms + ORIGIN_MS)
        for request in session.requests
    )
