"""The stand-in's control plane under requests that are wrong in shape, in size or half right."""

import base64
import json
import logging
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from local.timestream.storage import inspection
from local.timestream.storage.sqlite import Storage
from local.timestream.testing import TimestreamServer
from tests.contract.records import dimensions, record

DUMMY = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
NAMES = {"DatabaseName": "db1", "TableName": "table1"}
REQUIRED = {"Type": "DIMENSION", "Name": "session_id", "EnforcementInRecord": "REQUIRED"}
STATUSES = {
    "ValidationException": 400,
    "ServiceQuotaExceededException": 402,
    "ResourceNotFoundException": 404,
    "ConflictException": 409,
}
HOURS, DAYS = "MemoryStoreRetentionPeriodInHours", "MagneticStoreRetentionPeriodInDays"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[TimestreamServer]:
    with TimestreamServer(tmp_path) as server:
        yield server


@pytest.fixture
def client(server: TimestreamServer) -> Any:
    """What is wrong must reach the stand-in, so botocore must not find it first."""
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    client = boto3.client("timestream-write", endpoint_url=server.url, config=config, **DUMMY)
    client.create_database(DatabaseName="db1")
    return client


def post(url: str, target: str, body: bytes) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(url, body, {"X-Amz-Target": target}, method="POST")
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def refusal(call: Any, **members: Any) -> tuple[str, str]:
    """Code and message of the error that a call raises, answered with the status of its code."""
    with pytest.raises(ClientError) as caught:
        call(**members)
    status = STATUSES[caught.value.response["Error"]["Code"]]
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


def late_records_to(**bucket: str) -> dict[str, Any]:
    """Members of a table that reports late records it drops to this bucket."""
    location = {"S3Configuration": bucket}
    properties = {"EnableMagneticStoreWrites": True, "MagneticStoreRejectedDataLocation": location}
    return {"MagneticStoreWriteProperties": properties}


@pytest.mark.parametrize(
    "members",
    [
        {"RetentionProperties": {HOURS: 1.5, DAYS: 1}},
        {"RetentionProperties": {HOURS: "1", DAYS: 1}},
        {"MagneticStoreWriteProperties": {"EnableMagneticStoreWrites": "yes"}},
        {"Schema": {"CompositePartitionKey": ["session_id"]}},
        {"Tags": "owner"},
        {"TableName": 5},
    ],
)
def test_a_member_of_another_type_is_refused_and_nothing_is_created(
    server: TimestreamServer, client: Any, members: dict[str, Any]
) -> None:
    status, answer = post(server.url, "Timestream_20181101.CreateTable", json.dumps(NAMES | members).encode())
    assert (status, answer["__type"].split("#")[1]) == (400, "SerializationException")
    assert client.list_tables(DatabaseName="db1")["Tables"] == []


@pytest.mark.parametrize("body", [b'{"DatabaseName": "\xff"}', b'{"x": ' + b"[" * 100_000])
@pytest.mark.parametrize("operation", ["WriteRecords", "CreateDatabase"])
def test_bytes_that_cannot_be_read_are_answered_with_400(
    server: TimestreamServer, operation: str, body: bytes
) -> None:
    status, answer = post(server.url, f"Timestream_20181101.{operation}", body)
    assert (status, answer["__type"].split("#")[1]) == (400, "SerializationException")


def test_a_body_that_is_not_encoded_as_it_says_is_answered_with_400(server: TimestreamServer) -> None:
    headers = {"X-Amz-Target": "Timestream_20181101.ListDatabases", "Content-Encoding": "gzip"}
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(urllib.request.Request(server.url, b"{}", headers, method="POST"))
    assert caught.value.code == 400
    assert json.load(caught.value)["__type"].endswith("#SerializationException")


@pytest.mark.parametrize("target", ["", "ListDatabases", "DynamoDB_20120810.ListDatabases"])
def test_an_operation_of_no_or_another_service_is_unknown(server: TimestreamServer, target: str) -> None:
    status, answer = post(server.url, target, b"{}")
    assert (status, answer) == (404, {"__type": "com.amazon.coral.service#UnknownOperationException"})


