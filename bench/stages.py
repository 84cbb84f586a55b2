"""The job's stages one after the other in this process, without Flink: records -> the rows it would store.

For what needs much data in the tables soon, and measures something else than the job.
"""

from collections.abc import Iterable, Iterator
from functools import partial

from beacon_job import rollup, sessions
from beacon_job.gather import Gatherer, GatherSettings, WatermarkPolicy
from beacon_job.types.parts import Parts
from beacon_job.types.point import Point, decode_points
from beacon_job.types.waiting import Waiting
from bench.traffic import Record

TICK_MS = 1_000
SHARD = "shard"


class Stages:
    """All stages with their state, as one subtask of the job has it."""

    def __init__(self) -> None:
        self._gather = GatherSettings()
        self._policy = WatermarkPolicy()
        self._now_ms = 0
        self._gatherer = Gatherer(self._gather, self._policy, lambda: self._now_ms)
        self._kept: dict[tuple[str, int], bytes] = {}
        self._waiting: dict[tuple[str, int], Waiting] = {}

    def rows(self, records: Iterable[Record]) -> Iterator[list[Point]]:
        """The rows that the records make, a second of theirs at a time; what is open at the end stays so."""
        batch: list[tuple[bytes | None, int, str, str]] = []
        for record in records:
            if batch and record.recv_ms >= self._now_ms:
                yield self._batch(batch)
                batch = []
            if not batch:
                self._now_ms = record.recv_ms // TICK_MS * TICK_MS + TICK_MS
            batch.append((record.data, record.recv_ms, SHARD, ""))
        yield self._batch(batch)

    def _batch(self, batch: list[tuple[bytes | None, int, str, str]]) -> list[Point]:
        parts = self._gatherer.batch([*batch, (None, self._now_ms, "", "")])
        after = [self._session(bucket, item) for bucket, item in parts.sessions.items()]
        sums = [(shard, item) for part in (parts, *after) for shard, item in part.sums.items()]
        after += [self._roll_up(shard, item) for shard, item in sums]
        return [point for part in (parts, *after) for item in part.points for point in decode_points(item)]

    def _session(self, bucket: int, item: bytes) -> Parts:
        key = "sessions", bucket
        effect = sessions.step(
            partial(self._kept.get, key),
            self._waits(key),
            bucket,
            item,
            self._policy.watermark_ms or 0,
            sessions.Settings(),
            self._gather.rollup_shards,
        )
        self._keep(key, effect.sessions)
        self._wait(key, item, effect.done_ms)
        return effect.parts

    def _roll_up(self, shard: int, item: bytes) -> Parts:
        key, written = ("open", shard), ("written", shard)
        effect = rollup.step(
            self._waits(key),
            partial(self._kept.get, key),
            partial(self._kept.get, written),
            item,
            self._policy.watermark_ms or 0,
            rollup.RollupSettings(),
        )
        self._keep(key, effect.open)
        self._keep(written, effect.written)
        self._wait(key, item, effect.done_ms)
        return effect.parts

    def _keep(self, key: tuple[str, int], changed: bytes | None) -> None:
        if changed is not None:
            self._kept[key] = changed

    def _waits(self, key: tuple[str, int]) -> Waiting:
        return self._waiting.get(key, Waiting())

    def _wait(self, key: tuple[str, int], item: bytes, done_ms: int | None) -> None:
        waiting = self._waits(key)
        if done_ms is not None:
            self._waiting[key] = Waiting(done_ms)
        elif item:
            self._waiting[key] = Waiting(waiting.done_ms, [*waiting.items, item])
