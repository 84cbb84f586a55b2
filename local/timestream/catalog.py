"""Databases, tables and tags: create, describe, update, delete, list."""

from typing import Any, TypeVar

import msgspec

from local.timestream import limits
from local.timestream.errors import conflict, not_found, refuse, refuse_member
from local.timestream.ingest import find_table
from local.timestream.schema import PartitionKey
from local.timestream.store import Counters, Facts, Store, Table
from local.timestream.window import Retention

Request = dict[str, Any]
Answer = dict[str, Any]
_Item = TypeVar("_Item")

_ARN = "arn:aws:timestream:us-east-1:000000000000:database/"
_DEFAULT_KEY = "alias/aws/timestream"
_NAME_PATTERN = "[a-zA-Z0-9_.-]+"


class Catalog:
    """The control plane over one store. `now_s` arguments are epoch seconds."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # --- databases

    def create_database(self, request: Request, now_s: float) -> Answer:
        """CreateDatabase; ConflictException if the name is taken."""
        name = _new_name(request.get("DatabaseName"), "databaseName")
        if self._database(name) is not None:
            raise conflict(name, "database")
        key, tags = request.get("KmsKeyId") or _DEFAULT_KEY, _tags(request)
        self._store.change("INSERT INTO databases VALUES (?,?,?,?)", (name, now_s, now_s, key))
        self._tag(_ARN + name, tags)
        return {"Database": self._describe_database(name)}

    def describe_database(self, request: Request, _now_s: float) -> Answer:
        """DescribeDatabase, with its count of tables."""
        return {"Database": self._describe_database(_given(request, "DatabaseName"))}

    def update_database(self, request: Request, now_s: float) -> Answer:
        """UpdateDatabase: the key is all that can change."""
        name = _given(request, "DatabaseName")
        self._describe_database(name)
        key = _given(request, "KmsKeyId")
        self._store.change("UPDATE databases SET kms_key=?, updated=? WHERE name=?", (key, now_s, name))
        return {"Database": self._describe_database(name)}

    def delete_database(self, request: Request, _now_s: float) -> Answer:
        """DeleteDatabase; ValidationException while it has tables."""
        name = _given(request, "DatabaseName")
        if self._describe_database(name)["TableCount"]:
            refuse(f"The database {name} still has tables: delete them first.")
        self._store.change("DELETE FROM databases WHERE name=?", (name,))
        self._store.change("DELETE FROM tags WHERE arn=?", (_ARN + name,))
        return {}

    def list_databases(self, request: Request, _now_s: float) -> Answer:
        """ListDatabases, in the order of their names, a page at a time."""
        names, token = _page(self.database_names(), request)
        return {"Databases": [self._describe_database(name) for name in names], **token}

    def database_names(self) -> list[str]:
        """All databases, sorted."""
        rows = self._store.connection.execute("SELECT name FROM databases ORDER BY name")
        return [name for (name,) in rows]

    # --- tables

    def create_table(self, request: Request, now_s: float) -> Answer:
        """CreateTable. The partition key can be given here only."""
        database = _given(request, "DatabaseName")
        name = _new_name(request.get("TableName"), "tableName")
        self._describe_database(database)
        if (database, name) in self._store.tables:
            raise conflict(name, "table")
        retention, tags = _retention(request, Retention()), _tags(request)
        facts = Facts(now_s, now_s, retention, _partition_key(request), _rejected_data_location(request))
        sql = "INSERT INTO tables (database, name, facts, counters) VALUES (?,?,?,?)"
        encoded = msgspec.json.encode(facts).decode(), msgspec.json.encode(Counters()).decode()
        table_id = self._store.change(sql, (database, name, *encoded)).lastrowid
        table = Table(int(table_id or 0), database, name, facts, Counters())
        self._store.tables[database, name] = table
        self._tag(table_arn(table.database, table.name), tags)
        return {"Table": _describe_table(table)}

    def describe_table(self, request: Request, _now_s: float) -> Answer:
        """DescribeTable."""
        return {"Table": _describe_table(self._table(request))}

    def update_table(self, request: Request, now_s: float) -> Answer:
        """UpdateTable: retention, magnetic writes, and whether the partition key is required."""
        table = self._table(request)
        facts = table.facts
        if "Schema" in request:
            key = _partition_key(request)
            if (key.type, key.name) != (facts.partition_key.type, facts.partition_key.name):
                refuse("The partition key cannot be changed after table creation.")
            facts.partition_key = key
            table.schema.forget_known()
        facts.retention = _retention(request, facts.retention)
        facts.rejected_data_location = _rejected_data_location(request) or facts.rejected_data_location
        facts.updated = now_s
        encoded = msgspec.json.encode(facts).decode()
        self._store.change("UPDATE tables SET facts=? WHERE id=?", (encoded, table.id))
        return {"Table": _describe_table(table)}

    def delete_table(self, request: Request, _now_s: float) -> Answer:
        """DeleteTable, with everything in it."""
        table = self._table(request)
        self._store.drop(table)
        self._store.change("DELETE FROM tags WHERE arn=?", (table_arn(table.database, table.name),))
        return {}

    def list_tables(self, request: Request, _now_s: float) -> Answer:
        """ListTables of one database, or of all, a page at a time."""
        database = request.get("DatabaseName")
        if database is not None:
            self._describe_database(database)
        keys = sorted(key for key in self._store.tables if database in (None, key[0]))
        page, token = _page(keys, request)
        return {"Tables": [_describe_table(self._store.tables[key]) for key in page], **token}

    # --- tags

    def tag_resource(self, request: Request, _now_s: float) -> Answer:
        """TagResource."""
        self._tag(self._known_arn(request), _tags(request))
        return {}

    def untag_resource(self, request: Request, _now_s: float) -> Answer:
        """UntagResource."""
        arn = self._known_arn(request)
        for key in request.get("TagKeys") or []:
            self._store.change("DELETE FROM tags WHERE arn=? AND key=?", (arn, key))
        return {}

    def list_tags_for_resource(self, request: Request, _now_s: float) -> Answer:
        """ListTagsForResource."""
        rows = self._store.connection.execute(
            "SELECT key, value FROM tags WHERE arn=? ORDER BY key", (self._known_arn(request),)
        )
        return {"Tags": [{"Key": key, "Value": value} for key, value in rows]}

    # --- helpers

    def _database(self, name: str) -> tuple[float, float, str] | None:
        sql = "SELECT created, updated, kms_key FROM databases WHERE name=?"
        found: tuple[float, float, str] | None = self._store.connection.execute(sql, (name,)).fetchone()
        return found

    def _describe_database(self, name: str) -> Answer:
        found = self._database(name)
        if found is None:
            raise not_found(name, "database")
        created, updated, key = found
        return {
            "Arn": _ARN + name,
            "DatabaseName": name,
            "TableCount": sum(database == name for database, _ in self._store.tables),
            "KmsKeyId": key,
            "CreationTime": created,
            "LastUpdatedTime": updated,
        }

    def _table(self, request: Request) -> Table:
        return find_table(self._store, request.get("DatabaseName"), request.get("TableName"))

    def _known_arn(self, request: Request) -> str:
        arn = _given(request, "ResourceARN")
        database, _, table = arn.removeprefix(_ARN).partition("/table/")
        known = (database, table) in self._store.tables if table else self._database(database) is not None
        if not known:
            raise not_found(arn, "resource")
        return arn

    def _tag(self, arn: str, tags: list[dict[str, str]]) -> None:
        for tag in tags:
            self._store.change("INSERT OR REPLACE INTO tags VALUES (?,?,?)", (arn, tag["Key"], tag["Value"]))


def table_arn(database: str, table: str) -> str:
    """A table's ARN, in an account that does not exist."""
    return f"{_ARN}{database}/table/{table}"


