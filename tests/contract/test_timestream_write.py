"""What Timestream's write API promises, held against the stand-in and, on demand, the real service.

Texts are compared only where the service's own wording is known.
"""

import json
import re
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.records import NOW_MS, dimensions, record, single
from tests.contract.service import Service
from tests.places import CASES

WIRE_CASES = CASES / "timestream"
HOUR_MS = 3_600_000
MINUTE_MS = 60_000
SAME_VERSION = (
    "A record already exists with the same time, dimensions, measure name, and record version. "
    "A higher record version must be specified in order to update the measure value. "
    "Specifying record version is supported by the latest SDKs."
)


def case(name: str) -> list[Any]:
    cases: list[Any] = json.loads((WIRE_CASES / name).read_text())
    return cases


def refusal(service: Service, table: str, *records: dict[str, Any], **options: Any) -> ClientError:
    """The error that writing these records raises."""
    with pytest.raises(ClientError) as caught:
        service.write(table, *records, **options)
    return caught.value


def rejections(service: Service, table: str, *records: dict[str, Any]) -> list[dict[str, Any]]:
    """The RejectedRecords that writing these records raises."""
    error = refusal(service, table, *records)
    assert error.response["Error"]["Code"] == "RejectedRecordsException", error
    rejected: list[dict[str, Any]] = error.response["RejectedRecords"]
    return rejected


def assert_whole_request_refused(error: ClientError) -> None:
    assert error.response["Error"]["Code"] == "ValidationException", error
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400


# --- what is taken


@pytest.mark.parametrize(
    "value", case("values_taken.json"), ids=lambda value: f"{value['type']} {value['text']}"
)
def test_a_value_is_stored_as_the_type_it_was_written_with(
    service: Service, table: str, session_id: str, value: dict[str, Any]
) -> None:
    column = f"a_{value['type'].lower()}"
    service.write(table, record(session_id, {column: (value["type"], value["text"])}))
    [stored] = service.stored(table, session_id)
    assert stored[column] == value["stored"]
    assert type(stored[column]) is type(value["stored"])


def test_a_multi_measure_record_keeps_its_name_its_dimensions_and_all_its_measures(
    service: Service, table: str, session_id: str
) -> None:
    service.write(table, record(session_id, {"width_px": ("BIGINT", "1920"), "muted": ("BOOLEAN", "true")}))
    assert service.stored(table, session_id) == [
        {"measure_name": "started", "session_id": session_id, "width_px": 1920, "muted": True}
    ]


def test_a_single_measure_record_is_stored_in_the_column_of_its_type(
    service: Service, table: str, session_id: str
) -> None:
    service.write(table, single(session_id, "BIGINT", "42", "views"))
    [stored] = service.stored(table, session_id)
    assert stored["measure_value::bigint"] == 42


def test_a_measure_without_a_type_is_a_double(service: Service, table: str, session_id: str) -> None:
    untyped = single(session_id, "DOUBLE", "2.5", "untyped")
    del untyped["MeasureValueType"]
    service.write(table, untyped)
    [stored] = service.stored(table, session_id)
    assert stored["measure_value::double"] == 2.5


def test_a_hundred_records_of_one_request_are_all_stored(
    service: Service, table: str, session_id: str
) -> None:
    ingested = service.write(table, *[record(session_id, at_ms=NOW_MS - place) for place in range(100)])
    assert ingested == {"Total": 100, "MemoryStore": 100, "MagneticStore": 0}
    assert len(service.stored(table, session_id)) == 100


@pytest.mark.parametrize(
    ("unit", "per_second"),
    [("SECONDS", 1), ("MILLISECONDS", 10**3), ("MICROSECONDS", 10**6), ("NANOSECONDS", 10**9)],
)
def test_the_same_instant_in_another_unit_is_the_same_record(
    service: Service, table: str, session_id: str, unit: str, per_second: int
) -> None:
    second = NOW_MS // 1000
    service.write(table, record(session_id, at_ms=second * 1000))
    service.write(table, record(session_id, Time=str(second * per_second), TimeUnit=unit))
    assert len(service.stored(table, session_id)) == 1


def test_records_of_one_millisecond_but_different_nanoseconds_are_different_records(
    service: Service, table: str, session_id: str
) -> None:
    nanoseconds = [
        record(session_id, Time=str(NOW_MS * 10**6 + extra), TimeUnit="NANOSECONDS") for extra in range(3)
    ]
    service.write(table, *nanoseconds)
    assert len(service.stored(table, session_id)) == 3