def test_an_operation_that_is_unknown_is_logged_with_those_that_are_known(
    server: TimestreamServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    post(server.url, "Timestream_20181101.CreateTabel", b"{}")
    assert "'CreateTabel'; known are WriteRecords, " in caplog.text


def test_common_attributes_that_are_null_are_none(server: TimestreamServer, client: Any) -> None:
    client.create_table(**NAMES)
    body = {**NAMES, "CommonAttributes": None, "Records": [record("s1")]}
    status, _ = post(server.url, "Timestream_20181101.WriteRecords", json.dumps(body).encode())
    assert status == 200


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"RetentionProperties": {HOURS: 1}}, "retentionProperties.magneticStoreRetentionPeriodInDays"),
        ({"RetentionProperties": {DAYS: 1}}, "retentionProperties.memoryStoreRetentionPeriodInHours"),
        ({"MagneticStoreWriteProperties": {}}, "enableMagneticStoreWrites"),
        ({"Schema": {"CompositePartitionKey": [REQUIRED | {"EnforcementInRecord": "MAYBE"}]}}, "OPTIONAL]"),
        ({"Tags": [{"Key": "owner"}]}, "tags.1.member.value"),
        ({"Tags": [{"Key": "", "Value": ""}]}, "tags.1.member.key"),
        ({"Tags": [{"Key": "k" * 129, "Value": ""}]}, "less than or equal to 128"),
        ({"Tags": [{"Key": "k", "Value": "v" * 257}]}, "less than or equal to 256"),
        ({"Tags": [{"Key": str(n), "Value": ""} for n in range(201)]}, "less than or equal to 200"),
        ({"Tags": [{"Key": "a{b}", "Value": ""}]}, "tags.1.member.key"),
        ({"Tags": [{"Key": "owner", "Value": "<qoe>"}]}, "tags.1.member.value"),
        ({"Tags": [{"Key": "AWS:owner", "Value": ""}]}, "'aws:' are reserved"),
        ({"Schema": {"CompositePartitionKey": [REQUIRED | {"Type": "TAG"}]}}, "[DIMENSION, MEASURE]"),
        ({"Schema": {"CompositePartitionKey": [REQUIRED | {"Name": "time"}]}}, "'time' is reserved"),
        ({"Schema": {"CompositePartitionKey": [{"Type": "DIMENSION"}]}}, "of type DIMENSION with a Name"),
        ({"Schema": {"CompositePartitionKey": [REQUIRED | {"Type": "MEASURE"}]}}, "MEASURE without one"),
        ({"Schema": {"CompositePartitionKey": [REQUIRED | {"Name": "a:b"}]}}, "contains ':'"),
        (late_records_to(BucketName="late", EncryptionOption="KMS"), "[SSE_S3, SSE_KMS]"),
        (late_records_to(BucketName="Late"), "s3Configuration.bucketName"),
        (late_records_to(BucketName="late", ObjectKeyPrefix="/late"), "s3Configuration.objectKeyPrefix"),
    ],
)
def test_a_table_is_not_created_with_a_member_that_breaks_the_api_model(
    client: Any, members: dict[str, Any], words: str
) -> None:
    code, message = refusal(client.create_table, **NAMES, **members)
    assert code == "ValidationException"
    assert words in message
    assert client.list_tables(DatabaseName="db1")["Tables"] == []


def test_an_update_that_is_refused_changes_nothing(client: Any) -> None:
    client.create_table(**NAMES, Schema={"CompositePartitionKey": [REQUIRED]})
    optional = {"CompositePartitionKey": [REQUIRED | {"EnforcementInRecord": "OPTIONAL"}]}
    refusal(client.update_table, **NAMES, Schema=optional, RetentionProperties={HOURS: 0, DAYS: 1})
    with pytest.raises(client.exceptions.RejectedRecordsException):
        client.write_records(**NAMES, Records=[record("s1", Dimensions=dimensions(cdn="x"))])


def test_an_update_with_an_empty_schema_keeps_the_partition_key(client: Any) -> None:
    client.create_table(**NAMES, Schema={"CompositePartitionKey": [REQUIRED]})
    table = client.update_table(**NAMES, Schema={})["Table"]
    assert table["Schema"]["CompositePartitionKey"] == [REQUIRED]


@pytest.mark.parametrize(
    ("size", "words"), [(0, "greater than or equal to 1"), (21, "less than or equal to 20")]
)
def test_a_page_has_1_to_20_items(client: Any, size: int, words: str) -> None:
    for call in (client.list_databases, client.list_tables):
        code, message = refusal(call, MaxResults=size)
        assert code == "ValidationException"
        assert words in message


@pytest.mark.parametrize("token", ["100", "\u00b2", "9" * 5_000, base64.b64encode(b"\xff").decode()])
def test_a_token_that_is_not_ours_is_refused(client: Any, token: str) -> None:
    assert refusal(client.list_tables, NextToken=token)[0] == "ValidationException"


def test_what_is_deleted_between_two_pages_hides_nothing_from_the_second(client: Any) -> None:
    for number in range(6):
        client.create_table(DatabaseName="db1", TableName=f"table{number}")
    found, token = [], {}
    while True:
        page = client.list_tables(DatabaseName="db1", MaxResults=2, **token)
        for table in page["Tables"]:
            found.append(table["TableName"])
            client.delete_table(DatabaseName="db1", TableName=table["TableName"])
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert found == [f"table{number}" for number in range(6)]


