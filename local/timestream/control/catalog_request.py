"""Reading the control plane's requests and describing a table in its answers. Pure."""

import base64
import binascii
from collections.abc import Sequence
from typing import Any, TypeVar

from local.timestream.rules import limits, wire
from local.timestream.rules.errors import refuse, refuse_member
from local.timestream.rules.members import check_choice, check_pattern, check_range, check_size
from local.timestream.rules.names import check_name
from local.timestream.rules.schema import PartitionKey
from local.timestream.rules.window import Retention
from local.timestream.storage.table import Table

Request = wire.Control
Answer = dict[str, Any]
Names = TypeVar("Names", bound=tuple[str, ...])
"""What a listing lists: a database, or a table behind its database."""

DATABASE_ARN = "arn:aws:timestream:us-east-1:000000000000:database/"
_NAME_PATTERN = "[a-zA-Z0-9_.-]+"
_TAG_PATTERN = r"[\w +\-=._:/]*"
_AWS_TAGS = "aws:"
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
        refuse_member(None, _path(member), "not be null")
    return str(value)


def tags_of(request: Request) -> list[tuple[str, str]]:
    """Keys and values of the tags a request sets."""
    tags = request.get("Tags") or []
    check_size(len(tags), f"[{len(tags)} tags]", "tags", limits.TAGS_PER_REQUEST)
    for place, tag in enumerate(tags, start=1):
        for member, allowed in (("Key", limits.TAG_KEY_CHARS), ("Value", limits.TAG_VALUE_CHARS)):
            value: Any = tag.get(member)
            path = f"tags.{place}.member.{_path(member)}"
            if value is None:
                refuse_member(None, path, "not be null")
            check_size(len(value), value, path, allowed)
            check_pattern(value, path, _TAG_PATTERN)
        if str(tag["Key"]).lower().startswith(_AWS_TAGS):
            refuse(f"Tag keys that begin with '{_AWS_TAGS}' are reserved.")
    return [(str(tag["Key"]), str(tag["Value"])) for tag in tags]


def tag_keys_of(request: Request) -> list[str]:
    """Keys of the tags a request removes."""
    keys = request.get("TagKeys")
    if keys is None:
        refuse_member(None, "tagKeys", "not be null")
    check_size(len(keys), f"[{len(keys)} keys]", "tagKeys", limits.TAGS_PER_REQUEST)
    for place, key in enumerate(keys, start=1):
        check_size(len(key), key, f"tagKeys.{place}.member", limits.TAG_KEY_CHARS)
    return keys


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
            check_pattern(str(value), f"{_S3_PATH}.{_path(member)}", pattern)
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


def page_of(items: Sequence[Names], request: Request) -> tuple[Sequence[Names], dict[str, str]]:
    """One page of a sorted listing and the token of the next.

    The token names the last item before the next page, so that items created or deleted between two pages
    make no other one appear twice or never.
    """
    size = request.get("MaxResults")
    if size is None:
        size = limits.LIST_PAGE[-1]
    check_range(size, "maxResults", limits.LIST_PAGE)
    after = _read_token(request.get("NextToken"))
    rest = [item for item in items if item > after]
    page = rest[:size]
    return page, {"NextToken": _token(page[-1])} if len(rest) > size else {}


def _token(names: tuple[str, ...]) -> str:
    return base64.urlsafe_b64encode("/".join(names).encode()).decode()


def _read_token(token: str | None) -> tuple[str, ...]:
    if not token:
        return ()
    try:
        return tuple(base64.urlsafe_b64decode(token).decode().split("/"))
    except (binascii.Error, ValueError):
        refuse("The NextToken is invalid.")


def _number(properties: wire.Retention, member: str, path: str, allowed: range) -> int:
    """A required whole number within its range."""
    value: Any = properties.get(member)
    path = f"{path}.{_path(member)}"
    if value is None:
        refuse_member(None, path, "not be null")
    check_range(value, path, allowed)
    return int(value)


def _path(member: str) -> str:
    """A member's name as it stands in the service's messages."""
    return member[0].lower() + member[1:]
