"""Reading the control plane's requests and describing a table in its answers. Pure."""

from typing import Any

from local.timestream.rules import limits, wire
from local.timestream.rules.errors import refuse, refuse_member
from local.timestream.rules.members import check_choice, check_pattern, check_range, check_size, member_path
from local.timestream.rules.names import check_name
from local.timestream.rules.schema import PartitionKey
from local.timestream.rules.window import Retention
from local.timestream.storage.table import Table

Request = wire.Control
Answer = dict[str, Any]

DATABASE_ARN = "arn:aws:timestream:us-east-1:000000000000:database/"
_NAME_PATTERN = "[a-zA-Z0-9_.-]+"
_KEY_TYPES = ("DIMENSION", "MEASURE")
_ENFORCEMENTS = ("REQUIRED", "OPTIONAL")
_ENCRYPTIONS = ("SSE_S3", "SSE_KMS")
_BUCKET_PATTERNS = {
    "BucketName": r"[a-z0-9][\.\-a-z0-9]{1,61}[a-z0-9]",
    "ObjectKeyPrefix": r"[a-zA-Z0-9|!\-_*'\(\)]([a-zA-Z0-9]|[!\-_*'\(\)\/.])+",
}
_S3_PATH = "magneticStoreWriteProperties.magneticStoreRejectedDataLocation.s3Configuration"


def table_arn(database: str, table: str) -> str:
    """A table's ARN, in an account that does not exist."""
    return f"{DATABASE_ARN}{database}/table/{table}"


def describe_table(table: Table) -> Answer:
    """The Table member of an answer."""
    facts = table.facts
    key = {"Type": facts.partition_key.type}
    if facts.partition_key.name is not None:
        key["Name"] = facts.partition_key.name
        key["EnforcementInRecord"] = "REQUIRED" if facts.partition_key.required else "OPTIONAL"
    magnetic: dict[str, Any] = {"EnableMagneticStoreWrites": facts.retention.magnetic_writes}
    if facts.rejected_data_location:
        magnetic["MagneticStoreRejectedDataLocation"] = facts.rejected_data_location
    return {
        "Arn": table_arn(table.database, table.name),
        "TableName": table.name,
        "DatabaseName": table.database,
        "TableStatus": "ACTIVE",
        "RetentionProperties": {
            "MemoryStoreRetentionPeriodInHours": facts.retention.memory_hours,
            "MagneticStoreRetentionPeriodInDays": facts.retention.magnetic_days,
        },
        "CreationTime": facts.created,
        "LastUpdatedTime": facts.updated,
        "MagneticStoreWriteProperties": magnetic,
        "Schema": {"CompositePartitionKey": [key]},
    }


def required(request: Request, member: str) -> str:
    """A required member; ValidationException if it is absent."""
    value = request.get(member)
    if value is None:
        refuse_member(None, member_path(member), "not be null")
    return str(value)


def new_name(name: str | None, path: str) -> str:
    """The name of a database or table to be created, checked."""
    if name is None:
        refuse_member(None, path, "not be null")
    check_pattern(name, path, _NAME_PATTERN)
    check_size(len(name), name, path, limits.RESOURCE_NAME_BYTES)
    return name


def retention_of(request: Request, current: Retention) -> Retention:
    """The retention the request asks for; what it does not name stays as it is."""
    properties, magnetic = request.get("RetentionProperties"), request.get("MagneticStoreWriteProperties")
    hours, days, writes = current.memory_hours, current.magnetic_days, current.magnetic_writes
    if properties is not None:
        path = "retentionProperties"
        hours = _number(properties, "MemoryStoreRetentionPeriodInHours", path, limits.MEMORY_HOURS)
        days = _number(properties, "MagneticStoreRetentionPeriodInDays", path, limits.MAGNETIC_DAYS)
    if magnetic is not None:
        asked = magnetic.get("EnableMagneticStoreWrites")
        if asked is None:
            refuse_member(None, "magneticStoreWriteProperties.enableMagneticStoreWrites", "not be null")
        writes = asked
    return Retention(hours, days, writes)


def rejected_data_location_of(request: Request) -> wire.RejectedDataLocation | None:
    """Where a table's rejected magnetic writes would be reported; checked and kept, not used."""
    magnetic = request.get("MagneticStoreWriteProperties") or {}
    location = magnetic.get("MagneticStoreRejectedDataLocation")
    bucket = (location or {}).get("S3Configuration") or {}
    check_choice(bucket.get("EncryptionOption"), f"{_S3_PATH}.encryptionOption", _ENCRYPTIONS)
    for member, pattern in _BUCKET_PATTERNS.items():
        if (value := bucket.get(member)) is not None:
            check_pattern(str(value), f"{_S3_PATH}.{member_path(member)}", pattern)
    return location


def partition_key_of(request: Request) -> PartitionKey | None:
    """The partition key a request sets, if it sets one."""
    keys = (request.get("Schema") or {}).get("CompositePartitionKey")
    if keys is None:
        return None
    if len(keys) != 1:
        refuse("CompositePartitionKey must have exactly one partition key.")
    kind, name, enforcement = keys[0].get("Type"), keys[0].get("Name"), keys[0].get("EnforcementInRecord")
    path = "schema.compositePartitionKey.1.member"
    check_choice(kind, f"{path}.type", _KEY_TYPES)
    check_choice(enforcement, f"{path}.enforcementInRecord", _ENFORCEMENTS)
    if kind == "DIMENSION" and name:
        check_name(name, "dimension")
        return PartitionKey("DIMENSION", name, enforcement == "REQUIRED")
    if kind == "MEASURE" and not name:
        return PartitionKey()
    refuse("A partition key is of type DIMENSION with a Name, or of type MEASURE without one.")


def _number(properties: wire.Retention, member: str, path: str, allowed: range) -> int:
    """A required whole number within its range."""
    value: Any = properties.get(member)
    path = f"{path}.{member_path(member)}"
    if value is None:
        refuse_member(None, path, "not be null")
    check_range(value, path, allowed)
    return int(value)
