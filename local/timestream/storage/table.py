"""Timestream's databases and tables as they are kept in memory, beside the rows on disk."""

import msgspec

from local.timestream.rules import wire
from local.timestream.rules.schema import PartitionKey, Schema
from local.timestream.rules.window import Retention


class Database(msgspec.Struct, frozen=True):
    """What CreateDatabase and UpdateDatabase said; times in epoch seconds."""

    created: float
    updated: float
    kms_key_arn: str


class Facts(msgspec.Struct):
    """What CreateTable and UpdateTable said about a table."""

    created: float
    updated: float
    retention: Retention
    partition_key: PartitionKey
    rejected_data_location: wire.RejectedDataLocation | None = None


class Counters(msgspec.Struct):
    """What happened to one table since it was created or emptied; kept in the same commit as its records."""

    records: int = 0
    """Stored now."""
    requests: int = 0
    """WriteRecords calls that were valid."""
    invalid_requests: int = 0
    """WriteRecords calls refused as a whole."""
    ingested: int = 0
    """Records acknowledged: new, updated and repeated ones."""
    updated: int = 0
    repeated: int = 0
    """Same record, same values, no new version: acknowledged, nothing changed."""
    rejected: int = 0
    late_conflicts: int = 0
    """Acknowledged into the magnetic store, then dropped for their version, as the service does."""
    write_bytes: int = 0
    write_units: int = 0


class Table:
    """One table: what was said about it, what happened to it, which columns it has."""

    def __init__(self, table_id: int, database: str, name: str, facts: Facts, counters: Counters) -> None:
        self.id = table_id
        self.database = database
        self.name = name
        self.facts = facts
        self.counters = counters
        self.schema = Schema({}, {})
