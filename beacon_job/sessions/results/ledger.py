"""The ledger: what a session adds to each 10 s of viewer time. Additive whole numbers, split exactly at every
edge. Pure.

A stretch of time is divided at the edges of the buckets, so that its parts add up to it whatever the bucket
length; the sums of any two sets of sessions add up field by field, in any order (docs/metrics.md says what is
made of them).
"""

from collections.abc import Iterable, Iterator

from beacon_job.sessions.results.histogram import HISTOGRAM_AT, STARTUP_BOUNDS_MS, bucket_name
from beacon_job.sessions.state import PLAY, SEEK, STALL, STARTUP, Sums
from beacon_job.types.sums import WINDOW_MS, Contribution

MEASURE = "sessions"
"""Measure name of these rows in `qoe`."""

SUMS: tuple[str, ...] = (
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
    "views_estimated",
    "views_estimated_stall_free",
    "stalls_estimate",
    "stall_ms_estimate",
    "stall_ms_low",
    "stall_ms_high",
    "play_ms_estimate",
    "startup_n_estimate",
    "startup_sum_ms_low",
    "startup_sum_ms_high",
    "switches",
    "switches_down",
    "unnumbered",
)
"""Names by index. Indices stand in stored state: add at the end. The first nine are the phases of a view.
`bitrate_media` is kbps x ms. From `views_estimated` to `startup_sum_ms_high`: estimates from media requests,
of views whose states nobody told."""

(
    ACTIVE_MS,
    AD_MS,
    HIDDEN_MS,
    MEDIA_MS,
    BITRATE_KBPS_MS,
    BITRATE_KNOWN_MS,
    ATTEMPTS,
    STARTS,
    STARTUP_N,
    STARTUP_SUM_MS,
    STARTUP_HIDDEN,
    EXITS_BEFORE_START,
    EXITS_AFTER_1S,
    START_FAILURES,
    PLAYBACK_FAILURES,
    ENDED_VIEWS,
    STALLS,
    SEEKS,
    PAUSES,
    ERRORS,
    DROPPED_FRAMES,
    RECEIVED,
    EXPECTED,
    REPEATED,
    LATE,
    VIEWS_CLOSED,
    VIEWS_STALL_KNOWN,
    VIEWS_STALL_FREE,
    VIEWS_ESTIMATED,
    VIEWS_ESTIMATED_STALL_FREE,
    STALLS_ESTIMATE,
    STALL_MS_ESTIMATE,
    STALL_MS_LOW,
    STALL_MS_HIGH,
    PLAY_MS_ESTIMATE,
    STARTUP_N_ESTIMATE,
    STARTUP_SUM_MS_LOW,
    STARTUP_SUM_MS_HIGH,
    SWITCHES,
    SWITCHES_DOWN,
    UNNUMBERED,
) = range(9, 50)

_ACTIVE = frozenset({STARTUP, PLAY, STALL, SEEK})
_NAMES: dict[int, str] = dict(enumerate(SUMS)) | {
    index: bucket_name(index) for index in range(HISTOGRAM_AT, HISTOGRAM_AT + len(STARTUP_BOUNDS_MS))
}
"""Index -> name of the measure, histogram buckets included."""


class Ledger:
    """Where time and counts are entered; each goes to the buckets it belongs to."""

    __slots__ = ("_at", "_row", "bucket_ms", "offset_ms", "stretches", "sums")

    def __init__(self, offset_ms: int = 0, bucket_ms: int = WINDOW_MS, *, keep: bool = False) -> None:
        self.sums: Sums = {}
        self.offset_ms = offset_ms
        """Client's clock -> server's."""
        self.bucket_ms = bucket_ms
        self.stretches: list[tuple[int, int, int, int]] | None = [] if keep else None
        """If kept: (view, phase, from, until) in server time, in order."""
        self._at = -1
        self._row: dict[int, int] = {}

    def _row_at(self, bucket: int) -> dict[int, int]:
        if bucket != self._at:
            row = self.sums.get(bucket)
            if row is None:
                row = self.sums[bucket] = {}
            self._at, self._row = bucket, row
        return self._row

    def mark(self, sum_index: int, at_ms: int, count: int = 1) -> None:
        """Count something at a moment."""
        row = self._row_at((at_ms + self.offset_ms) // self.bucket_ms)
        row[sum_index] = row.get(sum_index, 0) + count

    def received(self, at_ms: int, expected: int) -> None:
        """Count a beacon, and how many more it shows to be expected."""
        bucket = (at_ms + self.offset_ms) // self.bucket_ms
        row = self._row if bucket == self._at else self._row_at(bucket)
        row[RECEIVED] = row.get(RECEIVED, 0) + 1
        if expected:
            row[EXPECTED] = row.get(EXPECTED, 0) + expected

    def spread(self, sum_index: int, begin_ms: int, end_ms: int) -> None:
        """Add the time between two moments to a sum, split at the edges of buckets."""
        for bucket, from_ms, until_ms in self._split(begin_ms + self.offset_ms, end_ms + self.offset_ms):
            row = self._row_at(bucket)
            row[sum_index] = row.get(sum_index, 0) + until_ms - from_ms

    def stretch(
        self,
        view: int,
        phase: int,
        begin_ms: int,
        end_ms: int,
        bitrate_kbps: int = -1,
        rate_permille: int = 1_000,
        ad: bool = False,
        hidden: bool = False,
    ) -> None:
        """Enter a stretch of a view (by index), split at the edges of buckets. `bitrate_kbps` -1: unknown."""
        begin_ms += self.offset_ms
        end_ms += self.offset_ms
        if self.stretches is not None and begin_ms < end_ms:
            self.stretches.append((view, phase, begin_ms, end_ms))
        for bucket, from_ms, until_ms in self._split(begin_ms, end_ms):
            took_ms = until_ms - from_ms
            row = self._row_at(bucket)
            row[phase] = row.get(phase, 0) + took_ms
            if phase in _ACTIVE:
                row[ACTIVE_MS] = row.get(ACTIVE_MS, 0) + took_ms
            if phase == PLAY:
                row[MEDIA_MS] = row.get(MEDIA_MS, 0) + media_ms(from_ms, until_ms, rate_permille)
                if bitrate_kbps >= 0:
                    row[BITRATE_KBPS_MS] = row.get(BITRATE_KBPS_MS, 0) + bitrate_kbps * took_ms
                    row[BITRATE_KNOWN_MS] = row.get(BITRATE_KNOWN_MS, 0) + took_ms
                if ad:
                    row[AD_MS] = row.get(AD_MS, 0) + took_ms
                if hidden:
                    row[HIDDEN_MS] = row.get(HIDDEN_MS, 0) + took_ms

    def _split(self, begin_ms: int, end_ms: int) -> Iterator[tuple[int, int, int]]:
        """A time of the server, cut at the edges of buckets: (bucket, from, until)."""
        size = self.bucket_ms
        while begin_ms < end_ms:
            bucket = begin_ms // size
            edge_ms = min(end_ms, (bucket + 1) * size)
            yield bucket, begin_ms, edge_ms
            begin_ms = edge_ms


def media_ms(begin_ms: int, end_ms: int, rate_permille: int) -> int:
    """Media played between two moments at a rate; parts add up exactly to the whole."""
    return (
        end_ms - begin_ms
        if rate_permille == 1_000
        else end_ms * rate_permille // 1_000 - begin_ms * rate_permille // 1_000
    )


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
