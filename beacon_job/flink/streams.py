"""Between SQL and streams: what Flink's planner must not see through, and what it has no words for."""

from pyflink.common import TypeInformation, Types
from pyflink.datastream import KeyedProcessFunction, KeyedStream, StreamExecutionEnvironment
from pyflink.java_gateway import get_gateway
from pyflink.table import DataTypes, Schema, StreamTableEnvironment

from beacon_job.config import JobConfig
from beacon_job.flink.uids import set_uids

KEY = Types.ROW([Types.INT()])


def table_environment(env: StreamExecutionEnvironment, config: JobConfig) -> StreamTableEnvironment:
    """A table environment on `env`, set as the job needs both."""
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


def barrier(
    t_env: StreamTableEnvironment, name: str, sql: str, uid: str, schema: Schema | None = None
) -> None:
    """The view `name` of what `sql` selects, which the planner does not see through.

    A table goes into a stream and back. Without that, the planner runs a Python function once per consumer of
    its result, or pushes it below a union (docs/adr/0001).
    """
    stream = t_env.to_data_stream(t_env.sql_query(sql))
    set_uids(stream._j_data_stream.getTransformation(), uid)
    table = t_env.from_data_stream(stream, schema) if schema else t_env.from_data_stream(stream)
    t_env.create_temporary_view(name, table)


def keyed(
    t_env: StreamTableEnvironment,
    name: str,
    sql: str,
    takes: TypeInformation,
    function: KeyedProcessFunction,
    gives: TypeInformation,
    uid: str,
) -> None:
    """The view `name` of what the function gives out, given the items of rows (key, item, event time).

    Java takes the key from the row: `DataStream.key_by` would send every row through Python for it. What is
    given out has the event time of the item it is made of, and the watermark passes.
    """
    stream = t_env.to_append_stream(t_env.sql_query(sql), takes)
    set_uids(stream._j_data_stream.getTransformation(), f"to-{uid}")
    key_of = get_gateway().jvm.KeyByKeySelector()
    by_key = stream._j_data_stream.keyBy(key_of, KEY.get_java_type_info())
    given_out = KeyedStream(by_key, takes, stream).process(function, gives).name(uid).uid(uid)
    event_time = (
        Schema.new_builder()
        .column_by_metadata("event_time", DataTypes.TIMESTAMP_LTZ(3), "rowtime")
        .watermark("event_time", "SOURCE_WATERMARK()")
        .build()
    )
    t_env.create_temporary_view(name, given_out, event_time)
