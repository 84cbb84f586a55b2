"""The keyed stage alone: elements from a file through the job's own operator into nothing; or without the
operator."""

import argparse
from pathlib import Path

from pyflink.datastream import StreamExecutionEnvironment

from beacon_job.config import load
from beacon_job.flink import job, tables
from beacon_job.flink.operators import Sessions


def main() -> None:
    """Submit it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--properties", type=Path)
    parser.add_argument("--elements", type=Path)
    parser.add_argument("--without-stage", action="store_true")
    args = parser.parse_args()
    config = load(args.properties)
    env = StreamExecutionEnvironment.get_execution_environment()
    t_env = job._table_environment(env, config)
    # In the whole job decode gives out a batch at a time, with its watermark; so does a bundle here.
    t_env.get_config().set("python.fn-execution.bundle.size", str(config.gather.session_buckets))
    t_env.execute_sql(
        "CREATE TEMPORARY TABLE stored (item STRING) WITH ('connector' = 'filesystem', 'format' = 'raw', "
        f"'path' = '{args.elements.resolve().as_uri()}')"
    )
    t_env.execute_sql("CREATE TEMPORARY TABLE nothing (item STRING) WITH ('connector' = 'blackhole')")
    job._view(t_env, "elements", tables.with_heads("stored"), uid="stored", schema=job._decoded())
    if args.without_stage:
        insert = f"INSERT INTO nothing SELECT item FROM ({tables.SESSIONS})"  # noqa: S608
    else:
        stage = Sessions(config.sessions, config.gather.rollup_shards)
        t_env.create_temporary_view("given_out", job._keyed(t_env, "sessions", tables.SESSIONS, stage))
        insert = "INSERT INTO nothing SELECT f0 FROM given_out"
    t_env.create_statement_set().add_insert_sql(insert).attach_as_datastream()
    env.execute_async("keyed stage")


if __name__ == "__main__":
    main()
