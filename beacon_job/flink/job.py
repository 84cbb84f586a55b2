"""The pipeline, on one screen.

    records + ticks -> decode -+- points ---------------------------------+-> write -> refused -+
                               +- sessions -> session stage -+- points ---+                     |
                               |                             +- sums -+   |                     +-> dead
                               letters +- sums -------------------------------+-> roll-up -> points     | +-
                               bad ----------------------------------------------------------+

What looks like a detour, `_view`, is an optimisation barrier: it turns a table into a stream and back, so
that the planner can neither run a Python function twice nor push it below a union (docs/adr/0001).
"""

from collections.abc import Callable
from typing import Any

from pyflink.common import Types
from pyflink.datastream import DataStream, KeyedProcessFunction, KeyedStream, StreamExecutionEnvironment
from pyflink.java_gateway import get_gateway
from pyflink.table import DataTypes, Schema, StreamTableEnvironment
from pyflink.table.udf import udf

from beacon_job.config import JobConfig
from beacon_job.flink import tables
from beacon_job.flink.operators import Decode, RollUp, Sessions, Write
from beacon_job.flink.uids import name_dead_letters, set_uids
from beacon_job.stores import Store, open_store
from beacon_job.types.parts import WATERMARK

TEXTS = DataTypes.ARRAY(DataTypes.STRING())
ROW = Types.ROW([Types.STRING(), Types.STRING(), Types.INSTANT()])


def build(
    env: StreamExecutionEnvironment, config: JobConfig, open_store: Callable[[Any], Store] = open_store
) -> None:
    """Put the whole pipeline into `env`; `open_store` makes the store. Nothing runs before `env.execute`."""
    t_env = _table_environment(env, config)
    t_env.execute_sql(tables.records_ddl(config))
    t_env.execute_sql(tables.ticks_ddl(env.get_parallelism()))
    t_env.execute_sql(tables.dead_letters_ddl(config))
    _python(t_env, "decode_batch", Decode(config.gather, config.watermark))
    _python(t_env, "write_points", Write(open_store, config.store))

    _view(t_env, "arrivals", tables.ARRIVALS, uid="records")
    _view(t_env, "elements", tables.ELEMENTS, uid="decode", schema=_decoded())
    sessions = Sessions(config.sessions, config.gather.rollup_shards)
    from_sessions = _keyed(t_env, "sessions", tables.SESSIONS, sessions)
    t_env.create_temporary_view("from_sessions", from_sessions, _passed_on())
    t_env.create_temporary_view("rolled_up", _keyed(t_env, "roll-up", tables.SUMS, RollUp(config.rollup)))
    _view(t_env, "points", tables.POINTS, uid="points")
    _view(t_env, "refused", tables.REFUSED, uid="write")
    t_env.create_statement_set().add_insert_sql(tables.DEAD_LETTERS).attach_as_datastream()
    name_dead_letters(env)


def _table_environment(env: StreamExecutionEnvironment, config: JobConfig) -> StreamTableEnvironment:
    env.set_max_parallelism(config.run.max_parallelism)
    # No operator here changes what it was given, so that none needs a copy of its own.
    env.get_config().enable_object_reuse()
    t_env = StreamTableEnvironment.create(env)
    for key, value in {
        "table.local-time-zone": "UTC",
        "python.fn-execution.bundle.size": config.run.bundle_size,
        "python.fn-execution.arrow.batch.size": config.run.bundle_size,
        "python.fn-execution.bundle.time": config.run.bundle_time_ms,
    }.items():
        t_env.get_config().set(key, str(value))
    return t_env


def _python(t_env: StreamTableEnvironment, name: str, function: Any) -> None:
    t_env.create_temporary_function(name, udf(function, result_type=TEXTS, func_type="pandas"))


def _view(t_env: StreamTableEnvironment, name: str, sql: str, uid: str, schema: Schema | None = None) -> None:
    stream = t_env.to_data_stream(t_env.sql_query(sql))
    set_uids(stream._j_data_stream.getTransformation(), uid)
    table = t_env.from_data_stream(stream, schema) if schema else t_env.from_data_stream(stream)
    t_env.create_temporary_view(name, table)


def _keyed(t_env: StreamTableEnvironment, name: str, sql: str, function: KeyedProcessFunction) -> DataStream:
    """The function over (bucket, item, at) rows, by bucket.

    Java takes the key from the row: `DataStream.key_by` would send every row through Python for it.
    """
    stream = t_env.to_append_stream(t_env.sql_query(sql), ROW)
    set_uids(stream._j_data_stream.getTransformation(), f"to-{name}")
    key_of = get_gateway().jvm.KeyByKeySelector()
    by_bucket = stream._j_data_stream.keyBy(key_of, Types.ROW([Types.STRING()]).get_java_type_info())
    keyed = KeyedStream(by_bucket, ROW, stream)
    return keyed.process(function, Types.STRING()).name(name).uid(name)


def _decoded() -> Schema:
    """Elements as decode sends them; a marker among them carries the watermark."""
    text, time = DataTypes.STRING(), DataTypes.TIMESTAMP_LTZ(3)
    columns = Schema.new_builder().column("kind", text).column("bucket", text).column("at", time)
    marker = f"CASE WHEN kind = '{WATERMARK}' THEN `at` END"
    return columns.column("item", text).watermark("at", marker).build()


def _passed_on() -> Schema:
    """Elements as a keyed stage sends them; they and the watermark keep the times they came with."""
    columns = Schema.new_builder().column("f0", DataTypes.STRING())
    time = DataTypes.TIMESTAMP_LTZ(3)
    return columns.column_by_metadata("at", time, "rowtime").watermark("at", "SOURCE_WATERMARK()").build()
