"""The job's entry point: read the configuration, build the pipeline, hand it to Flink."""

import argparse
import sys
from pathlib import Path

from pyflink.datastream import StreamExecutionEnvironment

from beacon_job.config import SERVICE_FILE, ConfigError, load
from beacon_job.flink.job import build

JOB_NAME = "beacon"


def main(arguments: list[str] | None = None) -> int:
    """Submit the job. The service passes no arguments; a laptop names its own properties file."""
    parser = argparse.ArgumentParser(prog="main.py", description=__doc__)
    parser.add_argument(
        "--properties", type=Path, default=SERVICE_FILE, help="property groups, in the service's JSON"
    )
    try:
        config = load(parser.parse_args(arguments).properties)
    except ConfigError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the service shows the driver's standard error
        return 2
    env = StreamExecutionEnvironment.get_execution_environment()
    build(env, config)
    env.execute_async(JOB_NAME)
    return 0
