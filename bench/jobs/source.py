"""The source alone: the stream as the job reads it, into nothing."""

import argparse
from pathlib import Path

from pyflink.datastream import StreamExecutionEnvironment
from pyflink.table import StreamTableEnvironment

from beacon_job.config import load
from beacon_job.flink import tables


def main() -> None:
    """Submit it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--properties", type=Path)
    config = load(parser.parse_args().properties)
    env = StreamExecutionEnvironment.get_execution_environment()
    t_env = StreamTableEnvironment.create(env)
    t_env.execute_sql(tables.records_ddl(config))
    t_env.execute_sql(
        "CREATE TEMPORARY TABLE nothing (data BYTES, arrival TIMESTAMP_LTZ(3), shard STRING, number STRING) "
        "WITH ('connector' = 'blackhole')"
    )
    insert = "INSERT INTO nothing SELECT data, arrival, shard_id, sequence_number FROM records"
    t_env.create_statement_set().add_insert_sql(insert).attach_as_datastream()
    env.execute_async("source alone")


if __name__ == "__main__":
    main()
