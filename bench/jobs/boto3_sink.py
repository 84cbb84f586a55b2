"""The whole job with the baseline's store."""

import argparse
from pathlib import Path

from pyflink.datastream import StreamExecutionEnvironment

from beacon_job.config import load
from beacon_job.flink.job import build
from bench.boto3_store import open_store


def main() -> None:
    """Submit it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--properties", type=Path)
    config = load(parser.parse_args().properties)
    env = StreamExecutionEnvironment.get_execution_environment()
    build(env, config, open_store)
    env.execute_async("beacon with boto3")


if __name__ == "__main__":
    main()