@pytest.mark.parametrize("arn", ["db1", "{arn}/table/", "{arn}/table/none", "{arn}x"])
def test_only_a_whole_arn_names_a_resource(client: Any, arn: str) -> None:
    known = client.describe_database(DatabaseName="db1")["Database"]["Arn"]
    tags = [{"Key": "owner", "Value": "qoe"}]
    code, _ = refusal(client.tag_resource, ResourceARN=arn.format(arn=known), Tags=tags)
    assert code == "ResourceNotFoundException"


def test_tags_to_set_and_to_remove_must_be_named(client: Any) -> None:
    arn = client.describe_database(DatabaseName="db1")["Database"]["Arn"]
    assert refusal(client.tag_resource, ResourceARN=arn)[0] == "ValidationException"
    assert refusal(client.untag_resource, ResourceARN=arn)[0] == "ValidationException"


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (["k"] * 201, "less than or equal to 200"),
        ([""], "tagKeys.1.member"),
        (["k", "k" * 129], "tagKeys.2.member"),
    ],
)
def test_tags_to_remove_keep_the_api_model(client: Any, keys: list[str], words: str) -> None:
    arn = client.describe_database(DatabaseName="db1")["Database"]["Arn"]
    code, message = refusal(client.untag_resource, ResourceARN=arn, TagKeys=keys)
    assert code == "ValidationException"
    assert words in message


def tags(prefix: str, count: int) -> list[dict[str, str]]:
    return [{"Key": f"{prefix}{number}", "Value": "x"} for number in range(count)]


def test_a_resource_has_at_most_50_tags(client: Any) -> None:
    arn = client.describe_database(DatabaseName="db1")["Database"]["Arn"]
    client.tag_resource(ResourceARN=arn, Tags=tags("a", 50))
    client.tag_resource(ResourceARN=arn, Tags=tags("a", 50))
    code, message = refusal(client.tag_resource, ResourceARN=arn, Tags=tags("b", 1))
    assert (code, "51 tags" in message) == ("ServiceQuotaExceededException", True)
    assert len(client.list_tags_for_resource(ResourceARN=arn)["Tags"]) == 50


def test_nothing_is_created_with_more_than_50_tags(client: Any) -> None:
    for call, names in ((client.create_table, NAMES), (client.create_database, {"DatabaseName": "db2"})):
        assert refusal(call, **names, Tags=tags("a", 51))[0] == "ServiceQuotaExceededException"
    assert client.list_tables(DatabaseName="db1")["Tables"] == []
    assert len(client.list_databases()["Databases"]) == 1


def test_a_tag_may_hold_letters_digits_blanks_and_some_signs(client: Any) -> None:
    arn = client.describe_database(DatabaseName="db1")["Database"]["Arn"]
    tag = {"Key": "Größe 水 1+-=._:/", "Value": ""}
    client.tag_resource(ResourceARN=arn, Tags=[tag])
    assert client.list_tags_for_resource(ResourceARN=arn)["Tags"] == [tag]


def test_what_is_there_already_is_a_conflict(client: Any) -> None:
    client.create_table(**NAMES)
    assert refusal(client.create_table, **NAMES)[0] == "ConflictException"
    assert refusal(client.create_database, DatabaseName="db1")[0] == "ConflictException"


def test_of_a_missing_database_and_table_the_database_is_named(client: Any) -> None:
    for call, members in ((client.write_records, {"Records": [record("s1")]}), (client.describe_table, {})):
        code, message = refusal(call, DatabaseName="nowhere", TableName="table1", **members)
        assert (code, message) == (
            "ResourceNotFoundException",
            "The database nowhere does not exist.",
        )
    assert refusal(client.describe_table, **NAMES)[1] == "The table table1 does not exist."


def test_updating_a_database_to_the_key_it_has_is_no_update(client: Any) -> None:
    created = client.describe_database(DatabaseName="db1")["Database"]
    same = client.update_database(DatabaseName="db1", KmsKeyId="alias/aws/timestream")["Database"]
    assert same["LastUpdatedTime"] == created["LastUpdatedTime"]
    other = client.update_database(DatabaseName="db1", KmsKeyId="alias/other")["Database"]
    assert other["LastUpdatedTime"] > created["LastUpdatedTime"]
    assert other["KmsKeyId"] != same["KmsKeyId"]


def test_a_table_emptied_while_it_is_read_is_read_to_the_end(tmp_path: Path) -> None:
    with TimestreamServer(tmp_path) as server:
        client = boto3.client("timestream-write", endpoint_url=server.url, **DUMMY)
        client.create_database(DatabaseName="db1")
        client.create_table(**NAMES)
        client.write_records(**NAMES, Records=[record(f"s{number}") for number in range(3)])
    storage = Storage(tmp_path)
    table = storage.tables["db1", "table1"]
    reader = storage.reader()
    table.schema.columns.clear()
    [chunk] = inspection.lines(reader, table, 0)
    assert len(chunk.splitlines()) == 3
    reader.close()
    storage.close()
