"""Databases, tables and tags: create, describe, update, delete, list."""

import msgspec

from local.timestream.control.catalog_request import (
    DATABASE_ARN,
    Answer,
    Request,
    describe_table,
    new_name,
    partition_key_of,
    rejected_data_location_of,
    required,
    retention_of,
    table_arn,
)
from local.timestream.control.kms import key_arn
from local.timestream.control.pages import page_of
from local.timestream.control.tags import tag_keys_of, tags_of
from local.timestream.rules import limits
from local.timestream.rules.errors import conflict, not_found, refuse, refuse_member, too_many_tags
from local.timestream.rules.schema import PartitionKey
from local.timestream.rules.window import Retention
from local.timestream.storage.ingest import find_table
from local.timestream.storage.sqlite import Storage
from local.timestream.storage.table import Counters, Facts, Table


class Catalog:
    """The control plane over one SQLite file. `now_s` arguments are epoch seconds."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    # --- databases

    def create_database(self, request: Request, now_s: float) -> Answer:
        """CreateDatabase; ConflictException if the name is taken."""
        name = new_name(request.get("DatabaseName"), "databaseName")
        if self._storage.find_database(name):
            raise conflict(name, "database")
        key, tags = key_arn(request.get("KmsKeyId")), tags_of(request)
        self._tag(DATABASE_ARN + name, tags)
        self._storage.change("INSERT INTO databases VALUES (?,?,?,?)", (name, now_s, now_s, key))
        return {"Database": self._describe_database(name)}

    def describe_database(self, request: Request, _now_s: float) -> Answer:
        """DescribeDatabase, with its count of tables."""
        return {"Database": self._describe_database(required(request, "DatabaseName"))}

    def update_database(self, request: Request, now_s: float) -> Answer:
        """UpdateDatabase: the key is all that can change, and the same key is no change."""
        name = required(request, "DatabaseName")
        key = key_arn(required(request, "KmsKeyId"))
        if self._describe_database(name)["KmsKeyId"] != key:
            self._storage.change("UPDATE databases SET kms_key=?, updated=? WHERE name=?", (key, now_s, name))
        return {"Database": self._describe_database(name)}

    def delete_database(self, request: Request, _now_s: float) -> Answer:
        """DeleteDatabase; ValidationException while it has tables."""
        name = required(request, "DatabaseName")
        if self._describe_database(name)["TableCount"]:
            refuse(f"The database {name} still has tables: delete them first.")
        self._storage.change("DELETE FROM databases WHERE name=?", (name,))
        self._storage.change("DELETE FROM tags WHERE arn=?", (DATABASE_ARN + name,))
        return {}

    def list_databases(self, request: Request, _now_s: float) -> Answer:
        """ListDatabases, in the order of their names, a page at a time."""
        page, token = page_of([(name,) for name in self._storage.database_names()], request)
        return {"Databases": [self._describe_database(name) for (name,) in page], **token}

    # --- tables

    def create_table(self, request: Request, now_s: float) -> Answer:
        """CreateTable. The partition key can be given here only."""
        database = required(request, "DatabaseName")
        name = new_name(request.get("TableName"), "tableName")
        self._describe_database(database)
        if (database, name) in self._storage.tables:
            raise conflict(name, "table")
        retention, tags = retention_of(request, Retention()), tags_of(request)
        key = partition_key_of(request) or PartitionKey()
        facts = Facts(now_s, now_s, retention, key, rejected_data_location_of(request))
        self._tag(table_arn(database, name), tags)
        sql = "INSERT INTO tables (database, name, facts, counters) VALUES (?,?,?,?)"
        encoded = msgspec.json.encode(facts).decode(), msgspec.json.encode(Counters()).decode()
        table_id = self._storage.change(sql, (database, name, *encoded)).lastrowid
        table = Table(int(table_id or 0), database, name, facts, Counters())
        self._storage.tables[database, name] = table
        return {"Table": describe_table(table)}

    def describe_table(self, request: Request, _now_s: float) -> Answer:
        """DescribeTable."""
        return {"Table": describe_table(self._table(request))}

    def update_table(self, request: Request, now_s: float) -> Answer:
        """UpdateTable: retention, magnetic writes, and whether the partition key is required.

        A wider retention brings nothing back: what is past the one before is deleted first.
        """
        table = self._table(request)
        old = table.facts
        key = partition_key_of(request) or old.partition_key
        if (key.type, key.name) != (old.partition_key.type, old.partition_key.name):
            refuse("The partition key cannot be changed after table creation.")
        retention = retention_of(request, old.retention)
        location = rejected_data_location_of(request) or old.rejected_data_location
        self._storage.delete_before(table, old.retention.kept_from_ns(int(now_s * 10**9)))
        # In force only now, as a whole: a request that is refused changes nothing.
        table.facts = Facts(old.created, now_s, retention, key, location)
        table.schema.forget_known()
        encoded = msgspec.json.encode(table.facts).decode()
        self._storage.change("UPDATE tables SET facts=? WHERE id=?", (encoded, table.id))
        return {"Table": describe_table(table)}

    def delete_table(self, request: Request, _now_s: float) -> Answer:
        """DeleteTable, with everything in it."""
        table = self._table(request)
        self._storage.drop(table)
        self._storage.change("DELETE FROM tags WHERE arn=?", (table_arn(table.database, table.name),))
        return {}

    def list_tables(self, request: Request, _now_s: float) -> Answer:
        """ListTables of one database, or of all, a page at a time."""
        database = request.get("DatabaseName")
        if database is not None:
            self._describe_database(database)
        keys = sorted(key for key in self._storage.tables if database in (None, key[0]))
        page, token = page_of(keys, request)
        return {"Tables": [describe_table(self._storage.tables[key]) for key in page], **token}

    # --- tags

    def tag_resource(self, request: Request, _now_s: float) -> Answer:
        """TagResource; ServiceQuotaExceededException if the resource would have too many."""
        arn, tags = self._known_arn(request), tags_of(request)
        if request.get("Tags") is None:
            refuse_member(None, "tags", "not be null")
        self._tag(arn, tags)
        return {}

    def untag_resource(self, request: Request, _now_s: float) -> Answer:
        """UntagResource."""
        arn, keys = self._known_arn(request), tag_keys_of(request)
        for key in keys:
            self._storage.change("DELETE FROM tags WHERE arn=? AND key=?", (arn, key))
        return {}

    def list_tags_for_resource(self, request: Request, _now_s: float) -> Answer:
        """ListTagsForResource."""
        return {"Tags": [{"Key": key, "Value": value} for key, value in self._tags(self._known_arn(request))]}

    # --- helpers

    def _describe_database(self, name: str) -> Answer:
        database = self._storage.find_database(name)
        if database is None:
            raise not_found(name, "database")
        return {
            "Arn": DATABASE_ARN + name,
            "DatabaseName": name,
            "TableCount": sum(owner == name for owner, _ in self._storage.tables),
            "KmsKeyId": database.kms_key_arn,
            "CreationTime": database.created,
            "LastUpdatedTime": database.updated,
        }

    def _table(self, request: Request) -> Table:
        return find_table(self._storage, request.get("DatabaseName"), request.get("TableName"))

    def _known_arn(self, request: Request) -> str:
        arn = required(request, "ResourceARN")
        database, slashes, table = arn.removeprefix(DATABASE_ARN).partition("/table/")
        known = (
            (database, table) in self._storage.tables if slashes else self._storage.find_database(database)
        )
        if not (known and arn.startswith(DATABASE_ARN)):
            raise not_found(arn, "resource")
        return arn

    def _tags(self, arn: str) -> list[tuple[str, str]]:
        sql = "SELECT key, value FROM tags WHERE arn=? ORDER BY key"
        return self._storage.connection.execute(sql, (arn,)).fetchall()

    def _tag(self, arn: str, tags: list[tuple[str, str]]) -> None:
        keys = {key for key, _ in tags} | {key for key, _ in self._tags(arn)}
        if len(keys) > limits.TAGS_PER_RESOURCE:
            raise too_many_tags(len(keys), limits.TAGS_PER_RESOURCE)
        for key, value in tags:
            self._storage.change("INSERT OR REPLACE INTO tags VALUES (?,?,?)", (arn, key, value))
