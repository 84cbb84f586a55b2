"""One Arrow batch of Kinesis records and ticks -> the parts the rest of the job works on. Pure.

Grouping here, before anything is keyed, is what makes keyed state affordable: an item per bucket of sessions
instead of one per beacon (docs/adr/0001).
"""

import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import msgspec

from beacon_job.decode import decode
from beacon_job.gather.event_row import event_dims, event_point
from beacon_job.gather.settings import GatherSettings
from beacon_job.gather.watermark import WatermarkPolicy
from beacon_job.sessions import encode_beacons
from beacon_job.types.beacon import UNREAD, BadRecord, Beacon, KinesisRecord, Reason
from beacon_job.types.parts import Parts
from beacon_job.types.point import Point, encode_points
from beacon_job.types.settings import CONTENT
from beacon_job.types.sums import WINDOW_MS, Contribution, encode_sums, group_of

EVENTS_MEASURE = "events"
"""Measure name of the rows in `qoe` that count beacons by event."""

PIPELINE_MEASURE = "pipeline"
"""Measure name of the rows in `qoe` that tell of the pipeline itself, of all viewers together, by arrival."""

PIPELINE_SUMS = ("beacons", "delivery_ms", "delivery_n", *(f"bad_{reason}" for reason in Reason))
"""Beacons; how long those took to come whose clock could be believed, and how many they are; what could not
be read, by reason."""

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
            record = KinesisRecord(data, time_ms, shard_id, sequence_number)
            for item in decode(record, log_fields=self._settings.log_fields):
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
            sums=encode_sums(
                [*self._events(groups), *self._pipeline(beacons, bad)], self._settings.rollup_shards
            ),
            bad=[self._bad(item) for item in bad],
        )

    def _bad(self, item: BadRecord) -> str:
        self.totals[f"bad.{item.reason}"] += 1
        return _to_json(item).decode()

    def _is_stored(self, session_id: str) -> bool:
        """Whether the beacons of a session become rows: for all of them alike, in every replay."""
        return zlib.crc32(session_id.encode()) % 100 < self._settings.events_percent

    def _points(self, groups: list[list[Beacon]]) -> list[bytes]:
        """Points of a group side by side, so that their dimensions travel once."""
        points: list[Point] = []
        for beacons in groups:
            if not self._is_stored(beacons[0].session_id):
                continue
            dims = event_dims(beacons[0])
            for beacon in beacons:
                points.append(event_point(beacon, dims, self._settings.left_out))
                if UNREAD in beacon.measures:
                    self.totals.update(f"unread.{key}" for key in str(beacon.measures[UNREAD]).split(","))
        size = self._settings.points_per_item
        return [encode_points(points[start : start + size]) for start in range(0, len(points), size)]

    def _events(self, groups: list[list[Beacon]]) -> Iterator[Contribution]:
        dimensions = self._settings.group_dimensions
        sums: dict[tuple[int, tuple[str, ...]], dict[str, int]] = {}
        for beacons in groups:
            group = group_of(beacons[0].dims.get(name, "") for name in dimensions)
            for beacon in beacons:
                if CONTENT in dimensions:
                    stated = {CONTENT: str(beacon.measures.get(CONTENT, "")), **beacon.dims}
                    group = group_of(stated.get(name, "") for name in dimensions)
                events = sums.setdefault((_bucket_ms(beacon.recv_at_ms), group), {})
                events[beacon.event] = events.get(beacon.event, 0) + 1
        for (bucket_ms, group), events in sums.items():
            yield Contribution(EVENTS_MEASURE, bucket_ms, bucket_ms, group, events, sum(events.values()))

    def _pipeline(self, beacons: list[Beacon], bad: list[BadRecord]) -> Iterator[Contribution]:
        everybody = group_of("" for _ in self._settings.group_dimensions)
        sums: dict[int, Counter[str]] = {}
        for beacon in beacons:
            told = sums.setdefault(_bucket_ms(beacon.recv_at_ms), Counter())
            told["beacons"] += 1
            if not beacon.correction_ms:
                told["delivery_n"] += 1
                told["delivery_ms"] += max(0, beacon.recv_at_ms - beacon.client_ms)
        for item in bad:
            sums.setdefault(_bucket_ms(item.recv_at), Counter())[f"bad_{item.reason}"] += 1
        for bucket_ms, told in sums.items():
            count = sum(told.values()) - told["delivery_n"] - told["delivery_ms"]
            yield Contribution(PIPELINE_MEASURE, bucket_ms, bucket_ms, everybody, dict(told), count)

    def _sessions(self, groups: list[list[Beacon]], ticked: bool) -> dict[int, bytes]:
        count = self._settings.session_buckets
        buckets: dict[int, list[Beacon]] = {bucket: [] for bucket in range(count)} if ticked else {}
        for beacons in groups:
            bucket = zlib.crc32(beacons[0].session_id.encode()) % count
            buckets.setdefault(bucket, []).extend(beacons)
        return {bucket: encode_beacons(members) if members else b"" for bucket, members in buckets.items()}


def _bucket_ms(recv_at_ms: int) -> int:
    return recv_at_ms // WINDOW_MS * WINDOW_MS


def _together(beacons: list[Beacon]) -> list[list[Beacon]]:
    """Beacons by session and dimensions, in order of appearance; those of a body share one `Beacon.dims`."""
    groups: dict[tuple[int, str], list[Beacon]] = {}
    for beacon in beacons:
        groups.setdefault((id(beacon.dims), beacon.session_id), []).append(beacon)
    return list(groups.values())
