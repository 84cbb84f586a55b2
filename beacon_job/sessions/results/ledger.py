"""Slices: what a session adds to each 10 s of viewer time. Additive whole numbers, split exactly at every
edge. Pure.

A stretch of time is divided at the edges of the buckets, so that its parts add up to it whatever the bucket
length; slices of any two sets of sessions add up field by field, in any order (docs/metrics.md says what is
made of them).
"""

from collections.abc import Iterable

from beacon_job.sessions.results.histogram import HISTOGRAM_AT, STARTUP_BOUNDS_MS, bucket_name
from beacon_job.sessions.state import PLAY, SEEK, STALL, STARTUP, Sums
from beacon_job.types.sums import WINDOW_MS, Contribution

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
_NAMES: dict[int, str] = dict(enumerate(FIELDS)) | {
    index: bucket_name(index) for index in range(HISTOGRAM_AT, HISTOGRAM_AT + len(STARTUP_BOUNDS_MS))
}
"""Index -> name of the measure, histogram buckets included."""


class Ledger:
    """Where time and counts are entered; each goes to the buckets it belongs to."""

    __slots__ = ("_at", "_row", "offset", "slice_ms", "stretches", "sums")

    def __init__(self, offset_ms: int = 0, slice_ms: int = WINDOW_MS, *, keep: bool = False) -> None:
        self.sums: Sums = {}
        self.offset = offset_ms
        """Client's clock -> server's."""
        self.slice_ms = slice_ms
        self.stretches: list[tuple[int, int, int]] | None = [] if keep else None
        """If kept: (mode, from, until) in server time, in order."""
        self._at = -1
        self._row: dict[int, int] = {}

    def _row_at(self, bucket: int) -> dict[int, int]:
        if bucket != self._at:
            row = self.sums.get(bucket)
            if row is None:
                row = self.sums[bucket] = {}
            self._at, self._row = bucket, row
        return self._row

    def mark(self, field: int, at: int, count: int = 1) -> None:
        """Count something at a moment."""
        row = self._row_at((at + self.offset) // self.slice_ms)
        row[field] = row.get(field, 0) + count

    def received(self, at: int, expected: int) -> None:
        """Count a beacon, and how many more it shows to be expected."""
        bucket = (at + self.offset) // self.slice_ms
        row = self._row if bucket == self._at else self._row_at(bucket)
        row[RECV] = row.get(RECV, 0) + 1
        if expected:
            row[EXPECTED] = row.get(EXPECTED, 0) + expected

    def stretch(
        self,
        mode: int,
        begin: int,
        end: int,
        kbps: int = -1,
        rate: int = 1_000,
        ad: bool = False,
        hidden: bool = False,
    ) -> None:
        """Enter a stretch of time, split at bucket edges. `kbps` -1: not known; `rate` in thousandths."""
        begin += self.offset
        end += self.offset
        if self.stretches is not None and begin < end:
            self.stretches.append((mode, begin, end))
        size = self.slice_ms
        while begin < end:
            bucket = begin // size
            edge = min(end, (bucket + 1) * size)
            took = edge - begin
            row = self._row_at(bucket)
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
        named = {_NAMES[index]: value for index, value in fields.items()}
        if named:
            yield Contribution(MEASURE, bucket * WINDOW_MS, emit_ms, group, named)
