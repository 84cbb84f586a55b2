"""The Flink classes. Each only calls a pure function or the store; none holds logic of its own."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
import pandas as pd
from pyflink.common import Types
from pyflink.datastream import KeyedProcessFunction, RuntimeContext
from pyflink.datastream.state import ValueStateDescriptor
from pyflink.table.udf import FunctionContext, ScalarFunction

from beacon_job.flink import metrics, worker
from beacon_job.gather.gatherer import Gatherer
from beacon_job.gather.settings import GatherSettings, WatermarkSettings
from beacon_job.gather.watermark import WatermarkPolicy
from beacon_job.rollup import stage
from beacon_job.rollup.settings import RollupSettings
from beacon_job.sessions.settings import Settings as SessionSettings
from beacon_job.sessions.stage import step
from beacon_job.stores import Store, dead_letter
from beacon_job.types.parts import HEAD, unpack
from beacon_job.types.point import decode_points

_to_json = msgspec.json.Encoder().encode
_BYTES = Types.PRIMITIVE_ARRAY(Types.BYTE())


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class Decode(ScalarFunction):  # type: ignore[misc]
    """Arrow batches of records and ticks -> elements, all in the batch's first row."""

    def __init__(self, settings: GatherSettings, watermark: WatermarkSettings) -> None:
        self._settings = settings
        self._watermark = watermark

    def is_deterministic(self) -> bool:
        """False: or the planner may run it twice."""
        return False

    def open(self, function_context: FunctionContext) -> None:
        """Start a watermark policy of this subtask's own."""
        worker.settle()
        policy = WatermarkPolicy(self._watermark)
        self._gatherer = Gatherer(self._settings, policy, _now_ms)
        group = function_context.get_metric_group().add_group(metrics.GROUP)
        self._counters = metrics.CounterSet(group)
        group.gauge("watermark_ms", lambda: policy.watermark_ms or 0)

    def eval(self, data: Any, time_ms: Any, shard_id: Any, sequence_number: Any) -> Any:
        """One Series of text arrays, as long as the input."""
        rows = list(
            zip(
                data.tolist(),
                (time_ms.astype("int64") // 1_000_000).tolist(),
                shard_id.tolist(),
                sequence_number.tolist(),
                strict=True,
            )
        )
        elements = self._gatherer.batch(rows)
        self._counters.follow(self._gatherer.totals)
        return _first_row(elements, len(rows))


class Sessions(KeyedProcessFunction):  # type: ignore[misc]
    """Beacons of one bucket of sessions -> sums and session rows."""

    def __init__(self, settings: SessionSettings, rollup_shards: int) -> None:
        self._settings = settings
        self._shards = rollup_shards

    def open(self, runtime_context: RuntimeContext) -> None:
        """State of a bucket is two byte strings: its sessions, and the beacons that wait for the grid."""
        worker.settle()
        self._sessions = runtime_context.get_state(ValueStateDescriptor("sessions", _BYTES))
        self._waiting = runtime_context.get_state(ValueStateDescriptor("waiting", _BYTES))
        group = runtime_context.get_metrics_group().add_group(metrics.GROUP)
        self._counters = metrics.CounterSet(group)
        self._totals: Counter[str] = Counter()

    def process_element(self, value: Any, ctx: KeyedProcessFunction.Context) -> Iterable[str]:
        """One step of the pure machine."""
        watermark_ms = ctx.timer_service().current_watermark()
        read, waiting, element = self._sessions.value, self._waiting.value(), unpack(value)
        done = step(read, waiting, element, watermark_ms, self._settings, self._shards)
        if done.sessions is not None:
            self._sessions.update(done.sessions)
        if done.waiting is not None:
            self._waiting.update(done.waiting)
        self._totals.update(facts_shed=done.shed, sessions_evicted=done.evicted)
        self._counters.follow(self._totals)
        return done.elements


class RollUp(KeyedProcessFunction):  # type: ignore[misc]
    """Contributions of one roll-up shard -> rows of closed windows."""

    def __init__(self, settings: RollupSettings) -> None:
        self._settings = settings

    def open(self, runtime_context: RuntimeContext) -> None:
        """State of a shard is three byte strings: what waits, what is not written yet, and what may still
        grow."""
        worker.settle()
        self._waiting = runtime_context.get_state(ValueStateDescriptor("waiting-sums", _BYTES))
        self._open = runtime_context.get_state(ValueStateDescriptor("open-windows", _BYTES))
        self._written = runtime_context.get_state(ValueStateDescriptor("written-windows", _BYTES))

    def process_element(self, value: Any, ctx: KeyedProcessFunction.Context) -> Iterable[str]:
        """One step of the pure roll-up."""
        watermark_ms = ctx.timer_service().current_watermark()
        waiting, element = self._waiting.value(), unpack(value)
        done = stage.step(
            waiting, self._open.value, self._written.value, element, watermark_ms, self._settings
        )
        for state, changed in (
            (self._waiting, done.waiting),
            (self._open, done.open),
            (self._written, done.written),
        ):
            if changed is not None:
                state.update(changed)
        return done.elements


class Write(ScalarFunction):  # type: ignore[misc]
    """Arrow batches of point elements -> the store; what it refused comes out as dead letters in the first
    row.

    It returns only when every point is written or refused, and raises when the store cannot be written at
    all: since a bundle ends before a checkpoint's barrier passes, no checkpoint covers an unwritten point.
    """

    def __init__(self, open_store: Callable[[Any], Store], settings: Any) -> None:
        self._open_store = open_store
        self._settings = settings

    def is_deterministic(self) -> bool:
        """False: or the planner may run it twice."""
        return False

    def open(self, function_context: FunctionContext) -> None:
        """Connect."""
        worker.settle()
        self._store = self._open_store(self._settings)
        counters = self._store.counters
        group = function_context.get_metric_group().add_group(metrics.GROUP)
        self._counters = metrics.CounterSet(group)
        group.gauge("last_latency_ms", lambda: int(counters.last_latency_ms))
        group.gauge("max_latency_ms", lambda: int(counters.max_latency_ms))
        group.gauge("data_age_ms", lambda: counters.data_age_ms(_now_ms()))

    def eval(self, elements: Any) -> Any:
        """One Series of text arrays, as long as the input."""
        texts = elements.tolist()
        points = [point for text in texts for point in decode_points(text[HEAD:])]
        refused = self._store.write(points)
        self._counters.follow(self._store.counters.totals)
        letters = [_to_json(dead_letter(points[item.index], item)).decode() for item in refused]
        return _first_row(letters, len(texts))


def _first_row(texts: list[str], rows: int) -> Any:
    """A Series of `rows` arrays, all but the first empty: a pandas UDF must answer row by row."""
    return pd.Series([texts, *([None] * (rows - 1))], dtype=object)
