"""A server with known data, and a plain boto3 client of its query side."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config

from local.timestream.testing import TimestreamServer

DUMMY = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
NOW_NS = 1_796_000_000 * 10**9
"""2026-11-30 00:53:20 UTC"""


def client(server: TimestreamServer, service: str) -> Any:
    config = Config(retries={"total_max_attempts": 1})
    return boto3.client(service, endpoint_url=server.url, config=config, **DUMMY)


@pytest.fixture
def server(tmp_path: Any) -> Iterator[TimestreamServer]:
    with TimestreamServer(tmp_path, lambda: NOW_NS) as server:
        write = client(server, "timestream-write")
        write.create_database(DatabaseName="video")
        write.create_table(DatabaseName="video", TableName="events")
        yield server


@pytest.fixture
def write(server: TimestreamServer) -> Any:
    return client(server, "timestream-write")


@pytest.fixture
def query(server: TimestreamServer) -> Any:
    return client(server, "timestream-query")
