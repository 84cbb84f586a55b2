"""Additive sums per 10 s bucket and viewer group, and the rows of the `qoe` table they become. Pure.

A contribution says for which bucket of viewer time it counts (`bucket_ms`) and when it became known
(`emit_ms`, event time). Sums are closed per window of *knowing*, not of happening: once a window is closed
its row never changes, and what becomes known later for the same bucket becomes one more row (a different
sub-second offset). Readers add the rows up. Both times are event time, so a replay closes the same rows with
the same values.
"""

import zlib
from collections.abc import Iterable

import msgspec

from beacon_job.point import Point

WINDOW_MS = 10_000
OTHER = "other"
MAX_OFFSET = 999_999_999
"""A row's sub-second offset in ns: one per window of knowing, so 316 years of corrections fit."""


class Contribution(msgspec.Struct, frozen=True, array_like=True):
    """Something to be added to the sums of one bucket and viewer group."""

    measure_name: str
    bucket_ms: int
    emit_ms: int
    group: tuple[str, ...]
    """Values of the configured group dimensions, in their order."""
    sums: dict[str, int]


class _Row(msgspec.Struct, array_like=True):
    sums: dict[str, int]
    contributions: int = 0


Key = tuple[int, int, str, tuple[str, ...]]
"""(window of knowing, bucket, measure name, group): sorts by the window to close first."""


class RollupState(msgspec.Struct, array_like=True):
    """What is open in one shard of the roll-up."""

    closed_ms: int = 0
    """Windows of knowing that end at or before this are closed."""
    rows: dict[Key, _Row] = {}


class RollupSettings(msgspec.Struct, frozen=True):
    """`dimensions` names the parts of a group; more than `max_groups` per window become `other`."""

    dimensions: tuple[str, ...]
    max_groups: int = 1_000


def shard_of(group: tuple[str, ...], shards: int) -> int:
    """The shard of the roll-up that a viewer group belongs to; stable across processes and versions."""
    return zlib.crc32("\x1f".join(group).encode()) % shards


def add(state: RollupState, contributions: Iterable[Contribution], settings: RollupSettings) -> None:
    """Add contributions to the open windows. What comes for a closed window counts in the next open one."""
    rows = state.rows
    for item in contributions:
        window = max(item.emit_ms, state.closed_ms) // WINDOW_MS * WINDOW_MS
        key: Key = (window, item.bucket_ms, item.measure_name, item.group)
        row = rows.get(key)
        if row is None:
            row = rows[key] = _Row({})
        row.contributions += 1
        sums = row.sums
        for name, value in item.sums.items():
            sums[name] = sums.get(name, 0) + value


def close(state: RollupState, watermark_ms: int, settings: RollupSettings) -> list[Point]:
    """Close every window of knowing that ends at or before the watermark; its rows, in a stable order."""
    until_ms = (watermark_ms + 1) // WINDOW_MS * WINDOW_MS
    if until_ms <= state.closed_ms:
        return []
    state.closed_ms = until_ms
    due = sorted(key for key in state.rows if key[0] < until_ms)
    closing = [(key, state.rows.pop(key)) for key in due]
    return [_point(key, row, settings) for key, row in _cap(closing, settings)]


def _cap(closing: list[tuple[Key, _Row]], settings: RollupSettings) -> list[tuple[Key, _Row]]:
    """Keep the groups that count most in each (window, bucket, measure name); the rest become `other`."""
    sets: dict[tuple[int, int, str], list[tuple[Key, _Row]]] = {}
    for key, row in closing:
        sets.setdefault(key[:3], []).append((key, row))
    kept: list[tuple[Key, _Row]] = []
    for (window, bucket_ms, name), members in sets.items():
        if len(members) > settings.max_groups:
            members.sort(key=lambda member: (-member[1].contributions, member[0]))
            rest = _merge(row for _, row in members[settings.max_groups :])
            members = [*members[: settings.max_groups]]
            members.append(((window, bucket_ms, name, (OTHER,) * len(settings.dimensions)), rest))
        kept.extend(members)
    return kept


def _merge(rows: Iterable[_Row]) -> _Row:
    total = _Row({})
    for row in rows:
        total.contributions += row.contributions
        for name, value in row.sums.items():
            total.sums[name] = total.sums.get(name, 0) + value
    return total


def _point(key: Key, row: _Row, settings: RollupSettings) -> Point:
    window, bucket_ms, measure_name, group = key
    offset = max(0, (window - bucket_ms) // WINDOW_MS) % MAX_OFFSET
    return Point(
        table="qoe",
        measure_name=measure_name,
        time_ns=bucket_ms * 1_000_000 + offset,
        dims={name: value for name, value in zip(settings.dimensions, group, strict=True) if value},
        measures=dict(row.sums),
        version=row.contributions,
    )
