"""Additive sums per 10 s bucket and viewer group, and the rows of the `qoe` table they become. Pure.

A contribution says for which bucket of viewer time it counts (`bucket_ms`) and when it became known
(`emit_ms`, event time). Sums are closed per window of *knowing*, not of happening: what becomes known later
for the same bucket becomes one more row (a different sub-second offset). Readers add the rows up. Both times
are event time.

A window closes by the watermark, and that is not the same in a replay: after a crash, records arrive in
another order, and one that was late may be in time. Yet the rows written before the crash stay. So what comes
for a window that is closed is added to the row it belongs to, and the row is written again, whole, with the
number of things it counts as its version. A row only grows: whatever was written of it by whichever attempt,
the complete one wins. That holds for `keep_ms` after a window's end; what comes later than that counts in the
next open window.
"""

from collections import Counter
from collections.abc import Iterable, Mapping

import msgspec

from beacon_job.rollup.settings import RollupSettings
from beacon_job.types.point import Point
from beacon_job.types.sums import WINDOW_MS, Contribution

OTHER = "other"
MAX_OFFSET = 999_999_999
"""A row's sub-second offset in ns: one per window of knowing, so 316 years of corrections fit."""


class Row(msgspec.Struct, array_like=True):
    """The sums of one row and how many things are in them."""

    sums: dict[str, int]
    count: int = 0


Key = tuple[int, int, str, tuple[str, ...]]
"""(window of knowing, bucket, measure name, group): sorts by the window to close first."""


Rows = dict[Key, Row]


class RollupState(msgspec.Struct, array_like=True):
    """What one shard of the roll-up has not written yet."""

    closed_ms: int = 0
    """Windows of knowing that end at or before this are closed."""
    rows: Rows = {}


def add(state: RollupState, contributions: Iterable[Contribution], settings: RollupSettings) -> None:
    """Add contributions to their windows.

    What is known before it happens counts in the window it happens in, what comes for a window that is kept
    no more in the next open one.
    """
    kept_from_ms = state.closed_ms - settings.keep_ms
    for item in contributions:
        window = max(item.emit_ms, item.bucket_ms) // WINDOW_MS * WINDOW_MS
        if window < kept_from_ms:
            window = state.closed_ms
        _grow(state.rows, (window, item.bucket_ms, item.measure_name, item.group), item.sums, item.count)


def due(closed_ms: int, watermark_ms: int) -> bool:
    """Whether the watermark closes a window; only then does `close` have anything to do."""
    return _end_ms(watermark_ms) > closed_ms


def close(state: RollupState, written: Rows, watermark_ms: int, settings: RollupSettings) -> list[Point]:
    """Close every window of knowing that ends at or before the watermark; its rows, in a stable order.

    `written` holds the rows of the windows that are kept, as they were written last. It is brought up to
    date, and those of them that have grown are among the rows given back.
    """
    if not due(state.closed_ms, watermark_ms):
        return []
    state.closed_ms = _end_ms(watermark_ms)
    keys = sorted(key for key in state.rows if key[0] < state.closed_ms)
    changed = _cap([(key, state.rows.pop(key)) for key in keys], written, settings)
    for key, row in changed.items():
        _grow(written, key, row.sums, row.count)
    points = [_point(key, written[key], settings) for key in changed]
    for key in [key for key in written if key[0] < state.closed_ms - settings.keep_ms]:
        del written[key]
    return points


def _end_ms(watermark_ms: int) -> int:
    return (watermark_ms + 1) // WINDOW_MS * WINDOW_MS


def _grow(rows: Rows, key: Key, sums: Mapping[str, int], count: int) -> None:
    row = rows.get(key)
    if row is None:
        row = rows[key] = Row({})
    row.count += count
    held = row.sums
    for name, value in sums.items():
        held[name] = held.get(name, 0) + value


def _cap(closing: list[tuple[Key, Row]], written: Rows, settings: RollupSettings) -> Rows:
    """Keep the groups that count most in each (window, bucket, measure name); the rest become `other`.

    Groups that have a row already keep it.
    """
    other = (OTHER,) * len(settings.dimensions)
    sets: dict[tuple[int, int, str], list[tuple[Key, Row]]] = {}
    for key, row in closing:
        sets.setdefault(key[:3], []).append((key, row))
    taken = Counter(key[:3] for key in written if key[:3] in sets and key[3] != other)
    kept: Rows = {}
    for (window, bucket_ms, name), members in sets.items():
        new = [member for member in members if member[0] not in written]
        free = max(0, settings.max_groups - taken[window, bucket_ms, name])
        beyond: set[Key] = set()
        if len(new) > free:
            new.sort(key=lambda member: (-member[1].count, member[0]))
            beyond = {key for key, _ in new[free:]}
        for key, row in members:
            _grow(kept, (window, bucket_ms, name, other) if key in beyond else key, row.sums, row.count)
    return kept


def window_of(point: Point) -> int:
    """The window of knowing that a row belongs to; the reverse of `_point`, for offsets that did not wrap."""
    bucket_ms, offset = divmod(point.time_ns, 1_000_000)
    return bucket_ms + offset * WINDOW_MS


def _point(key: Key, row: Row, settings: RollupSettings) -> Point:
    window, bucket_ms, measure_name, group = key
    offset = (window - bucket_ms) // WINDOW_MS % MAX_OFFSET
    return Point(
        table="qoe",
        measure_name=measure_name,
        time_ns=bucket_ms * 1_000_000 + offset,
        dims={name: value for name, value in zip(settings.dimensions, group, strict=True) if value},
        measures=dict(row.sums),
        version=row.count,
    )
