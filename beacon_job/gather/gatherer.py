"""One Arrow batch of Kinesis records and ticks -> the parts the rest of the job works on. Pure.

Grouping here, before anything is keyed, is what makes keyed state affordable: an item per bucket of sessions
instead of one per beacon (docs/adr/0001).
"""

import zlib
from collections import Counter
from collections.abc import Callable, Sequence

import msgspec

from beacon_job.decode import decode
from beacon_job.gather.event_row import event_dims, event_point
from beacon_job.gather.settings import GatherSettings
from beacon_job.gather.watermark import WatermarkPolicy
from beacon_job.sessions import encode_beacons
from beacon_job.types.beacon import UNREAD, BadRecord, Beacon, KinesisRecord
from beacon_job.types.parts import Parts
from beacon_job.types.point import Point, encode_points
from beacon_job.types.sums import WINDOW_MS, Contribution, encode_sums, group_of

EVENTS_MEASURE = "events"
"""Measure name of the rows in `qoe` that count beacons by event."""

_to_json = msgspec.json.Encoder().encode


Batch = Sequence[tuple[bytes | None, int, str, str]]
"""Rows of (data, arrival or making time in ms, shard id, sequence number); a tick has no data."""


class Gatherer:
    """Decodes batches and follows the watermark of one subtask."""

    def __init__(self, settings: GatherSettings, policy: WatermarkPolicy, now_ms: Callable[[], int]) -> None:
        self._settings = settings
        self._policy = policy
        self._now_ms = now_ms
        self.totals: Counter[str] = Counter()
        """`records`, `ticks`, `beacons`, `bad.<reason>` and `unread.<key>` since the start."""

    def batch(self, rows: Batch) -> Parts:
        """The parts of one batch. Never raises on input."""
        beacons: list[Beacon] = []
        bad: list[BadRecord] = []
        ticked = False
        for data, time_ms, shard_id, sequence_number in rows:
            if data is None:
                ticked |= self._policy.tick(time_ms, self._now_ms())
                self.totals["ticks"] += 1
                continue
            self.totals["records"] += 1
            recv_at_ms = 0
            for item in decode(KinesisRecord(data, time_ms, shard_id, sequence_number)):
                if isinstance(item, Beacon):
                    beacons.append(item)
                    recv_at_ms = item.recv_at_ms
                else:
                    bad.append(item)
                    recv_at_ms = item.recv_at
            self._policy.record(shard_id, recv_at_ms or time_ms)
        self.totals["beacons"] += len(beacons)
        groups = _together(beacons)
        return Parts(
            watermark_ms=self._policy.advance(),
            points=self._points(groups),
            sessions=self._sessions(groups, ticked),
            sums=self._sums(groups),
            bad=[self._bad(item) for item in bad],
        )

    def _bad(self, item: BadRecord) -> str:
        self.totals[f"bad.{item.reason}"] += 1
        return _to_json(item).decode()

    def _points(self, groups: list[list[Beacon]]) -> list[bytes]:
        """Points of a group side by side, so that their dimensions travel once."""
        points: list[Point] = []
        for beacons in groups:
            dims = event_dims(beacons[0])
            for beacon in beacons:
                points.append(event_point(beacon, dims, self._settings.left_out))
                if UNREAD in beacon.measures:
                    self.totals.update(f"unread.{key}" for key in str(beacon.measures[UNREAD]).split(","))
        size = self._settings.points_per_item
        return [encode_points(points[start : start + size]) for start in range(0, len(points), size)]

    def _sums(self, groups: list[list[Beacon]]) -> dict[int, bytes]:
        settings = self._settings
        sums: dict[tuple[int, tuple[str, ...]], dict[str, int]] = {}
        for beacons in groups:
            stated = beacons[0].dims
            group = group_of(stated.get(name, "") for name in settings.group_dimensions)
            for beacon in beacons:
                bucket_ms = beacon.recv_at_ms // WINDOW_MS * WINDOW_MS
                events = sums.setdefault((bucket_ms, group), {})
                events[beacon.event] = events.get(beacon.event, 0) + 1
        contributions = (
            Contribution(EVENTS_MEASURE, bucket_ms, bucket_ms, group, events, sum(events.values()))
            for (bucket_ms, group), events in sums.items()
        )
        return encode_sums(contributions, settings.rollup_shards)

    def _sessions(self, groups: list[list[Beacon]], ticked: bool) -> dict[int, bytes]:
        count = self._settings.session_buckets
        buckets: dict[int, list[Beacon]] = {bucket: [] for bucket in range(count)} if ticked else {}
        for beacons in groups:
            bucket = zlib.crc32(beacons[0].session_id.encode()) % count
            buckets.setdefault(bucket, []).extend(beacons)
        return {bucket: encode_beacons(members) if members else b"" for bucket, members in buckets.items()}


def _together(beacons: list[Beacon]) -> list[list[Beacon]]:
    """Beacons by session and dimensions, in order of appearance; those of a body share one `Beacon.dims`."""
    groups: dict[tuple[int, str], list[Beacon]] = {}
    for beacon in beacons:
        groups.setdefault((id(beacon.dims), beacon.session_id), []).append(beacon)
    return list(groups.values())