# --- common attributes


def test_common_attributes_are_merged_into_every_record(
    service: Service, table: str, session_id: str
) -> None:
    common = {
        "Dimensions": dimensions(session_id=session_id),
        "MeasureName": "common",
        "MeasureValueType": "MULTI",
        "TimeUnit": "SECONDS",
    }
    measures = [{"Name": "width_px", "Type": "BIGINT", "Value": "1"}]
    own = {"Dimensions": dimensions(player="hls.js"), "Time": str(NOW_MS // 1000), "MeasureValues": measures}
    service.write(table, own, common=common)
    assert service.stored(table, session_id) == [
        {"measure_name": "common", "session_id": session_id, "player": "hls.js", "width_px": 1}
    ]


@pytest.mark.parametrize(
    "common",
    [{"TimeUnit": "MINUTES"}, {"MeasureValueType": "FLOAT"}, {"Version": 0}],
    ids=["time unit", "type", "version"],
)
def test_common_attributes_that_break_the_api_model_refuse_the_request(
    service: Service, table: str, session_id: str, common: dict[str, Any]
) -> None:
    assert_whole_request_refused(refusal(service, table, record(session_id), common=common))


def test_a_dimension_both_common_and_own_refuses_the_request(
    service: Service, table: str, session_id: str
) -> None:
    common = {"Dimensions": dimensions(session_id=session_id)}
    assert_whole_request_refused(refusal(service, table, record(session_id), common=common))
    assert service.stored(table, session_id) == []


def test_a_dimension_named_twice_refuses_the_request(service: Service, table: str, session_id: str) -> None:
    twice = dimensions(session_id=session_id) + dimensions(session_id="other")
    assert_whole_request_refused(refusal(service, table, record(session_id, Dimensions=twice)))


# --- versions


def test_the_same_record_again_is_accepted_and_changes_nothing(
    service: Service, table: str, session_id: str
) -> None:
    service.write(table, record(session_id))
    assert service.write(table, record(session_id))["Total"] == 1
    assert len(service.stored(table, session_id)) == 1


def test_zero_and_negative_zero_are_equal_values(service: Service, table: str, session_id: str) -> None:
    service.write(table, record(session_id, {"rate": ("DOUBLE", "0.0")}))
    assert service.write(table, record(session_id, {"rate": ("DOUBLE", "-0.0")}))["Total"] == 1
    assert len(service.stored(table, session_id)) == 1


def test_other_values_at_the_same_version_are_refused_in_the_services_words(
    service: Service, table: str, session_id: str
) -> None:
    service.write(table, record(session_id))
    [rejected] = rejections(service, table, record(session_id, {"bitrate_kbps": ("DOUBLE", "2.5")}))
    assert rejected["RecordIndex"] == 0
    assert rejected["Reason"] == SAME_VERSION


def test_other_values_at_a_lower_version_are_refused_with_the_existing_version(
    service: Service, table: str, session_id: str
) -> None:
    service.write(table, record(session_id, Version=200))
    other = record(session_id, {"bitrate_kbps": ("DOUBLE", "2.5")}, Version=2)
    [rejected] = rejections(service, table, other)
    assert rejected["ExistingVersion"] == 200
    assert rejected["Reason"] == (
        "The record version 2 is lower than the existing version 200. "
        "A higher version is required to update the measure value."
    )


def test_a_higher_version_replaces_the_values(service: Service, table: str, session_id: str) -> None:
    service.write(table, record(session_id))
    service.write(table, record(session_id, {"bitrate_kbps": ("DOUBLE", "2.5")}, Version=2))
    [stored] = service.stored(table, session_id)
    assert stored["bitrate_kbps"] == 2.5


def test_equal_values_at_a_higher_version_raise_the_version(
    service: Service, table: str, session_id: str
) -> None:
    service.write(table, record(session_id))
    service.write(table, record(session_id, Version=3))
    [rejected] = rejections(service, table, record(session_id, {"bitrate_kbps": ("DOUBLE", "9")}, Version=2))
    assert rejected["ExistingVersion"] == 3


@pytest.mark.parametrize("version", [0, -1])
def test_a_version_below_one_refuses_the_request(
    service: Service, table: str, session_id: str, version: int
) -> None:
    assert_whole_request_refused(refusal(service, table, record(session_id, Version=version)))


def test_the_same_record_twice_in_one_request_is_stored_once_and_refused_once(
    service: Service, table: str, session_id: str
) -> None:
    other = record(session_id, {"bitrate_kbps": ("DOUBLE", "2.5")})
    [rejected] = rejections(service, table, record(session_id), other)
    assert rejected["Reason"] == SAME_VERSION
    assert len(service.stored(table, session_id)) == 1


# --- refused records among good ones


def test_a_refused_record_leaves_its_neighbours_stored(service: Service, table: str, session_id: str) -> None:
    old = record(session_id, at_ms=NOW_MS - 2 * HOUR_MS)
    good = [record(session_id, at_ms=NOW_MS - place) for place in range(3)]
    error = refusal(service, table, good[0], old, *good[1:])
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 419
    assert error.response["Error"]["Message"] == (
        "One or more records have been rejected. See RejectedRecords for details."
    )
    assert [rejected["RecordIndex"] for rejected in error.response["RejectedRecords"]] == [1]
    assert len(service.stored(table, session_id)) == 3


def test_an_invalid_record_refuses_the_whole_request(service: Service, table: str, session_id: str) -> None:
    bad = record(session_id, {"bitrate_kbps": ("DOUBLE", "fast")}, at_ms=NOW_MS - 1)
    assert_whole_request_refused(refusal(service, table, record(session_id), bad))
    assert service.stored(table, session_id) == []


# --- time


def test_a_record_older_than_the_memory_store_is_refused_with_the_window(
    service: Service, table: str, session_id: str
) -> None:
    [rejected] = rejections(service, table, record(session_id, at_ms=NOW_MS - 3 * HOUR_MS))
    time = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
    expected = rf"The record timestamp is outside the time range \[{time}, {time}\) of the memory store\."
    assert re.fullmatch(expected, rejected["Reason"])


def test_a_late_record_goes_to_the_magnetic_store_if_the_table_allows_it(
    service: Service, magnetic_table: str, session_id: str
) -> None:
    ingested = service.write(
        magnetic_table, record(session_id), record(session_id, at_ms=NOW_MS - 3 * HOUR_MS)
    )
    assert ingested == {"Total": 2, "MemoryStore": 1, "MagneticStore": 1}


def test_a_record_older_than_both_stores_is_refused(
    service: Service, magnetic_table: str, session_id: str
) -> None:
    [rejected] = rejections(service, magnetic_table, record(session_id, at_ms=NOW_MS - 48 * HOUR_MS))
    assert rejected["Reason"].endswith("of the data ingestion window.")


def test_a_conflict_in_the_magnetic_store_is_not_reported_to_the_writer(
    service: Service, magnetic_table: str, session_id: str
) -> None:
    late = NOW_MS - 3 * HOUR_MS
    service.write(magnetic_table, record(session_id, at_ms=late))
    other = record(session_id, {"bitrate_kbps": ("DOUBLE", "2.5")}, at_ms=late)
    assert service.write(magnetic_table, other)["MagneticStore"] == 1


def test_a_record_a_little_ahead_of_time_is_taken(service: Service, table: str, session_id: str) -> None:
    assert service.write(table, record(session_id, at_ms=NOW_MS + 10 * MINUTE_MS))["Total"] == 1


def test_a_record_far_ahead_of_time_is_refused(service: Service, table: str, session_id: str) -> None:
    [rejected] = rejections(service, table, record(session_id, at_ms=NOW_MS + 60 * MINUTE_MS))
    assert "outside the time range" in rejected["Reason"]


@pytest.mark.parametrize("text", ["yesterday", "1.5", "1e12"])
def test_a_time_that_is_no_integer_refuses_the_request(
    service: Service, table: str, session_id: str, text: str
) -> None:
    error = refusal(service, table, record(session_id, Time=text))
    assert_whole_request_refused(error)
    assert error.response["Error"]["Message"] == "Invalid time for record."


# --- values and types


@pytest.mark.parametrize(
    "value", case("values_refused.json"), ids=lambda value: f"{value['type']} {value['text']}"
)
def test_a_value_that_is_not_of_its_type_is_refused(
    service: Service, table: str, session_id: str, value: dict[str, str]
) -> None:
    measures = {f"b_{value['type'].lower()}": (value["type"], value["text"])}
    error = refusal(service, table, record(session_id, measures))
    assert error.response["Error"]["Code"] in {"ValidationException", "RejectedRecordsException"}
    assert service.stored(table, session_id) == []


def test_a_column_keeps_its_type(service: Service, table: str, session_id: str) -> None:
    service.write(table, record(session_id, {"kept": ("BIGINT", "1")}))
    other = record(session_id, {"kept": ("VARCHAR", "one")}, at_ms=NOW_MS - 1)
    assert len(rejections(service, table, other)) == 1


def test_a_measure_cannot_have_the_name_of_a_dimension(service: Service, table: str, session_id: str) -> None:
    clash = record(session_id, {"session_id": ("VARCHAR", "x")})
    error = refusal(service, table, clash)
    assert error.response["Error"]["Code"] in {"ValidationException", "RejectedRecordsException"}


@pytest.mark.parametrize(
    "members",
    [
        {"MeasureValues": None},
        {"MeasureValues": []},
        {"MeasureValue": "1"},
        {"MeasureValueType": "DOUBLE"},
        {"MeasureValueType": "FLOAT"},
    ],
    ids=["no values", "empty values", "both forms", "values without MULTI", "unknown type"],
)
def test_a_record_whose_values_do_not_fit_its_type_refuses_the_request(
    service: Service, table: str, session_id: str, members: dict[str, Any]
) -> None:
    broken = {key: value for key, value in record(session_id, **members).items() if value is not None}
    assert_whole_request_refused(refusal(service, table, broken))


def test_a_timestamp_is_a_measure_in_multi_records_only(
    service: Service, table: str, session_id: str
) -> None:
    error = refusal(service, table, single(session_id, "TIMESTAMP", str(NOW_MS), "moment"))
    assert_whole_request_refused(error)
    assert error.response["Error"]["Message"] == "TIMESTAMP is an invalid measure value type."


# --- limits


@pytest.mark.parametrize("count", [0, 101])
def test_a_request_has_one_to_a_hundred_records(
    service: Service, table: str, session_id: str, count: int
) -> None:
    records = [record(session_id, at_ms=NOW_MS - place) for place in range(count)]
    assert_whole_request_refused(refusal(service, table, *records))


@pytest.mark.parametrize(
    "members",
    [
        {"Dimensions": []},
        {"Dimensions": [{"Name": "empty", "Value": ""}]},
        {"Dimensions": [{"Name": "", "Value": "x"}]},
        {"Dimensions": [{"Name": "x", "Value": "x", "DimensionValueType": "BIGINT"}]},
        {"Dimensions": dimensions(**{f"d{place}": "x" for place in range(129)})},
        {"MeasureName": ""},
        {"TimeUnit": "MINUTES"},
        {"Time": ""},
        {"Time": "1" * 257},
    ],
    ids=[
        "no dimension", "empty dimension value", "empty dimension name", "dimension type", "129 dimensions",
        "empty measure name", "time unit", "empty time", "endless time",
    ],
)  # fmt: skip
def test_a_record_that_breaks_the_api_model_refuses_the_request(
    service: Service, table: str, session_id: str, members: dict[str, Any]
) -> None:
    assert_whole_request_refused(refusal(service, table, record(session_id, **members)))


@pytest.mark.parametrize("member", ["MeasureName", "Time", "Dimensions"])
def test_a_record_without_a_required_member_refuses_the_request(
    service: Service, table: str, session_id: str, member: str
) -> None:
    incomplete = record(session_id)
    del incomplete[member]
    assert_whole_request_refused(refusal(service, table, incomplete))


@pytest.mark.parametrize("text", ["", "x" * 2049], ids=["empty", "2049 characters"])
def test_a_string_has_1_to_2048_characters(service: Service, table: str, session_id: str, text: str) -> None:
    assert_whole_request_refused(refusal(service, table, record(session_id, {"note": ("VARCHAR", text)})))


@pytest.mark.parametrize(
    "members",
    [
        {"Dimensions": [{"Name": "n" * 61, "Value": "x"}]},
        {"MeasureName": "m" * 257},
        {"Dimensions": dimensions(**{f"dimension_{place}": "v" * 250 for place in range(8)})},
    ],
    ids=["dimension name of 61 bytes", "measure name of 257 bytes", "dimensions of more than 2 KB"],
)
def test_a_record_beyond_a_limit_is_refused(
    service: Service, table: str, session_id: str, members: dict[str, Any]
) -> None:
    error = refusal(service, table, record(session_id, **members))
    assert error.response["Error"]["Code"] in {"ValidationException", "RejectedRecordsException"}


def test_a_record_of_more_than_2_kb_is_refused(service: Service, table: str, session_id: str) -> None:
    large = record(session_id, {"note": ("VARCHAR", "x" * 2048)})
    error = refusal(service, table, large)
    assert error.response["Error"]["Code"] in {"ValidationException", "RejectedRecordsException"}


@pytest.mark.parametrize("name", case("names_reserved.json"))
def test_a_dimension_with_a_reserved_name_is_refused(
    service: Service, table: str, session_id: str, name: str
) -> None:
    reserved = [*dimensions(session_id=session_id), {"Name": name, "Value": "x"}]
    error = refusal(service, table, record(session_id), record(session_id, Dimensions=reserved))
    assert_whole_request_refused(error)
    assert service.stored(table, session_id) == []


# --- partition key


def test_a_record_without_the_required_partition_key_is_refused(
    service: Service, keyed_table: str, session_id: str
) -> None:
    keyless = record(session_id, Dimensions=dimensions(player="hls.js"), at_ms=NOW_MS - 1)
    rejected = rejections(service, keyed_table, record(session_id), keyless)
    assert [one["RecordIndex"] for one in rejected] == [1]


# --- databases, tables, tags


def test_writing_to_a_table_that_does_not_exist_is_resource_not_found(
    service: Service, session_id: str
) -> None:
    error = refusal(service, "no-such-table", record(session_id))
    assert error.response["Error"]["Code"] == "ResourceNotFoundException"


def test_a_table_describes_itself_as_it_was_created(service: Service, keyed_table: str) -> None:
    answer = service.client.describe_table(DatabaseName=service.database, TableName=keyed_table)["Table"]
    assert answer["TableStatus"] == "ACTIVE"
    assert answer["RetentionProperties"] == {
        "MemoryStoreRetentionPeriodInHours": 6,
        "MagneticStoreRetentionPeriodInDays": 73000,
    }
    assert answer["Schema"] == {
        "CompositePartitionKey": [
            {"Type": "DIMENSION", "Name": "session_id", "EnforcementInRecord": "REQUIRED"}
        ]
    }
    assert answer["Arn"].endswith(f"database/{service.database}/table/{keyed_table}")


def test_a_table_cannot_be_created_twice(service: Service, table: str) -> None:
    with pytest.raises(service.client.exceptions.ConflictException):
        service.client.create_table(DatabaseName=service.database, TableName=table)


def test_a_database_cannot_be_created_twice(service: Service) -> None:
    with pytest.raises(service.client.exceptions.ConflictException):
        service.client.create_database(DatabaseName=service.database)


def test_a_database_with_tables_cannot_be_deleted(service: Service, table: str) -> None:
    with pytest.raises(service.client.exceptions.ValidationException):
        service.client.delete_database(DatabaseName=service.database)


@pytest.mark.parametrize("retention", [(0, 1), (8767, 1), (1, 0), (1, 73001)])
def test_retention_has_limits(service: Service, retention: tuple[int, int]) -> None:
    hours, days = retention
    properties = {"MemoryStoreRetentionPeriodInHours": hours, "MagneticStoreRetentionPeriodInDays": days}
    with pytest.raises(service.client.exceptions.ValidationException):
        service.client.create_table(
            DatabaseName=service.database, TableName="refused", RetentionProperties=properties
        )


@pytest.mark.parametrize("name", ["ab", "no spaces", "x" * 257])
def test_a_table_name_has_limits(service: Service, name: str) -> None:
    with pytest.raises(service.client.exceptions.ValidationException):
        service.client.create_table(DatabaseName=service.database, TableName=name)


def test_a_table_can_be_tagged_and_untagged(service: Service, table: str) -> None:
    described = service.client.describe_table(DatabaseName=service.database, TableName=table)["Table"]
    arn = described["Arn"]
    service.client.tag_resource(ResourceARN=arn, Tags=[{"Key": "owner", "Value": "qoe"}])
    assert service.client.list_tags_for_resource(ResourceARN=arn)["Tags"] == [
        {"Key": "owner", "Value": "qoe"}
    ]
    service.client.untag_resource(ResourceARN=arn, TagKeys=["owner"])
    assert service.client.list_tags_for_resource(ResourceARN=arn)["Tags"] == []


def test_tables_are_listed_page_by_page(service: Service, table: str, keyed_table: str) -> None:
    names: list[str] = []
    token: dict[str, str] = {}
    while True:
        page = service.client.list_tables(DatabaseName=service.database, MaxResults=1, **token)
        assert len(page["Tables"]) <= 1
        names += [listed["TableName"] for listed in page["Tables"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert len(names) == len(set(names))
    assert {table, keyed_table} <= set(names)
