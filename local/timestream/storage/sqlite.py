"""Where everything is kept: one SQLite file.

Durability: WAL with synchronous=NORMAL. A commit is in the operating system's hands before a request is
answered, so killing this process, however hard, loses nothing acknowledged. Only a crash of the whole
machine may lose the last commits: an fsync for each would cost more than it protects here.
"""

import fcntl
import sqlite3
from pathlib import Path

import msgspec

from local.timestream.rules.record import Row
from local.timestream.rules.schema import Schema
from local.timestream.storage.ddl import TABLES
from local.timestream.storage.journal import DeleteBefore, Journal, Put
from local.timestream.storage.table import Counters, Database, Facts, Table

_SERIES_CACHE = 100_000
_SERIES_LAG_NS = 600 * 10**9
"""`series.newest_ns` may be behind its newest record by this much: it is not updated for every record."""


class DataDirInUse(Exception):
    """Another process has this data directory open."""


class Stored(msgspec.Struct, frozen=True):
    """A record as it is stored."""

    version: int
    measures: str


class Storage:
    """The SQLite file and what is cached of it. One thread writes; readers open their own connection."""

    def __init__(self, data_dir: Path, max_bytes: int | None = None) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self.path = data_dir / "timestream.sqlite3"
        self._lock = (data_dir / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise DataDirInUse(data_dir) from None
        self.connection = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        execute = self.connection.execute
        execute("PRAGMA journal_mode=WAL")
        execute("PRAGMA synchronous=NORMAL")
        execute("PRAGMA cache_size=-65536")
        execute("PRAGMA wal_autocheckpoint=8000")
        self.connection.executescript(TABLES)
        if max_bytes is not None:
            page_bytes = execute("PRAGMA page_size").fetchone()[0]
            execute(f"PRAGMA max_page_count={max_bytes // page_bytes}")
        self.tables: dict[tuple[str, str], Table] = {}
        self._series: dict[tuple[int, str, str], tuple[int, int]] = {}
        self._dirty: set[Table] = set()
        self.journal = Journal()
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

    def database_names(self) -> list[str]:
        """All databases, sorted."""
        return [name for (name,) in self.connection.execute("SELECT name FROM databases ORDER BY name")]

    def find_database(self, name: str) -> Database | None:
        """The database of this name, if there is one."""
        sql = "SELECT created, updated, kms_key FROM databases WHERE name=?"
        row = self.connection.execute(sql, (name,)).fetchone()
        return Database(*row) if row else None

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
        self.journal.commit()

    def rollback(self) -> None:
        """Forget all changes since the last commit, in memory as well."""
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")
        self.journal.rollback()
        self.journal.forget_all()
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
        inserted = self.change(sql, values).rowcount == 1
        if inserted:
            self._note(table, row, series_id, replaces=False)
        return inserted

    def update(self, table: Table, row: Row, series_id: int) -> None:
        """Replace the values and the version of an existing record."""
        self.change(
            "UPDATE records SET version=?, measures=? WHERE table_id=? AND time_ns=? AND series_id=?",
            (row.version, row.measures.json, table.id, row.time_ns, series_id),
        )
        self._note(table, row, series_id, replaces=True)

    def _note(self, table: Table, row: Row, series_id: int, *, replaces: bool) -> None:
        dimensions, measures = row.dimensions.json, row.measures.json
        put = Put(row.time_ns, series_id, dimensions, row.measure_name, measures, replaces)
        self.journal.add(table.id, put)

    def adopt_columns(self, table: Table, row: Row) -> None:
        """Let the table's schema grow by the row's columns."""
        columns, measure_names = table.schema.add(row)
        for name, kind in columns.items():
            self.change("INSERT INTO columns VALUES (?,?,?)", (table.id, name, kind))
        for name, kind in measure_names.items():
            self.change("INSERT INTO measure_names VALUES (?,?,?)", (table.id, name, kind))

    def delete_before(self, table: Table, end_ns: int) -> None:
        """Delete the records before this time."""
        deleted = self.change(
            "DELETE FROM records WHERE table_id=? AND time_ns<?", (table.id, end_ns)
        ).rowcount
        table.counters.records -= deleted
        self.touch(table)
        if deleted:
            self.journal.add(table.id, DeleteBefore(end_ns))

    def forget_series_before(self, table: Table, end_ns: int) -> None:
        """Delete the series whose newest record was before this time."""
        sql = "DELETE FROM series WHERE table_id=? AND newest_ns<?"
        if self.change(sql, (table.id, end_ns - _SERIES_LAG_NS)).rowcount:
            self._series.clear()

    def empty(self, table: Table) -> None:
        """Delete all rows, the schema and the counters of a table; the table itself stays."""
        for sql in (
            "DELETE FROM records WHERE table_id=?",
            "DELETE FROM series WHERE table_id=?",
            "DELETE FROM columns WHERE table_id=?",
            "DELETE FROM measure_names WHERE table_id=?",
        ):
            self.change(sql, (table.id,))
        self.journal.forget(table.id)
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
