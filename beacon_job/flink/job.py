"""The pipeline, on one screen.

records + ticks ─► decode ─┬─ points ──────────────────────────┬─► write ─ refused ─┐
                           ├─ sessions ─► sessions ─┬─ points ─┤                    ├─► dead letters
                           │                        └─ sums ─┐ └─ points ──┐        │
                           ├─ sums ──────────────────────────┴─► roll-up ──┘        │
                           └─ bad ──────────────────────────────────────────────────┘

Between two stages travel `types.parts.Parts`, whose members become typed columns. `barrier` keeps Flink's
planner from running a Python function twice; `keyed` is a function with state by bucket or shard.
"""

from collections.abc import Callable
from typing import Any

from pyflink.common import Types
from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import DataTypes, Schema
from pyflink.table.udf import udf

from beacon_job.config import JobConfig
from beacon_job.flink import source, tables
from beacon_job.flink.operators import Decode, RollUp, Sessions, Write
from beacon_job.flink.streams import barrier, keyed, table_environment
from beacon_job.flink.uids import name_dead_letters
from beacon_job.stores import Store, open_store

TEXTS = DataTypes.ARRAY(DataTypes.STRING())
ITEMS = DataTypes.ARRAY(DataTypes.BYTES())
BY_KEY = DataTypes.MAP(DataTypes.INT(), DataTypes.BYTES())
PARTS = DataTypes.ROW(
    [
        DataTypes.FIELD("watermark_ms", DataTypes.BIGINT()),
        DataTypes.FIELD("points", ITEMS),
        DataTypes.FIELD("sessions", BY_KEY),
        DataTypes.FIELD("sums", BY_KEY),
        DataTypes.FIELD("bad", TEXTS),
    ]
)
"""`types.parts.Parts` in SQL."""

ITEM = Types.PRIMITIVE_ARRAY(Types.BYTE())
KEYED_ITEM = Types.ROW([Types.INT(), ITEM, Types.INSTANT()])
"""What a keyed stage takes: bucket or shard, what came for it, event time."""
KEYED_PARTS = Types.ROW_NAMED(["points", "sums"], [Types.OBJECT_ARRAY(ITEM), Types.MAP(Types.INT(), ITEM)])
"""What a keyed stage gives out: the members of Parts that have somebody behind it."""


def build(
    env: StreamExecutionEnvironment, config: JobConfig, open_store: Callable[[Any], Store] = open_store
) -> None:
    """Put the whole pipeline into `env`; `open_store` makes the store. Nothing runs before `env.execute`."""
    t_env = table_environment(env, config)
    t_env.execute_sql(source.records_ddl(config))
    t_env.execute_sql(source.dead_letters_ddl(config))
    t_env.execute_sql(tables.ticks_ddl(env.get_parallelism()))
    decode = udf(Decode(config.gather, config.watermark), result_type=PARTS, func_type="pandas")
    write = udf(Write(open_store, config.store), result_type=TEXTS, func_type="pandas")
    t_env.create_temporary_function("decode_batch", decode)
    t_env.create_temporary_function("write_points", write)
    sessions, rollup = Sessions(config.sessions, config.gather.rollup_shards), RollUp(config.rollup)

    barrier(t_env, "arrivals", tables.ARRIVALS, uid="records")
    barrier(t_env, "decoded", tables.DECODED, uid="decode", schema=_with_watermark())
    keyed(t_env, "from_sessions", tables.SESSIONS, KEYED_ITEM, sessions, KEYED_PARTS, uid="sessions")
    keyed(t_env, "from_rollup", tables.SUMS, KEYED_ITEM, rollup, KEYED_PARTS, uid="roll-up")
    barrier(t_env, "points", tables.POINTS, uid="points")
    barrier(t_env, "refused", tables.REFUSED, uid="write")
    t_env.create_statement_set().add_insert_sql(tables.DEAD_LETTERS).attach_as_datastream()
    name_dead_letters(env)


def _with_watermark() -> Schema:
    """The watermark in a row follows all that is made of the row."""
    return (
        Schema.new_builder()
        .column_by_expression("event_time", "TO_TIMESTAMP_LTZ(COALESCE(watermark_ms, 0), 3)")
        .watermark("event_time", "CASE WHEN watermark_ms IS NOT NULL THEN event_time END")
        .build()
    )
