"""Reading the control plane's requests and describing a table in its answers. Pure."""

from typing import Any, TypeVar

from local.timestream import limits
from local.timestream.errors import refuse, refuse_member
from local.timestream.schema import PartitionKey
from local.timestream.table import Table
from local.timestream.window import Retention

Request = dict[str, Any]
Answer = dict[str, Any]
_Item = TypeVar("_Item")

DATABASE_ARN = "arn:aws:timestream:us-east-1:000000000000:database/"
_NAME_PATTERN = "[a-zA-Z0-9_.-]+"


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
        refuse_member(None, member[0].lower() + member[1:], "not be null")
    return str(value)


def tags_of(request: Request) -> list[dict[str, str]]:
    """The tags a request sets."""
    tags: list[dict[str, str]] = request.get("Tags") or []
    if len(tags) > limits.TAGS_PER_RESOURCE:
        most = limits.TAGS_PER_RESOURCE
        refuse_member(f"[{len(tags)} tags]", "tags", f"have length less than or equal to {most}")
    return tags


def new_name(name: str | None, path: str) -> str:
    """The name of a database or table to be created, checked."""
    if name is None:
        refuse_member(None, path, "not be null")
    shortest, longest = limits.RESOURCE_NAME_BYTES[0], limits.RESOURCE_NAME_BYTES[-1]
    if not all(char.isascii() and (char.isalnum() or char in "_.-") for char in name):
        refuse_member(name, path, f"satisfy regular expression pattern: {_NAME_PATTERN}")
    if len(name) < shortest:
        refuse_member(name, path, f"have length greater than or equal to {shortest}")
    if len(name) > longest:
        refuse_member(name, path, f"have length less than or equal to {longest}")
    return name


def retention_of(request: Request, current: Retention) -> Retention:
    """The retention the request asks for; what it does not name stays as it is."""
    properties = request.get("RetentionProperties") or {}
    magnetic = request.get("MagneticStoreWriteProperties") or {}
    wanted = {}
    for field, member, allowed in (
        ("memory_hours", "MemoryStoreRetentionPeriodInHours", limits.MEMORY_HOURS),
        ("magnetic_days", "MagneticStoreRetentionPeriodInDays", limits.MAGNETIC_DAYS),
    ):
        value = properties.get(member, getattr(current, field))
        path = f"retentionProperties.{member[0].lower()}{member[1:]}"
        if value < allowed[0]:
            refuse_member(value, path, f"have value greater than or equal to {allowed[0]}")
        if value > allowed[-1]:
            refuse_member(value, path, f"have value less than or equal to {allowed[-1]}")
        wanted[field] = value
    writes = magnetic.get("EnableMagneticStoreWrites", current.magnetic_writes)
    return Retention(**wanted, magnetic_writes=writes)


def rejected_data_location_of(request: Request) -> dict[str, object] | None:
    """Where a table's rejected magnetic writes would be reported; kept, not used."""
    magnetic = request.get("MagneticStoreWriteProperties") or {}
    location: dict[str, object] | None = magnetic.get("MagneticStoreRejectedDataLocation")
    return location


def partition_key_of(request: Request) -> PartitionKey:
    """The partition key a request sets; measure names if it sets none."""
    keys = (request.get("Schema") or {}).get("CompositePartitionKey")
    if keys is None:
        return PartitionKey()
    if len(keys) != 1:
        refuse("CompositePartitionKey must have exactly one partition key.")
    kind, name = keys[0].get("Type"), keys[0].get("Name")
    if kind == "DIMENSION" and name:
        return PartitionKey("DIMENSION", name, keys[0].get("EnforcementInRecord") == "REQUIRED")
    if kind == "MEASURE" and not name:
        return PartitionKey()
    refuse("A partition key is of type DIMENSION with a Name, or of type MEASURE without one.")


def page_of(items: list[_Item], request: Request) -> tuple[list[_Item], dict[str, str]]:
    """One page of a listing and the token of the next; the token is the position in the sorted list."""
    size = request.get("MaxResults") or limits.LIST_PAGE
    if size not in range(1, limits.LIST_PAGE + 1):
        refuse_member(size, "maxResults", f"have value between 1 and {limits.LIST_PAGE}")
    token = request.get("NextToken") or "0"
    if not token.isdigit():
        refuse("The NextToken is invalid.")
    start, end = int(token), int(token) + size
    return items[start:end], {"NextToken": str(end)} if end < len(items) else {}
