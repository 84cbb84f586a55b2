"""Database and tables in the Timestream stand-in, made as the deployed ones are."""

from contextlib import suppress
from typing import Any

import boto3
from botocore.config import Config

DATABASE = "beacon-blog-db"
TABLES = ("beacon-blog-table", "qoe", "sessions")
MEMORY_HOURS = 1
MAGNETIC_DAYS = 1


def client(endpoint_url: str) -> Any:
    """A plain boto3 client for the stand-in."""
    return boto3.client(
        "timestream-write",
        endpoint_url=endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"mode": "standard", "max_attempts": 5}, connect_timeout=5, read_timeout=20),
    )


def ensure_tables(endpoint_url: str) -> None:
    """Create what is missing. Late data may go to the magnetic store, or an old backlog would be refused."""
    timestream = client(endpoint_url)
    _create(timestream, timestream.create_database, DatabaseName=DATABASE)
    for table in TABLES:
        _create(
            timestream,
            timestream.create_table,
            DatabaseName=DATABASE,
            TableName=table,
            RetentionProperties={
                "MemoryStoreRetentionPeriodInHours": MEMORY_HOURS,
                "MagneticStoreRetentionPeriodInDays": MAGNETIC_DAYS,
            },
            MagneticStoreWriteProperties={"EnableMagneticStoreWrites": True},
        )


def _create(timestream: Any, call: Any, **arguments: Any) -> None:
    with suppress(timestream.exceptions.ConflictException):
        call(**arguments)
