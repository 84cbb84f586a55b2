"""Slices: what a session adds to each 10 s of viewer time. Additive whole numbers, split exactly at every edge. Pure.

A stretch of time is divided at the edges of the buckets, so that its parts add up to it whatever the bucket length;
slices of any two sets of sessions add up field by field, in any order (docs/metrics.md says what is made of them).
"""

from collections.abc import Iterable, Mapping

from beacon_job.rollup import WINDOW_MS, Contribution
from beacon_job.session_state import (
    ENDED,
    FAILED,
    PAUSE,
    PLAY,
    SEEK,
    STALL,
    STARTUP,
    UNKNOWN,
    Sums,
)

MEASURE = "sessions"
"""Measure name of these rows in `qoe`."""

FIELDS: tuple[str, ...] = (
    "idle_ms",
    "startup_ms",
    "play_ms",
    "stall_ms",
    "seek_ms",
    "pause_ms",
    "ended_ms",
    "failed_ms",
    "unknown_ms",
    "active_ms",
    "ad_ms",
    "hidden_ms",
    "media_ms",
    "bitrate_media",
    "bitrate_ms",
    "attempts",
    "starts",
    "startup_n",
    "startup_sum_ms",
    "startup_hidden",
    "ebvs",
    "ebvs_ge1s",
    "vsf",
    "vpf",
    "ended",
    "stalls",
    "seeks",
    "pauses",
    "errors",
    "dropped_frames",
    "recv",
    "expected",
    "dup",
    "late",
    "views_closed",
    "views_stall_known",
    "views_stall_free",
)
"""Names by index. Indices stand in stored state: add at the end. The first nine are the modes of a view.
`bitrate_media` is kbps x ms."""

(
    ACTIVE_MS,
    AD_MS,
    HIDDEN_MS,
    MEDIA_MS,
    BITS,
    BITS_MS,
    ATTEMPTS,
    STARTS,
    STARTUP_N,
    STARTUP_SUM,
    STARTUP_HIDDEN,
    EBVS,
    EBVS_GE1S,
    VSF,
    VPF,
    ENDS,
    STALLS,
    SEEKS,
    PAUSES,
    ERRORS,
    DROPPED,
    RECV,
    EXPECTED,
    DUP,
    LATE,
    VIEWS_CLOSED,
    VIEWS_STALL_KNOWN,
    VIEWS_STALL_FREE,
) = range(9, 37)

_ACTIVE = frozenset({STARTUP, PLAY, STALL, SEEK})
_COUNTED = frozenset({STARTUP, PLAY, STALL, SEEK, PAUSE, ENDED, FAILED, UNKNOWN})

HISTOGRAM_AT = 1_000
"""Index of the first histogram bucket: those of startup follow here, apart from FIELDS."""


def _bounds() -> tuple[int, ...]:
    bounds = [10]
    while bounds[-1] < 120_000:
        bounds.append(bounds[-1] * 11 // 10 if bounds[-1] >= 100 else bounds[-1] + 5)
    return tuple(bounds)


STARTUP_BOUNDS_MS: tuple[int, ...] = _bounds()
"""Upper bounds of the startup histogram: each at most 10 % above the last from 100 ms on, so that the middle of a
bucket is within 5 % of every value in it; the last bucket takes everything above."""


def startup_bucket(startup_ms: int) -> int:
    """Index of the histogram bucket of a startup."""
    low, high = 0, len(STARTUP_BOUNDS_MS) - 1
    while low < high:
        middle = (low + high) // 2
        if startup_ms <= STARTUP_BOUNDS_MS[middle]:
            high = middle
        else:
            low = middle + 1
    return HISTOGRAM_AT + low


def field_name(index: int) -> str:
    """Name of a field or of a histogram bucket (`startup_le_250`: startups of at most 250 ms and above the one before)."""
    if index >= HISTOGRAM_AT:
        return f"startup_le_{STARTUP_BOUNDS_MS[index - HISTOGRAM_AT]}"
    return FIELDS[index]


def startup_quantile(sums: Mapping[str, int], share: float) -> float | None:
    """A startup percentile (share 0..1) of summed histogram fields, within 5 %; None where there is none."""
    counts = [sums.get(field_name(HISTOGRAM_AT + n), 0) for n in range(len(STARTUP_BOUNDS_MS))]
    rank = share * sum(counts)
    passed = 0
    for index, count in enumerate(counts):
        passed += count
        if count and passed >= rank:
            low = STARTUP_BOUNDS_MS[index - 1] if index else 0
            return (low + STARTUP_BOUNDS_MS[index]) / 2
    return None


Stretch = tuple[int, int, int, int, int, bool, bool]
"""(mode, from, until, kbps or -1, rate in thousandths, in an ad, in the background); client ms."""

Mark = tuple[int, int, int]
"""(field, client ms, how much)."""


def add_stretch(sums: Sums, stretch: Stretch, offset_ms: int, slice_ms: int = WINDOW_MS) -> None:
    """Add a stretch of time, split at bucket edges."""
    mode, begin, end, kbps, rate, ad, hidden = stretch
    if mode not in _COUNTED:
        return
    begin += offset_ms
    end += offset_ms
    while begin < end:
        bucket = begin // slice_ms
        edge = min(end, (bucket + 1) * slice_ms)
        took = edge - begin
        row = sums.get(bucket)
        if row is None:
            row = sums[bucket] = {}
        row[mode] = row.get(mode, 0) + took
        if mode in _ACTIVE:
            row[ACTIVE_MS] = row.get(ACTIVE_MS, 0) + took
        if mode == PLAY:
            row[MEDIA_MS] = row.get(MEDIA_MS, 0) + media_ms(begin, edge, rate)
            if kbps >= 0:
                row[BITS] = row.get(BITS, 0) + kbps * took
                row[BITS_MS] = row.get(BITS_MS, 0) + took
            if ad:
                row[AD_MS] = row.get(AD_MS, 0) + took
            if hidden:
                row[HIDDEN_MS] = row.get(HIDDEN_MS, 0) + took
        begin = edge


def media_ms(begin: int, end: int, rate: int) -> int:
    """Media played between two moments at a rate in thousandths; parts add up exactly to the whole."""
    return end - begin if rate == 1_000 else end * rate // 1_000 - begin * rate // 1_000


def add_mark(sums: Sums, mark: Mark, offset_ms: int, slice_ms: int = WINDOW_MS) -> None:
    """Count something at a moment."""
    field, at, count = mark
    row = sums.setdefault((at + offset_ms) // slice_ms, {})
    row[field] = row.get(field, 0) + count


def merge(into: Sums, other: Sums, sign: int = 1) -> None:
    """Add (or take away) other sums; what becomes 0 leaves no trace."""
    for bucket, fields in other.items():
        row = into.get(bucket)
        if row is None:
            row = into[bucket] = {}
        for field, value in fields.items():
            total = row.get(field, 0) + sign * value
            if total:
                row[field] = total
            else:
                row.pop(field, None)
        if not row:
            del into[bucket]


def contributions(sums: Sums, emit_ms: int, group: tuple[str, ...]) -> Iterable[Contribution]:
    """What the roll-up is given, in order of time."""
    for bucket in sorted(sums):
        fields = sums[bucket]
        named = {field_name(index): fields[index] for index in sorted(fields) if fields[index]}
        if named:
            yield Contribution(MEASURE, bucket * WINDOW_MS, emit_ms, group, named)
