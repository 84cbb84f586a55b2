"""Timestream as the board's data source, on the stand-in."""

import time
from pathlib import Path

import boto3
import pytest

from local.board import SourceError, TimestreamSource
from local.processes.ports import free_port
from local.timestream.testing import TimestreamServer

KEYS = {"region_name": "us-east-1", "aws_access_key_id": "any", "aws_secret_access_key": "any"}


@pytest.fixture
def standin(tmp_path: Path) -> TimestreamServer:
    return TimestreamServer(tmp_path)


def test_an_answer_comes_as_typed_frames(standin: TimestreamServer) -> None:
    with standin as server:
        write = boto3.client("timestream-write", endpoint_url=server.url, **KEYS)
        write.create_database(DatabaseName="beacons")
        write.create_table(DatabaseName="beacons", TableName="stalls")
        record = {
            "Dimensions": [{"Name": "cdn", "Value": "cdn-a"}],
            "MeasureName": "stall_ms",
            "MeasureValue": "250",
            "MeasureValueType": "BIGINT",
            "Time": str(int(time.time() * 1000)),
        }
        write.write_records(DatabaseName="beacons", TableName="stalls", Records=[record])
        sql = 'SELECT cdn, measure_value::bigint AS stall_ms FROM "beacons"."stalls"'
        (frame,) = TimestreamSource(server.url).frames(sql, {"format": 0})
    assert [(field.name, field.type, field.values) for field in frame.fields] == [
        ("cdn", "string", ["cdn-a"]),
        ("stall_ms", "number", [250]),
    ]


def test_a_statement_that_is_refused_is_told_with_the_services_words(standin: TimestreamServer) -> None:
    with standin as server, pytest.raises(SourceError, match=r"^ValidationException: "):
        TimestreamSource(server.url).frames("SELECT", {})


def test_a_store_that_is_not_there_is_told_at_once() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(SourceError, match=f"^Timestream at {url} does not answer$"):
        TimestreamSource(url).frames("SELECT 1", {})
