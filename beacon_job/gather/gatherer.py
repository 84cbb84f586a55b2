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
        for beacon in beacons:
            if UNREAD in beacon.measures:
                self.totals.update(f"unread.{key}" for key in str(beacon.measures[UNREAD]).split(","))
        return Parts(
            watermark_ms=self._policy.advance(),
            points=self._points(beacons),
            sessions=self._sessions(beacons, ticked),
            sums=self._sums(beacons),
            bad=[self._bad(item) for item in bad],
        )

    def _bad(self, item: BadRecord) -> str:
        self.totals[f"bad.{item.reason}"] += 1
        return _to_json(item).decode()

    def _points(self, beacons: list[Beacon]) -> list[bytes]:
        """Points of one session's body side by side, so that their dimensions travel once."""
        dims: dict[tuple[int, str], dict[str, str]] = {}
        by_dims: dict[int, list[Point]] = {}
        for beacon in beacons:
            key = (id(beacon.dims), beacon.session_id)
            shared = dims.get(key)
            if shared is None:
                shared = dims[key] = event_dims(beacon)
            by_dims.setdefault(id(shared), []).append(event_point(beacon, shared, self._settings.left_out))
        points = [point for members in by_dims.values() for point in members]
        size = self._settings.points_per_item
        return [encode_points(points[start : start + size]) for start in range(0, len(points), size)]

    def _sums(self, beacons: list[Beacon]) -> dict[int, bytes]:
        settings = self._settings
        sums: dict[tuple[int, tuple[str, ...]], dict[str, int]] = {}
        groups: dict[int, tuple[str, ...]] = {}
        for beacon in beacons:
            group = groups.get(id(beacon.dims))
            if group is None:
                group = group_of(beacon.dims.get(name, "") for name in settings.group_dimensions)
                groups[id(beacon.dims)] = group
            bucket_ms = beacon.recv_at_ms // WINDOW_MS * WINDOW_MS
            events = sums.setdefault((bucket_ms, group), {})
            events[beacon.event] = events.get(beacon.event, 0) + 1
        contributions = (
            Contribution(EVENTS_MEASURE, bucket_ms, bucket_ms, group, events, sum(events.values()))
            for (bucket_ms, group), events in sums.items()
        )
        return encode_sums(contributions, settings.rollup_shards)

    def _sessions(self, beacons: list[Beacon], ticked: bool) -> dict[int, bytes]:
        count = self._settings.session_buckets
        buckets: dict[int, list[Beacon]] = {bucket: [] for bucket in range(count)} if ticked else {}
        for beacon in beacons:
            bucket = zlib.crc32(beacon.session_id.encode()) % count
            buckets.setdefault(bucket, []).append(beacon)
        return {bucket: encode_beacons(members) if members else b"" for bucket, members in buckets.items()}
