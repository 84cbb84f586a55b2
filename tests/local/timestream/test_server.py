"""What the stand-in promises beyond the service's API: inspection, retention, discovery."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import boto3
import pytest

from local.timestream.storage import inspection
from local.timestream.testing import TimestreamServer
from tests.contract.records import NOW_MS, dimensions, record, single

DUMMY = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
TABLE = {"DatabaseName": "db1", "TableName": "table1"}
HOUR_NS = 3600 * 10**9


class Clock:
    """The service's clock, set by hand."""

    def __init__(self) -> None:
        self.now_ns = NOW_MS * 10**6

    def __call__(self) -> int:
        return self.now_ns


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server(tmp_path: Any, clock: Clock) -> Iterator[TimestreamServer]:
    """With a table that keeps an hour in memory and a day after that."""
    with TimestreamServer(tmp_path, clock) as server:
        client = connect(server)
        client.create_database(DatabaseName="db1")
        retention = {"MemoryStoreRetentionPeriodInHours": 1, "MagneticStoreRetentionPeriodInDays": 1}
        client.create_table(**TABLE, RetentionProperties=retention)
        yield server


def connect(server: TimestreamServer) -> Any:
    return boto3.client("timestream-write", endpoint_url=server.url, **DUMMY)


def get(server: TimestreamServer, path: str, method: str = "GET") -> bytes:
    with urllib.request.urlopen(urllib.request.Request(server.url + path, method=method)) as answer:
        content: bytes = answer.read()
        return content


def lines(server: TimestreamServer, query: str = "") -> list[dict[str, Any]]:
    return [json.loads(line) for line in get(server, f"/inspect/db1/table1{query}").splitlines()]


def counters(server: TimestreamServer) -> dict[str, int]:
    found: dict[str, int] = json.loads(get(server, "/inspect"))["databases"]["db1"]["tables"]["table1"]
    return found


def test_a_line_says_all_that_is_stored_of_a_record(server: TimestreamServer) -> None:
    measures = {
        "rate": ("DOUBLE", "1"),
        "count": ("BIGINT", "2"),
        "muted": ("BOOLEAN", "true"),
        "note": ("VARCHAR", "x"),
        "at": ("TIMESTAMP", str(NOW_MS)),
    }
    connect(server).write_records(**TABLE, Records=[record("s1", measures, Version=7)])
    [line] = lines(server)
    assert line.pop("measures").pop("at").endswith("000000")
    assert line == {
        "time": NOW_MS * 10**6,
        "version": 7,
        "dimensions": {"session_id": "s1"},
        "measure_name": "started",
        "types": {
            "at": "TIMESTAMP",
            "count": "BIGINT",
            "muted": "BOOLEAN",
            "note": "VARCHAR",
            "rate": "DOUBLE",
        },
    }


def test_a_single_measure_is_shown_by_the_name_of_its_column(server: TimestreamServer) -> None:
    connect(server).write_records(**TABLE, Records=[single("s1", "DOUBLE", "1.5", "rate")])
    [line] = lines(server)
    assert line["measures"] == {"measure_value::double": 1.5}
    assert line["types"] == {"measure_value::double": "DOUBLE"}


