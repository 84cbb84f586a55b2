"""One Arrow batch of Kinesis records and ticks -> the few fat elements the rest of the job works on. Pure.

Grouping here, before anything is keyed, is what makes keyed state affordable: an element per bucket of
sessions instead of one per beacon (docs/adr/0001).
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
from beacon_job.types.beacon import BadRecord, Beacon, KinesisRecord
from beacon_job.types.parts import BAD, POINTS, SESSIONS, SUMS, WATERMARK, pack
from beacon_job.types.point import Point, encode_points
from beacon_job.types.sums import WINDOW_MS, Contribution, group_of, shard_of

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
        """`records`, `ticks`, `beacons` and `bad.<reason>` since the start."""

    def batch(self, rows: Batch) -> list[str]:
        """The elements of one batch, the watermark last. Never raises on input."""
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
        elements = [
            *(self._bad(item) for item in bad),
            *self._points(beacons),
            *self._sums(beacons),
            *self._sessions(beacons, ticked),
        ]
        watermark_ms = self._policy.advance()
        if watermark_ms is not None:
            elements.append(pack(WATERMARK, 0, watermark_ms, ""))
        return elements

    def _bad(self, item: BadRecord) -> str:
        self.totals[f"bad.{item.reason}"] += 1
        return pack(BAD, 0, item.recv_at, _to_json(item).decode())

    def _points(self, beacons: list[Beacon]) -> list[str]:
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
        size = self._settings.points_per_element
        return [
            pack(POINTS, 0, 0, encode_points(points[start : start + size]))
            for start in range(0, len(points), size)
        ]

    def _sums(self, beacons: list[Beacon]) -> list[str]:
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
        shards: dict[int, list[Contribution]] = {}
        for (bucket_ms, group), events in sums.items():
            count = sum(events.values())
            item = Contribution(EVENTS_MEASURE, bucket_ms, bucket_ms, group, events, count)
            shards.setdefault(shard_of(group, settings.rollup_shards), []).append(item)
        return [
            pack(SUMS, shard, items[0].bucket_ms, _to_json(items).decode()) for shard, items in shards.items()
        ]

    def _sessions(self, beacons: list[Beacon], ticked: bool) -> list[str]:
        count = self._settings.session_buckets
        buckets: dict[int, list[Beacon]] = {bucket: [] for bucket in range(count)} if ticked else {}
        for beacon in beacons:
            bucket = zlib.crc32(beacon.session_id.encode()) % count
            buckets.setdefault(bucket, []).append(beacon)
        return [
            pack(SESSIONS, bucket, 0, encode_beacons(members).decode("latin-1"))
            for bucket, members in buckets.items()
        ]
