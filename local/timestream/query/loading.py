"""One table from SQLite into the mirror, a group of rows at a time, so that others can be asked meanwhile."""

import sqlite3

from local.timestream.query.columns import Columns
from local.timestream.query.mirror import ROWS_PER_GROUP, Mirror, Series


class Loading:
    """A table as a snapshot of SQLite has it. Close it when all is read, or nothing more is wanted."""

    def __init__(self, mirror: Mirror, columns: Columns, snapshot: sqlite3.Connection) -> None:
        self._mirror = mirror
        self._columns = columns
        self._snapshot = snapshot
        self._rows: sqlite3.Cursor | None = None
        self._series: dict[int, Series] = {}

    def step(self) -> bool:
        """Read some more; False once the mirror has the whole table."""
        if self._rows is None:
            self._rows = self._begun()
        rows = self._rows.fetchmany(ROWS_PER_GROUP)
        if rows:
            series = {number: self._series[number] for number in {row[1] for row in rows}}
            self._mirror.add(self._columns, rows, series)
            return True
        self._mirror.complete(self._columns.table_id)
        return False

    def close(self) -> None:
        """Let go of the snapshot."""
        self._snapshot.close()

    def _begun(self) -> sqlite3.Cursor:
        columns, execute = self._columns, self._snapshot.execute
        self._mirror.begin(columns)
        # Joined here: a series is read once, and its text is kept once, however many records it has.
        sql = "SELECT id, dimensions, measure_name FROM series WHERE table_id=?"
        self._series = {
            number: (dimensions, name) for number, dimensions, name in execute(sql, (columns.table_id,))
        }
        sql = "SELECT time_ns, series_id, measures FROM records WHERE table_id=? AND time_ns>=?"
        return execute(sql, (columns.table_id, columns.kept_from_ns))