def _describe_table(table: Table) -> Answer:
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


def _given(request: Request, member: str) -> str:
    value = request.get(member)
    if value is None:
        refuse_member(None, member[0].lower() + member[1:], "not be null")
    return str(value)


def _tags(request: Request) -> list[dict[str, str]]:
    tags: list[dict[str, str]] = request.get("Tags") or []
    if len(tags) > limits.TAGS_PER_RESOURCE:
        most = limits.TAGS_PER_RESOURCE
        refuse_member(f"[{len(tags)} tags]", "tags", f"have length less than or equal to {most}")
    return tags


def _new_name(name: str | None, path: str) -> str:
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


def _retention(request: Request, current: Retention) -> Retention:
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


def _rejected_data_location(request: Request) -> dict[str, object] | None:
    magnetic = request.get("MagneticStoreWriteProperties") or {}
    location: dict[str, object] | None = magnetic.get("MagneticStoreRejectedDataLocation")
    return location


def _partition_key(request: Request) -> PartitionKey:
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


def _page(items: list[_Item], request: Request) -> tuple[list[_Item], dict[str, str]]:
    """One page of a listing and the token of the next; the token is the position in the sorted list."""
    size = request.get("MaxResults") or limits.LIST_PAGE
    if size not in range(1, limits.LIST_PAGE + 1):
        refuse_member(size, "maxResults", f"have value between 1 and {limits.LIST_PAGE}")
    token = request.get("NextToken") or "0"
    if not token.isdigit():
        refuse("The NextToken is invalid.")
    start, end = int(token), int(token) + size
    return items[start:end], {"NextToken": str(end)} if end < len(items) else {}
