"""Where everything is kept: one SQLite file.

Durability: WAL with synchronous=NORMAL. A commit is in the operating system's hands before a request is
answered, so killing this process, however hard, loses nothing acknowledged. Only a crash of the whole
machine may lose the last commits: an fsync for each would cost more than it protects here.

Shape: `records` holds one row per record: time in ns, version, measures as a JSON object of typed values.
Its series (dimensions as a JSON object, measure name) stands once in `series`, the type of every column
once in `columns`. Rows lie in the order table, time: a time range is one contiguous scan, retention one
contiguous delete. A query engine reads a time range from `row` (the view that joins the two) and makes
columns of it by `columns`, which knows them all: the dimensions (VARCHAR), `measure_value::<type>` of
single-measure records, and the names inside MULTI records.
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import msgspec

from local.timestream.record import Row
from local.timestream.schema import PartitionKey, Schema
from local.timestream.window import Retention

_TABLES = """
CREATE TABLE IF NOT EXISTS databases (
  name TEXT PRIMARY KEY, created REAL NOT NULL, updated REAL NOT NULL, kms_key TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS tables (
  id INTEGER PRIMARY KEY AUTOINCREMENT, database TEXT NOT NULL, name TEXT NOT NULL, facts TEXT NOT NULL,
  counters TEXT NOT NULL, UNIQUE (database, name));
CREATE TABLE IF NOT EXISTS columns (
  table_id INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
  PRIMARY KEY (table_id, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS measure_names (
  table_id INTEGER NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
  PRIMARY KEY (table_id, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS series (
  id INTEGER PRIMARY KEY, table_id INTEGER NOT NULL, dimensions TEXT NOT NULL, measure_name TEXT NOT NULL,
  newest_ns INTEGER NOT NULL, UNIQUE (table_id, dimensions, measure_name));
CREATE TABLE IF NOT EXISTS records (
  table_id INTEGER NOT NULL, time_ns INTEGER NOT NULL, series_id INTEGER NOT NULL, version INTEGER NOT NULL,
  measures TEXT NOT NULL, PRIMARY KEY (table_id, time_ns, series_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tags (
  arn TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (arn, key)) WITHOUT ROWID;
CREATE VIEW IF NOT EXISTS row AS
  SELECT records.table_id, time_ns, version, dimensions, measure_name, measures
  FROM records JOIN series ON series.id = records.series_id;
"""
_SERIES_CACHE = 100_000
_SERIES_LAG_NS = 600 * 10**9
"""`series.newest_ns` may be behind its newest record by this much: it is not updated for every record."""
_SWEEP_ROWS = 20_000


class DataDirInUse(Exception):
    """Another process has this data directory open."""


class Facts(msgspec.Struct):
    """What CreateTable and UpdateTable said about a table."""

    created: float
    updated: float
    retention: Retention
    partition_key: PartitionKey
    rejected_data_location: dict[str, object] | None = None


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
    """One Timestream table, as kept in memory beside its rows on disk."""

    def __init__(self, table_id: int, database: str, name: str, facts: Facts, counters: Counters) -> None:
        self.id = table_id
        self.database = database
        self.name = name
        self.facts = facts
        self.counters = counters
        self.schema = Schema({}, {})


class Stored(msgspec.Struct, frozen=True):
    """A record as it stands in the store."""

    version: int
    measures: str


class Store:
    """The SQLite file and what is cached of it. One thread writes; readers open their own connection."""

    def __init__(self, data_dir: Path, max_bytes: int | None = None) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self.path = data_dir / "timestream.sqlite3"
        self._lock = (data_dir / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise DataDirInUse(data_dir) from None
        self.connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        execute = self.connection.execute
        execute("PRAGMA journal_mode=WAL")
        execute("PRAGMA synchronous=NORMAL")
        execute("PRAGMA cache_size=-65536")
        execute("PRAGMA wal_autocheckpoint=8000")
        self.connection.executescript(_TABLES)
        if max_bytes is not None:
            page_bytes = execute("PRAGMA page_size").fetchone()[0]
            execute(f"PRAGMA max_page_count={max_bytes // page_bytes}")
        self.tables: dict[tuple[str, str], Table] = {}
        self._series: dict[tuple[int, str, str], tuple[int, int]] = {}
        self._dirty: set[Table] = set()
        self._load()

    def close(self) -> None:
        """Let go of the file and the lock. What is not committed was not acknowledged either."""
        self.connection.close()
        self._lock.close()

    def reader(self) -> sqlite3.Connection:
        """A connection of its own, for reading a stable snapshot while writes go on. The caller closes it."""
        connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA query_only=1")
        return connection

    # --- transactions: one is open from the first change to the commit that all waiting requests share

    @property
    def has_changes(self) -> bool:
        """Whether something waits for `commit`."""
        return self.connection.in_transaction or bool(self._dirty)

    def change(self, sql: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
        """Execute one change; opens the transaction if none is open."""
        if not self.connection.in_transaction:
            self.connection.execute("BEGIN IMMEDIATE")
        return self.connection.execute(sql, values)

    def touch(self, table: Table) -> None:
        """The table's counters changed; they are stored with the next commit."""
        self._dirty.add(table)

    def commit(self) -> None:
        """Make all changes durable. Raises sqlite3.Error if they cannot be; then call `rollback`."""
        for table in self._dirty:
            counters = msgspec.json.encode(table.counters).decode()
            self.change("UPDATE tables SET counters=? WHERE id=?", (counters, table.id))
        if self.connection.in_transaction:
            self.connection.execute("COMMIT")
        self._dirty.clear()

    def rollback(self) -> None:
        """Forget all changes since the last commit, in memory as well."""
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")
        self._load()

    def _load(self) -> None:
        self._dirty.clear()
        self._series.clear()
        self.tables.clear()
        by_id = {}
        rows = self.connection.execute("SELECT id, database, name, facts, counters FROM tables")
        for table_id, database, name, facts, counters in rows:
            table = Table(
                table_id,
                database,
                name,
                msgspec.json.decode(facts, type=Facts),
                msgspec.json.decode(counters, type=Counters),
            )
            self.tables[database, name] = by_id[table_id] = table
        for table_id, name, kind in self.connection.execute("SELECT table_id, name, type FROM columns"):
            by_id[table_id].schema.columns[name] = kind
        for table_id, name, kind in self.connection.execute("SELECT table_id, name, type FROM measure_names"):
            by_id[table_id].schema.measure_names[name] = kind

    # --- records

    def find(self, table: Table, time_ns: int, series_id: int) -> Stored | None:
        """The record of this series at this time, if there is one."""
        row = self.connection.execute(
            "SELECT version, measures FROM records WHERE table_id=? AND time_ns=? AND series_id=?",
            (table.id, time_ns, series_id),
        ).fetchone()
        return Stored(*row) if row else None

    def series_id(self, table: Table, row: Row) -> int:
        """The id of the row's series (dimensions and measure name), made on first sight."""
        key = (table.id, row.dimensions.json, row.measure_name)
        known = self._series.get(key)
        if known is None:
            known = self.connection.execute(
                "SELECT id, newest_ns FROM series WHERE table_id=? AND dimensions=? AND measure_name=?", key
            ).fetchone()
            if known is None:
                sql = "INSERT INTO series (table_id, dimensions, measure_name, newest_ns) VALUES (?,?,?,?)"
                known = (int(self.change(sql, (*key, row.time_ns)).lastrowid or 0), row.time_ns)
            if len(self._series) >= _SERIES_CACHE:
                self._series.clear()
            self._series[key] = known
        if row.time_ns > known[1] + _SERIES_LAG_NS:
            self.change("UPDATE series SET newest_ns=? WHERE id=?", (row.time_ns, known[0]))
            self._series[key] = (known[0], row.time_ns)
        return known[0]

    def insert(self, table: Table, row: Row, series_id: int) -> bool:
        """Store a row unless its key exists already; says whether it did."""
        sql = "INSERT OR IGNORE INTO records VALUES (?,?,?,?,?)"
        values = (table.id, row.time_ns, series_id, row.version, row.measures.json)
        return self.change(sql, values).rowcount == 1

    def update(self, table: Table, row: Row, series_id: int) -> None:
        """Replace the values and the version of an existing record."""
        self.change(
            "UPDATE records SET version=?, measures=? WHERE table_id=? AND time_ns=? AND series_id=?",
            (row.version, row.measures.json, table.id, row.time_ns, series_id),
        )

    def adopt_columns(self, table: Table, row: Row) -> None:
        """Let the table's schema grow by the row's columns."""
        columns, measure_names = table.schema.add(row)
        for name, kind in columns.items():
            self.change("INSERT INTO columns VALUES (?,?,?)", (table.id, name, kind))
        for name, kind in measure_names.items():
            self.change("INSERT INTO measure_names VALUES (?,?,?)", (table.id, name, kind))

    def sweep(self, table: Table, now_ns: int) -> Iterator[None]:
        """Delete what is older than the table's retention, yielding after each step of some thousand rows."""
        horizon_ns = table.facts.retention.kept_from_ns(now_ns)
        swept = False
        while (end_ns := self._sweep_end_ns(table, horizon_ns)) is not None:
            sql = "DELETE FROM records WHERE table_id=? AND time_ns<?"
            table.counters.records -= self.change(sql, (table.id, end_ns)).rowcount
            self.touch(table)
            swept = True
            yield
        if swept:
            sql = "DELETE FROM series WHERE table_id=? AND newest_ns<?"
            if self.change(sql, (table.id, horizon_ns - _SERIES_LAG_NS)).rowcount:
                self._series.clear()
            yield

    def _sweep_end_ns(self, table: Table, horizon_ns: int) -> int | None:
        """Where the next step of a sweep ends; None if nothing is left before the horizon."""
        sql = "SELECT time_ns FROM records WHERE table_id=? AND time_ns<? ORDER BY time_ns LIMIT 1 OFFSET ?"
        if self.connection.execute(sql, (table.id, horizon_ns, 0)).fetchone() is None:
            return None
        later = self.connection.execute(sql, (table.id, horizon_ns, _SWEEP_ROWS)).fetchone()
        return later[0] + 1 if later else horizon_ns

    def empty(self, table: Table) -> None:
        """Delete all rows, the schema and the counters of a table; the table itself stays."""
        for sql in (
            "DELETE FROM records WHERE table_id=?",
            "DELETE FROM series WHERE table_id=?",
            "DELETE FROM columns WHERE table_id=?",
            "DELETE FROM measure_names WHERE table_id=?",
        ):
            self.change(sql, (table.id,))
        self._series = {key: found for key, found in self._series.items() if key[0] != table.id}
        table.schema = Schema({}, {})
        table.counters = Counters()
        self.touch(table)

    def drop(self, table: Table) -> None:
        """Delete a table with everything in it."""
        self.empty(table)
        self._dirty.discard(table)
        self.change("DELETE FROM tables WHERE id=?", (table.id,))
        del self.tables[table.database, table.name]
