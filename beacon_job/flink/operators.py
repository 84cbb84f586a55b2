"""The Flink classes. Each only calls a pure function or the store; none holds logic of its own."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pandas as pd
from pyflink.common import Row, Types
from pyflink.datastream import KeyedProcessFunction, RuntimeContext
from pyflink.datastream.state import ListStateDescriptor, ValueStateDescriptor
from pyflink.table.udf import FunctionContext, ScalarFunction

from beacon_job import rollup, sessions
from beacon_job.flink import metrics, worker
from beacon_job.gather import Gatherer, GatherSettings, WatermarkPolicy, WatermarkSettings
from beacon_job.stores import Store, dead_letter
from beacon_job.types.parts import Parts
from beacon_job.types.point import decode_points
from beacon_job.types.waiting import Waiting

_to_json = msgspec.json.Encoder().encode
_BYTES = Types.PRIMITIVE_ARRAY(Types.BYTE())


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


class Decode(ScalarFunction):  # type: ignore[misc]
    """Arrow batches of records and ticks -> their parts, in the batch's first row."""

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
        group = metrics.group_in(function_context.get_metric_group())
        self._counters = metrics.CounterSet(group)
        group.gauge("watermark_ms", lambda: policy.watermark_ms or 0)

    def eval(self, data: Any, time_ms: Any, shard_id: Any, sequence_number: Any) -> Any:
        """One DataFrame with a column per member of Parts, as long as the input."""
        rows = list(
            zip(
                data.tolist(),
                (time_ms.astype("int64") // 1_000_000).tolist(),
                shard_id.tolist(),
                sequence_number.tolist(),
                strict=True,
            )
        )
        parts = self._gatherer.batch(rows)
        self._counters.follow(self._gatherer.totals)
        return pd.DataFrame({name: _first_row(value, len(rows)) for name, value in _columns(parts)})


class Sessions(KeyedProcessFunction):  # type: ignore[misc]
    """Beacons by bucket of sessions -> rows (points, sums)."""

    def __init__(self, settings: sessions.Settings, rollup_shards: int) -> None:
        self._settings = settings
        self._shards = rollup_shards

    def open(self, runtime_context: RuntimeContext) -> None:
        """State of a bucket: its sessions, and the beacons that wait for the grid."""
        worker.settle()
        self._sessions = runtime_context.get_state(ValueStateDescriptor("sessions", _BYTES))
        self._waiting = _WaitingState(runtime_context)
        group = metrics.group_in(runtime_context.get_metrics_group())
        self._counters = metrics.CounterSet(group)
        self._totals: Counter[str] = Counter()

    def process_element(self, item: bytes, ctx: KeyedProcessFunction.Context) -> Iterator[Row]:
        """One step of the pure machine."""
        bucket = ctx.get_current_key()
        watermark_ms = ctx.timer_service().current_watermark()
        waiting = self._waiting.read()
        effect = sessions.step(
            self._sessions.value, waiting, bucket, item, watermark_ms, self._settings, self._shards
        )
        self._waiting.keep(waiting, item, effect.done_ms)
        _update(self._sessions, effect.sessions)
        self._totals.update(facts_shed=effect.shed, sessions_evicted=effect.evicted)
        self._counters.follow(self._totals)
        return _given_out(effect.parts)


class RollUp(KeyedProcessFunction):  # type: ignore[misc]
    """Contributions by shard -> rows (points of closed windows, no sums)."""

    def __init__(self, settings: rollup.RollupSettings) -> None:
        self._settings = settings

    def open(self, runtime_context: RuntimeContext) -> None:
        """State of a shard: what waits, what is not written yet, and what may still grow."""
        worker.settle()
        self._waiting = _WaitingState(runtime_context)
        self._open = runtime_context.get_state(ValueStateDescriptor("open-windows", _BYTES))
        self._written = runtime_context.get_state(ValueStateDescriptor("written-windows", _BYTES))

    def process_element(self, item: bytes, ctx: KeyedProcessFunction.Context) -> Iterator[Row]:
        """One step of the pure roll-up."""
        watermark_ms = ctx.timer_service().current_watermark()
        waiting = self._waiting.read()
        effect = rollup.step(
            waiting, self._open.value, self._written.value, item, watermark_ms, self._settings
        )
        self._waiting.keep(waiting, item, effect.done_ms)
        _update(self._open, effect.open)
        _update(self._written, effect.written)
        return _given_out(effect.parts)


class _WaitingState:
    """What waits for a key. An item more is added to the list: what lies there is not written again."""

    def __init__(self, runtime_context: RuntimeContext) -> None:
        self._items = runtime_context.get_list_state(ListStateDescriptor("waiting", _BYTES))
        self._done_ms = runtime_context.get_state(ValueStateDescriptor("done-ms", Types.LONG()))

    def read(self) -> Waiting:
        return Waiting(self._done_ms.value() or 0, list(self._items.get()))

    def keep(self, before: Waiting, item: bytes, done_ms: int | None) -> None:
        if done_ms is None:
            if item:
                self._items.add(item)
            return
        if before.items:
            self._items.clear()
        if done_ms != before.done_ms:
            self._done_ms.update(done_ms)


def _update(state: Any, changed: bytes | None) -> None:
    if changed is not None:
        state.update(changed)


def _given_out(parts: Parts) -> Iterator[Row]:
    if parts.points or parts.sums:
        yield Row(parts.points, parts.sums)


class Write(ScalarFunction):  # type: ignore[misc]
    """Arrow batches of points -> the store; what it refused comes out as dead letters, in the first row.

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
        group = metrics.group_in(function_context.get_metric_group())
        self._counters = metrics.CounterSet(group)
        group.gauge("last_latency_ms", lambda: int(counters.last_latency_ms))
        group.gauge("data_age_ms", lambda: counters.data_age_ms(_now_ms()))

    def eval(self, items: Any) -> Any:
        """One Series of arrays of dead letters, as long as the input."""
        points = [point for item in items.tolist() for point in decode_points(item)]
        refused = self._store.write(points)
        self._counters.follow(self._store.counters.totals)
        letters = [_to_json(dead_letter(points[item.index], item)).decode() for item in refused]
        return _first_row(letters, len(items))


def _columns(parts: Parts) -> Iterator[tuple[str, Any]]:
    """Members of Parts as Arrow takes them: it knows a map by its pairs only."""
    for name in parts.__struct_fields__:
        value = getattr(parts, name)
        yield name, list(value.items()) if isinstance(value, dict) else value


def _first_row(value: Any, rows: int) -> Any:
    """A Series whose first row is the value, the others being empty: a pandas UDF must answer row by row."""
    return pd.Series([value, *([None] * (rows - 1))], dtype=object)