def test_lines_come_in_the_order_of_time_then_dimensions(server: TimestreamServer) -> None:
    keys = [("b", 2), ("a", 2), ("c", 1), ("a", 1)]
    connect(server).write_records(**TABLE, Records=[record(s, at_ms=NOW_MS + offset) for s, offset in keys])
    found = [(line["dimensions"]["session_id"], line["time"] // 10**6 - NOW_MS) for line in lines(server)]
    assert found == [("a", 1), ("c", 1), ("a", 2), ("b", 2)]


def test_lines_can_be_narrowed_to_a_measure_name_or_a_session(server: TimestreamServer) -> None:
    started, paused = record("s1"), record("s2", measure_name="paused")
    connect(server).write_records(**TABLE, Records=[started, paused])
    assert [line["measure_name"] for line in lines(server, "?measure_name=paused")] == ["paused"]
    assert [line["dimensions"]["session_id"] for line in lines(server, "?session_id=s1")] == ["s1"]
    assert lines(server, "?session_id=s1&measure_name=paused") == []


def test_lines_can_begin_at_a_time(server: TimestreamServer) -> None:
    connect(server).write_records(**TABLE, Records=[record("s1"), record("s2", at_ms=NOW_MS + 1)])
    found = lines(server, f"?from_ms={NOW_MS + 1}")
    assert [line["dimensions"]["session_id"] for line in found] == ["s2"]


@pytest.mark.parametrize("from_ms", ["yesterday", "-1", "²", "9" * 4_000])
def test_a_time_to_begin_at_that_is_none_is_said_to_be_none(server: TimestreamServer, from_ms: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        lines(server, f"?from_ms={quote(from_ms)}")
    assert refused.value.code == 400
    assert "epoch milliseconds" in refused.value.read().decode()


def test_more_lines_than_a_chunk_holds_all_come(server: TimestreamServer) -> None:
    client = connect(server)
    for batch in range(12):
        times = range(batch * 100, batch * 100 + 100)
        client.write_records(**TABLE, Records=[record("s1", at_ms=NOW_MS - offset) for offset in times])
    assert len(lines(server)) == 1200


def test_a_reader_who_leaves_early_disturbs_nobody(
    server: TimestreamServer, caplog: pytest.LogCaptureFixture
) -> None:
    client = connect(server)
    note = {"note": ("VARCHAR", "x" * 1900)}
    for batch in range(40):
        times = range(batch * 100, batch * 100 + 100)
        client.write_records(**TABLE, Records=[record("s1", note, at_ms=NOW_MS - offset) for offset in times])
    with urllib.request.urlopen(f"{server.url}/inspect/db1/table1") as answer:
        answer.read(1)
    assert json.loads(get(server, "/health")) == {"status": "ok"}
    assert len(lines(server)) == 4000
    assert caplog.text == ""


def test_the_counters_tell_what_became_of_every_record(server: TimestreamServer) -> None:
    client = connect(server)
    other = {"bitrate_kbps": ("DOUBLE", "2.5")}
    client.write_records(**TABLE, Records=[record("s1"), record("s2")])
    client.write_records(**TABLE, Records=[record("s1")])
    client.write_records(**TABLE, Records=[record("s1", other, Version=2)])
    with pytest.raises(client.exceptions.RejectedRecordsException):
        client.write_records(**TABLE, Records=[record("s3"), record("s1")])
    with pytest.raises(client.exceptions.ValidationException):
        client.write_records(**TABLE, Records=[record("s1", Time="now")])
    size = 8 + len("session_id") + 2 + len("started") + len("bitrate_kbps") + 8
    assert counters(server) == {
        "records": 3,
        "requests": 4,
        "invalid_requests": 1,
        "ingested": 5,
        "updated": 1,
        "repeated": 1,
        "rejected": 1,
        "late_conflicts": 0,
        "write_bytes": 5 * size,
        "write_units": 4,
    }


def test_an_identical_record_twice_in_one_request_is_refused_without_an_existing_version(
    server: TimestreamServer,
) -> None:
    client = connect(server)
    for _ in range(2):
        with pytest.raises(client.exceptions.RejectedRecordsException) as caught:
            client.write_records(**TABLE, Records=[record("s1"), record("s1")])
        [rejected] = caught.value.response["RejectedRecords"]
        assert rejected["RecordIndex"] == 1
        assert "ExistingVersion" not in rejected
    assert len(lines(server)) == 1


def test_emptying_a_table_leaves_the_table_without_rows_columns_and_counts(server: TimestreamServer) -> None:
    client = connect(server)
    client.write_records(**TABLE, Records=[record("s1", {"x": ("DOUBLE", "1")})])
    get(server, "/inspect/db1/table1", "DELETE")
    assert lines(server) == []
    assert counters(server)["write_units"] == 0
    client.write_records(**TABLE, Records=[record("s1", {"x": ("VARCHAR", "now a string")})])
    assert len(lines(server)) == 1


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_inspecting_a_table_that_does_not_exist_is_404(server: TimestreamServer, method: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(server, "/inspect/db1/nowhere", method)
    assert caught.value.code == 404


def test_records_past_their_retention_vanish(server: TimestreamServer, clock: Clock) -> None:
    client = connect(server)
    minute_ms = 60_000
    client.write_records(**TABLE, Records=[record("s1", at_ms=NOW_MS - age * minute_ms) for age in (0, 50)])
    clock.now_ns += 25 * HOUR_NS - 10 * minute_ms * 10**6
    assert [line["time"] for line in lines(server)] == [NOW_MS * 10**6]
    assert counters(server)["records"] == 1
    clock.now_ns += HOUR_NS
    assert lines(server) == []
    assert counters(server)["records"] == 0


def test_a_series_whose_records_have_vanished_can_be_written_again(
    server: TimestreamServer, clock: Clock
) -> None:
    client = connect(server)
    client.write_records(**TABLE, Records=[record("s1")])
    clock.now_ns += 30 * HOUR_NS
    assert counters(server)["records"] == 0
    client.write_records(**TABLE, Records=[record("s1", at_ms=NOW_MS + 30 * 3_600_000)])
    assert [line["dimensions"] for line in lines(server)] == [{"session_id": "s1"}]


def test_a_series_still_written_outlives_its_first_records(server: TimestreamServer, clock: Clock) -> None:
    client = connect(server)
    later_ms = NOW_MS + 50 * 60_000
    client.write_records(**TABLE, Records=[record("s1")])
    clock.now_ns = later_ms * 10**6
    client.write_records(**TABLE, Records=[record("s1", at_ms=later_ms)])
    clock.now_ns = NOW_MS * 10**6 + 25 * HOUR_NS + HOUR_NS // 2
    assert counters(server)["records"] == 1
    assert [line["time"] for line in lines(server)] == [later_ms * 10**6]


def test_a_longer_retention_widens_the_window_at_once(server: TimestreamServer) -> None:
    client = connect(server)
    longer = {"MemoryStoreRetentionPeriodInHours": 24, "MagneticStoreRetentionPeriodInDays": 1}
    client.update_table(**TABLE, RetentionProperties=longer)
    early = record("s1", at_ms=NOW_MS - 20 * 3_600_000)
    assert client.write_records(**TABLE, Records=[early])["RecordsIngested"]["MemoryStore"] == 1


def test_a_longer_retention_brings_nothing_back(server: TimestreamServer, clock: Clock) -> None:
    client = connect(server)
    client.write_records(**TABLE, Records=[record("s1")])
    clock.now_ns += 26 * HOUR_NS
    longer = {"MemoryStoreRetentionPeriodInHours": 48, "MagneticStoreRetentionPeriodInDays": 7}
    client.update_table(**TABLE, RetentionProperties=longer)
    assert lines(server) == []
    assert counters(server)["records"] == 0


def test_a_partition_key_can_be_made_optional_later(server: TimestreamServer) -> None:
    client = connect(server)
    key = {"Type": "DIMENSION", "Name": "session_id", "EnforcementInRecord": "REQUIRED"}
    keyed = {"DatabaseName": "db1", "TableName": "keyed"}
    client.create_table(**keyed, Schema={"CompositePartitionKey": [key]})
    keyless = record("s1", Dimensions=dimensions(cdn="x"))
    with pytest.raises(client.exceptions.RejectedRecordsException):
        client.write_records(**keyed, Records=[keyless])
    optional = key | {"EnforcementInRecord": "OPTIONAL"}
    client.update_table(**keyed, Schema={"CompositePartitionKey": [optional]})
    assert client.write_records(**keyed, Records=[keyless])["RecordsIngested"]["Total"] == 1


def test_a_partition_key_can_be_made_required_later(server: TimestreamServer) -> None:
    client = connect(server)
    key = {"Type": "DIMENSION", "Name": "session_id", "EnforcementInRecord": "OPTIONAL"}
    keyed = {"DatabaseName": "db1", "TableName": "keyed"}
    client.create_table(**keyed, Schema={"CompositePartitionKey": [key]})
    keyless = record("s1", Dimensions=dimensions(cdn="x"))
    assert client.write_records(**keyed, Records=[keyless])["RecordsIngested"]["Total"] == 1
    required = key | {"EnforcementInRecord": "REQUIRED"}
    client.update_table(**keyed, Schema={"CompositePartitionKey": [required]})
    with pytest.raises(client.exceptions.RejectedRecordsException):
        client.write_records(**keyed, Records=[keyless])


def test_a_partition_key_cannot_be_changed_to_another_dimension(server: TimestreamServer) -> None:
    client = connect(server)
    key = {"Type": "DIMENSION", "Name": "cdn", "EnforcementInRecord": "REQUIRED"}
    with pytest.raises(client.exceptions.ValidationException):
        client.update_table(**TABLE, Schema={"CompositePartitionKey": [key]})


def test_a_deleted_table_is_gone_and_its_name_free(server: TimestreamServer) -> None:
    client = connect(server)
    client.write_records(**TABLE, Records=[record("s1")])
    client.delete_table(**TABLE)
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.describe_table(**TABLE)
    client.create_table(**TABLE)
    assert lines(server) == []
    client.delete_table(**TABLE)
    client.delete_database(DatabaseName="db1")
    assert client.list_databases()["Databases"] == []


def test_databases_are_listed_page_by_page(server: TimestreamServer) -> None:
    client = connect(server)
    for number in range(25):
        client.create_database(DatabaseName=f"page-{number:02}")
    first = client.list_databases(MaxResults=20)
    second = client.list_databases(MaxResults=20, NextToken=first["NextToken"])
    names = [database["DatabaseName"] for database in first["Databases"] + second["Databases"]]
    assert names == ["db1", *(f"page-{number:02}" for number in range(25))]
    assert "NextToken" not in second


def test_a_client_sent_here_by_the_environment_discovers_this_server_and_stays(
    server: TimestreamServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_TIMESTREAM_WRITE", server.url)
    client = boto3.client("timestream-write", **DUMMY)
    client.write_records(**TABLE, Records=[record("s1")])
    assert client.describe_endpoints()["Endpoints"][0]["Address"] == server.url
    assert len(lines(server)) == 1


def test_a_fault_of_the_stand_in_is_answered_with_500_and_logged(
    server: TimestreamServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(inspection, "summary", lambda _storage: 1 // 0)
    with pytest.raises(urllib.error.HTTPError) as caught:
        get(server, "/inspect")
    assert caught.value.code == 500
    assert json.loads(caught.value.read())["__type"].endswith("#InternalServerException")
    assert "ZeroDivisionError" in caplog.text


def test_health_answers(server: TimestreamServer) -> None:
    assert json.loads(get(server, "/health")) == {"status": "ok"}


@pytest.mark.parametrize(
    ("target", "body", "code"),
    [
        ("Timestream_20181101.WriteRecords", b"{", "SerializationException"),
        ("Timestream_20181101.WriteRecords", b'{"Records": 1}', "SerializationException"),
        ("Timestream_20181101.WriteRecords", b"{}", "ValidationException"),
        ("Timestream_20181101.CreateDatabase", b"[]", "SerializationException"),
        ("Timestream_20181101.CreateDatabase", b"", "ValidationException"),
    ],
)
def test_a_request_that_makes_no_sense_is_answered_with_400(
    server: TimestreamServer, target: str, body: bytes, code: str
) -> None:
    request = urllib.request.Request(server.url, body, {"X-Amz-Target": target}, method="POST")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    assert caught.value.code == 400
    assert json.loads(caught.value.read())["__type"].endswith(f"#{code}")
