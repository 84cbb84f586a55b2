"""The job's own operators in this process, with Flink's part (state, context, metrics) as small as it can
be.

What is measured is Python's share of each stage, without Flink and without what crosses into its workers.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pandas as pd

from beacon_job.config import JobConfig
from beacon_job.flink.operators import RollUp, Sessions, Write
from beacon_job.gather.gatherer import Gatherer
from beacon_job.gather.watermark import WatermarkPolicy
from beacon_job.stores.store import Store
from beacon_job.types.parts import POINTS, SESSIONS, SUMS, WATERMARK, unpack
from bench.traffic import Record

STAGES = ("decode", "sessions", "roll-up", "write")


class InProcess:
    """One subtask of everything, batch by batch; `cpu_s` grows by stage."""

    def __init__(self, config: JobConfig, open_store: Callable[[Any], Store]) -> None:
        self.now_ms = 0
        self.cpu_s: Counter[str] = Counter()
        self.watermark_ms = -(2**63)
        flink = _Flink(self)
        self._gatherer = Gatherer(config.gather, WatermarkPolicy(config.watermark), lambda: self.now_ms)
        self._write = Write(open_store, config.store)
        self._sessions = Sessions(config.sessions, config.gather.rollup_shards)
        self._rollup = RollUp(config.rollup)
        for operator in (self._write, self._sessions, self._rollup):
            operator.open(flink)
        self.session_states = flink.states[0].by_key
        self._flink = flink
        self._ticked_s = 0

    def batch(self, records: Sequence[Record]) -> None:
        """Let the records through all stages, as one Arrow batch read live: with a tick for each second."""
        elements = self._decoded(records)
        kinds: dict[str, list[str]] = {POINTS: [], SESSIONS: [], SUMS: []}
        for element in elements:
            kinds.get(element[0], []).append(element)
        for element in self._keyed("sessions", self._sessions, kinds[SESSIONS]):
            kinds[element[0]].append(element)
        kinds[POINTS] += self._keyed("roll-up", self._rollup, kinds[SUMS])
        # A watermark goes to the keyed stages behind all that came before it.
        self.watermark_ms = max(
            [self.watermark_ms, *(unpack(e).time_ms for e in elements if e[0] == WATERMARK)]
        )
        if kinds[POINTS]:
            with self._timed("write"):
                self._write.eval(pd.Series(kinds[POINTS]))

    def _decoded(self, records: Sequence[Record]) -> list[str]:
        self.now_ms = max(self.now_ms, records[-1].recv_ms)
        rows: list[tuple[bytes | None, int, str, str]] = [
            (record.data, record.recv_ms, "shard-0", str(index)) for index, record in enumerate(records)
        ]
        if self.now_ms // 1_000 > self._ticked_s:
            self._ticked_s = self.now_ms // 1_000
            rows.append((None, self.now_ms, "", ""))
        with self._timed("decode"):
            return self._gatherer.batch(rows)

    def _keyed(self, stage: str, operator: Any, elements: Iterable[str]) -> list[str]:
        found: list[str] = []
        for element in elements:
            bucket = element[1:5]
            self._flink.key = bucket
            with self._timed(stage):
                found += operator.process_element(element, self._flink)
        return found

    @contextmanager
    def _timed(self, stage: str) -> Iterator[None]:
        started_s = time.process_time()
        yield
        self.cpu_s[stage] += time.process_time() - started_s


class _State:
    def __init__(self, flink: "_Flink") -> None:
        self._flink = flink
        self.by_key: dict[str, bytes] = {}

    def value(self) -> bytes | None:
        return self.by_key.get(self._flink.key)

    def update(self, value: bytes) -> None:
        self.by_key[self._flink.key] = value


class _Flink:
    """A function context, a runtime context, a process context and a metric group in one."""

    def __init__(self, process: InProcess) -> None:
        self._process = process
        self.key = ""
        self.states: list[_State] = []

    def get_state(self, _descriptor: Any) -> _State:
        self.states.append(_State(self))
        return self.states[-1]

    def timer_service(self) -> "_Flink":
        return self

    def current_watermark(self) -> int:
        return self._process.watermark_ms

    def get_metric_group(self) -> "_Flink":
        return self

    get_metrics_group = get_metric_group

    def add_group(self, _name: str) -> "_Flink":
        return self

    def counter(self, _name: str) -> "_Flink":
        return self

    def inc(self, _by: int) -> None:
        return None

    def gauge(self, _name: str, _read: Callable[[], int]) -> None:
        return None
