"""What is stored, for tests and the curious: counters as JSON, records as JSON lines.

A line: {"time": epoch ns, "version": n, "dimensions": {name: value}, "measure_name": "...", "measures":
{name: value}, "types": {name: TYPE}}. Values are JSON's own (BIGINT an integer, DOUBLE a number, BOOLEAN
true or false, VARCHAR a string); a TIMESTAMP is a string as Timestream prints it. A single-measure record
has one measure named as its column: {"measure_value::double": 1.5}. Lines come in the order of time, then of
dimensions and measure name.
"""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from local.timestream.storage.sqlite import Storage
from local.timestream.storage.table import Table

LINES_PER_CHUNK = 500

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def summary(storage: Storage) -> dict[str, Any]:
    """Counters of every table: {"databases": {name: {"tables": {name: {...}}}}}."""
    databases: dict[str, Any] = {name: {"tables": {}} for name in storage.database_names()}
    for table in storage.tables.values():
        databases[table.database]["tables"][table.name] = msgspec.to_builtins(table.counters)
    return {"databases": databases}


def lines(
    reader: sqlite3.Connection,
    table: Table,
    from_ns: int,
    measure_name: str | None = None,
    session_id: str | None = None,
) -> Iterator[bytes]:
    """The table's records from `from_ns` on, as chunks of JSON lines, never all at once."""
    # One snapshot of both: the table may grow columns, or be emptied, while its rows are being sorted.
    reader.execute("BEGIN")
    columns = reader.execute("SELECT name, type FROM columns WHERE table_id=?", (table.id,))
    types: dict[str, str] = dict(columns.fetchall())
    cursor = reader.execute(
        "SELECT time_ns, version, dimensions, measure_name, measures FROM row"
        " WHERE table_id=?1 AND time_ns>=?2 AND (?3 IS NULL OR measure_name=?3)"
        " AND (?4 IS NULL OR json_extract(dimensions, '$.session_id')=?4)"
        " ORDER BY time_ns, dimensions, measure_name",
        (table.id, from_ns, measure_name, session_id),
    )
    while rows := cursor.fetchmany(LINES_PER_CHUNK):
        yield b"".join(_line(row, types) for row in rows)


def _line(row: tuple[int, int, str, str, str], types: dict[str, str]) -> bytes:
    time_ns, version, dimensions, measure_name, stored = row
    measures = msgspec.json.decode(stored)
    kinds = {name: types[name] for name in measures}
    for name, kind in kinds.items():
        if kind == "TIMESTAMP":
            measures[name] = timestamp_text(measures[name])
    line = {
        "time": time_ns,
        "version": version,
        "dimensions": msgspec.Raw(dimensions),
        "measure_name": measure_name,
        "measures": measures,
        "types": kinds,
    }
    return msgspec.json.encode(line) + b"\n"


def timestamp_text(time_ns: int) -> str:
    """As Timestream prints a TIMESTAMP: `2026-11-24 07:31:05.123456789`, UTC."""
    seconds, rest_ns = divmod(time_ns, 10**9)
    return f"{_EPOCH + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}.{rest_ns:09d}"
