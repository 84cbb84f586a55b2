"""The lag of the playhead, fitted: levels that only rise (isotonic least squares), and the freezes between
them. Pure."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec

from beacon_job.sessions.estimate.state import Level, Requests, Sample

RISE_MS = 200
"""The playhead stood still where its lag rose by this at least; players round what they tell to 100 ms."""

DRY_MS = 100
"""The playhead ran dry where nothing was left for this long, while more was being asked for."""

BEFORE_THE_END_MS = 350
"""Players stop a little before the end of what is buffered."""

FALL_MS = 400
"""A lag that falls by more: the viewer sought ahead within the buffer."""

SLACK_MS = 300
"""A lag cannot rise by more than the time that passed, and this: the viewer sought back within the buffer."""

EMPTY_MS = 150
"""A buffer that is as good as empty: who only pauses keeps theirs."""

SETTLE_MS = 1_000
"""Lags that still rise a little within this of a freeze belong to it."""

KNOWN_MS = 400

SAME_MS = 500
"""Freezes closer together are one."""


class Freeze(msgspec.Struct):
    """A time that the playhead stood still."""

    is_stall: bool
    from_ms: int
    took_ms: int
    until_ms: int
    """The first request after it."""


def is_spike(requests: Requests, sample: Sample, following: Sample) -> bool:
    """Whether a lag that differs from those before is not confirmed by the next."""
    if not requests.levels:
        return False
    before_ms, lag_ms, next_ms = requests.levels[-1].lag_ms, sample.lag_ms, following.lag_ms
    return (
        abs(lag_ms - before_ms) >= RISE_MS
        and abs(lag_ms - next_ms) >= RISE_MS
        and not before_ms < lag_ms < next_ms
    )


def is_jump(level: Level, sample: Sample) -> bool:
    """Whether the viewer sought, within the buffer, between the level's last request and this one."""
    change_ms = sample.lag_ms - level.lag_ms
    return change_ms < -FALL_MS or change_ms > sample.at_ms - level.last_ms + SLACK_MS


def add(requests: Requests, sample: Sample) -> None:
    """Fit one more lag: a level of its own, joined with those before it that are not lower."""
    levels, at_ms, lag_ms = requests.levels, sample.at_ms, sample.lag_ms
    if not levels:
        levels.append(Level(lag_ms, 1, at_ms, at_ms, at_ms))
        return
    before = levels[-1]
    levels.append(Level(lag_ms, 1, at_ms, at_ms, before.last_ms, *_dry(levels, sample)))
    while len(levels) > 1 and levels[-1].lag_ms <= levels[-2].lag_ms:
        top = levels.pop()
        levels[-1].lags_ms += top.lags_ms
        levels[-1].requests += top.requests
        levels[-1].last_ms = top.last_ms


def _dry(levels: Sequence[Level], sample: Sample) -> tuple[int, int]:
    """How long the playhead had had nothing to play at a sample, by all that it tells, and since when."""
    before = levels[-1]
    rise_ms = sample.lag_ms - before.lag_ms
    ended_ms = sample.dry_from_ms - before.lag_ms
    if sample.dry_ms and sample.at_ms - sample.lag_ms < ended_ms - BEFORE_THE_END_MS:
        return 0, 0  # it had not come to the end of what there was to play
    if sample.buffer_ms <= EMPTY_MS and rise_ms >= RISE_MS and (sample.dry_ms >= DRY_MS or is_known(levels)):
        return max(sample.dry_ms, rise_ms), sample.at_ms - rise_ms
    return sample.dry_ms, sample.dry_from_ms


def is_known(levels: Sequence[Level]) -> bool:
    """Whether the last lag is no chance: requests of some number or time show the same."""
    last = levels[-1]
    alike = [level for level in levels if last.lag_ms - level.lag_ms < RISE_MS]
    return sum(level.requests for level in alike) >= 3 or last.last_ms - alike[0].first_ms >= KNOWN_MS


def freezes(levels: Iterable[Level]) -> list[Freeze]:
    """The freezes between some levels in a row."""
    found: list[Freeze] = []
    for before, level in pairwise(levels):
        rise_ms = level.lag_ms - before.lag_ms
        last = found[-1] if found else None
        if rise_ms < RISE_MS:
            if last and level.first_ms - last.until_ms < SETTLE_MS:
                last.took_ms += rise_ms
            continue
        is_stall = level.dry_ms >= DRY_MS
        # Who plays what has come in part is not dry for so long, nor from then on.
        dried = is_stall and level.dry_ms <= rise_ms + SAME_MS
        begin_ms = level.dry_from_ms if dried else level.first_ms - rise_ms
        begin_ms = max(level.before_ms, min(begin_ms, level.first_ms - rise_ms))
        if last and begin_ms - last.until_ms < SAME_MS and (last.is_stall or not is_stall):
            last.took_ms += rise_ms
            last.until_ms = level.first_ms
            continue
        found.append(Freeze(is_stall, begin_ms, rise_ms, level.first_ms))
    return found


def settled(levels: Sequence[Level]) -> int:
    """How many of the levels can be done with: up to the first that lasted, or the first of all."""
    for index, level in enumerate(levels[1:-1], 1):
        if level.last_ms - level.first_ms >= SETTLE_MS:
            return index
    return 1
