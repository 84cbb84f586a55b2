"""WriteRecords: what of a request is stored, what is refused, and what it costs.

Versions, as the service documents them: equal values are accepted at any version (a retry is harmless; a
higher version is remembered), different values need a higher version than the stored one. The same record
twice in one request is refused the second time, without ExistingVersion, unless its version is higher. In the
magnetic store a version conflict is found after the answer: the record counts as ingested and is dropped.
"""

from typing import Any

import msgspec

from local.timestream.rules import reasons, wire
from local.timestream.rules.errors import ServiceError, not_found, refuse_member, rejected_records
from local.timestream.rules.metering import request_bytes, write_units
from local.timestream.rules.record import Row, read_rows
from local.timestream.rules.window import window_at
from local.timestream.storage.sqlite import Storage
from local.timestream.storage.table import Table


def write_records(
    storage: Storage, request: wire.WriteRecords, now_ns: int, injected: frozenset[int] = frozenset()
) -> dict[str, Any]:
    """Store what can be stored. Records at the indexes `injected` are refused by a fault.

    Returns the service's answer; raises ServiceError (nothing stored, except for RejectedRecordsException).
    """
    table = find_table(storage, request.database_name, request.table_name)
    try:
        rows = read_rows(request)
    except ServiceError:
        table.counters.invalid_requests += 1
        storage.touch(table)
        raise
    window = window_at(now_ns, table.facts.retention)
    rejected: list[dict[str, Any]] = []
    ingested = []
    magnetic = 0
    seen: set[tuple[int, int]] = set()
    for index, row in enumerate(rows):
        problem = reasons.INJECTED if index in injected else row.problem or window.problem(row.time_ns)
        problem = problem or table.schema.problem(row, table.facts.partition_key)
        refusal = {"Reason": problem} if problem else None
        if refusal is None:
            late = row.time_ns < window.memory_from_ns
            refusal = _put(storage, table, row, seen, late=late)
        if refusal is None:
            ingested.append(index)
            magnetic += late
        else:
            rejected.append({"RecordIndex": index, **refusal})
    _count(storage, table, request, ingested, len(rejected))
    if rejected:
        raise rejected_records(rejected)
    total = len(ingested)
    return {"RecordsIngested": {"Total": total, "MemoryStore": total - magnetic, "MagneticStore": magnetic}}


def find_table(storage: Storage, database: str | None, name: str | None) -> Table:
    """The table; ResourceNotFoundException names the database if that is what is missing.

    Raises ValidationException if a name is not given.
    """
    for value, member in ((database, "databaseName"), (name, "tableName")):
        if value is None:
            refuse_member(None, member, "not be null")
    table = storage.tables.get((str(database), str(name)))
    if table is None:
        missing = (name, "table") if storage.find_database(str(database)) else (database, "database")
        raise not_found(*missing)
    return table


def _put(
    storage: Storage, table: Table, row: Row, seen: set[tuple[int, int]], *, late: bool
) -> dict[str, Any] | None:
    """Insert, update or recognise one row; the refusal if its version does not allow it."""
    series_id = storage.series_id(table, row)
    key = (row.time_ns, series_id)
    counters = table.counters
    again = key in seen
    seen.add(key)
    if storage.insert(table, row, series_id):
        storage.adopt_columns(table, row)
        counters.records += 1
        return None
    existing = storage.find(table, row.time_ns, series_id)
    if existing is None:
        message = "a record that could not be inserted must exist"
        raise LookupError(message)
    same_values = _equal(existing.measures, row.measures.json)
    if row.version > existing.version:
        storage.update(table, row, series_id)
        storage.adopt_columns(table, row)
        counters.updated += 1
        return None
    if again and row.version == existing.version:
        return {"Reason": reasons.SAME_VERSION}
    if same_values:
        counters.repeated += 1
        return None
    if late:
        counters.late_conflicts += 1
        return None
    if row.version == existing.version:
        return {"Reason": reasons.SAME_VERSION, "ExistingVersion": existing.version}
    reason = reasons.version_too_low(row.version, existing.version)
    return {"Reason": reason, "ExistingVersion": existing.version}


def _equal(one: str, other: str) -> bool:
    """Whether two records have equal measures: 0.0 and -0.0 are equal, though not as text."""
    return one == other or msgspec.json.decode(one) == msgspec.json.decode(other)


def _count(
    storage: Storage, table: Table, request: wire.WriteRecords, ingested: list[int], rejected: int
) -> None:
    size = request_bytes(request, ingested)
    counters = table.counters
    counters.requests += 1
    counters.ingested += len(ingested)
    counters.rejected += rejected
    counters.write_bytes += size
    counters.write_units += write_units(size)
    storage.touch(table)
