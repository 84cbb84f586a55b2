"""The tables of SQLite once more in DuckDB's memory, as columns: what queries read.

SQLite stays what is durable. A table is read into DuckDB once (`loading`); from then on what was committed
since is applied before each query, so a query sees all that was acknowledged when it came in.
A batch of changes is applied in one transaction of DuckDB: no query sees a part of it.

Full groups of rows are compressed, to a twentieth as a rule, and those that retention has emptied given back.
"""

from contextlib import suppress
from typing import Any

import duckdb
import msgspec
import numpy

from local.timestream.query.columns import (
    DUCKDB_TYPES,
    NUMBER_BYTES,
    ROW_BYTES,
    SERIES,
    STORED_TYPES,
    Columns,
    base_name,
    bytes_of,
    view_name,
)
from local.timestream.query.values import quoted
from local.timestream.rules.schema import DIMENSION
from local.timestream.storage.journal import Change, Put

ROWS_PER_GROUP = 122_880
"""What DuckDB compresses together; it leaves smaller loads as they are."""
_ROWS_PER_COMPRESSION = 50_000

Row = tuple[int, int, str]
"""Time in ns, series, measures."""
Series = tuple[str, str]
"""Dimensions, measure name."""


class Mirror:
    """The tables in DuckDB. All methods run one at a time."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._columns: dict[int, list[str]] = {}
        self._complete: set[int] = set()
        self._changed_rows = 0
        """Since the last compression."""

    def begin(self, columns: Columns) -> None:
        """An empty table, in place of what there was of it; nobody sees it before `complete`."""
        self.drop(columns.table_id)
        self._connection.execute(
            f"CREATE TABLE {_base(columns.table_id)} "
            f"({quoted(SERIES)} BIGINT, {quoted(ROW_BYTES)} BIGINT, measure_name VARCHAR, time TIMESTAMP_NS)"
        )
        self._columns[columns.table_id] = []
        self._grow(columns)

    def add(self, columns: Columns, rows: list[Row], series: dict[int, Series]) -> None:
        """Put rows into a table that was begun; at best ROWS_PER_GROUP at once."""
        self._insert(columns, rows, series)
        self._compress()

    def complete(self, table_id: int) -> None:
        """All rows of the table are there."""
        self._complete.add(table_id)

    def apply(self, columns: Columns, changes: list[Change]) -> None:
        """Make what was committed visible, in order, and let go of what is past its retention.

        If that fails, the table is dropped.
        """
        try:
            self._apply(columns, changes)
        except BaseException:
            self.drop(columns.table_id)
            raise
        self._changed_rows += len(changes)
        if self._changed_rows > _ROWS_PER_COMPRESSION:
            self._compress()

    def _apply(self, columns: Columns, changes: list[Change]) -> None:
        self._grow(columns)
        execute = self._connection.execute
        execute("BEGIN")
        try:
            batch: dict[tuple[int, int], Put] = {}
            replaced: list[tuple[int, int]] = []
            for change in changes:
                if isinstance(change, Put):
                    key = change.time_ns, change.series_id
                    if change.replaces and key not in batch:
                        replaced.append(key)
                    batch[key] = change
                else:
                    self._flush(columns, batch, replaced)
                    self._delete_before(columns.table_id, change.end_ns)
            self._flush(columns, batch, replaced)
            self._delete_before(columns.table_id, columns.kept_from_ns)
            execute("COMMIT")
        except BaseException:
            execute("ROLLBACK")
            raise

    def drop(self, table_id: int) -> None:
        """Forget a table, complete or not."""
        self._complete.discard(table_id)
        if self._columns.pop(table_id, None) is not None:
            self._connection.execute(f"DROP VIEW {quoted(view_name(table_id))}")
            self._connection.execute(f"DROP TABLE {_base(table_id)}")

    def loaded(self) -> set[int]:
        """The ids of the tables that are here as a whole. May be asked from any thread."""
        return set(self._complete)

    def _compress(self) -> None:
        self._changed_rows = 0
        with suppress(duckdb.TransactionException):  # Somebody reads just now; later changes compress it too.
            self._connection.execute("CHECKPOINT")

    def _grow(self, columns: Columns) -> None:
        """Add columns the table has got since, and show all of them."""
        shown = columns.shown()
        known = self._columns[columns.table_id]
        if shown == known:
            return
        for name in shown:
            if name not in known and name not in ("measure_name", "time"):
                kind = DUCKDB_TYPES[columns.types[name]]
                self._connection.execute(
                    f"ALTER TABLE {_base(columns.table_id)} ADD COLUMN {quoted(name)} {kind}"
                )
        names = ", ".join(map(quoted, shown))
        self._connection.execute(
            f"CREATE OR REPLACE VIEW {quoted(view_name(columns.table_id))} AS "
            f"SELECT {names} FROM {_base(columns.table_id)}"
        )
        self._columns[columns.table_id] = shown

    def _flush(
        self, columns: Columns, batch: dict[tuple[int, int], Put], replaced: list[tuple[int, int]]
    ) -> None:
        if replaced:
            keys = numpy.array(replaced, dtype=numpy.int64)
            self._with_rows(
                {"time_ns": keys[:, 0].copy(), "series_id": keys[:, 1].copy()},
                f"DELETE FROM {_base(columns.table_id)} USING batch "
                f"WHERE time = make_timestamp_ns(time_ns) AND {quoted(SERIES)} = series_id",
            )
            replaced.clear()
        if batch:
            puts = batch.values()
            series = {put.series_id: (put.dimensions, put.measure_name) for put in puts}
            self._insert(columns, [(put.time_ns, put.series_id, put.measures) for put in puts], series)
            batch.clear()

    def _insert(self, columns: Columns, rows: list[Row], series: dict[int, Series]) -> None:
        dimensions = {name: "VARCHAR" for name, kind in columns.types.items() if kind == DIMENSION}
        measures = {name: STORED_TYPES[kind] for name, kind in columns.types.items() if kind != DIMENSION}
        values = {
            SERIES: "series_id",
            "measure_name": "measure_name",
            "time": "make_timestamp_ns(time_ns)",
            **{name: f"dimensions.{quoted(name)}" for name in dimensions},
            **{name: f"measures.{quoted(name)}" for name in measures},
        }
        kinds = {name: DUCKDB_TYPES[kind] for name, kind in columns.types.items()} | {
            "measure_name": "VARCHAR"
        }
        sizes = [bytes_of(values[name], kind) for name, kind in kinds.items()]
        values[ROW_BYTES] = " + ".join([str(NUMBER_BYTES), *sizes])
        for name, kind in columns.types.items():
            if kind == "TIMESTAMP":
                values[name] = f"make_timestamp_ns({values[name]})"
        time_ns, series_id, texts = zip(*rows, strict=True)
        self._with_rows(
            {
                "time_ns": numpy.array(time_ns, dtype=numpy.int64),
                "series_id": numpy.array(series_id, dtype=numpy.int64),
                "measures": numpy.array(texts, dtype=object),
            },
            f"INSERT INTO {_base(columns.table_id)} ({', '.join(map(quoted, values))}) "
            f"SELECT {', '.join(values.values())} FROM "
            f"(SELECT time_ns, series_id, {_parsed('measures', measures)} FROM batch) JOIN "
            f"(SELECT series_id, measure_name, {_parsed('dimensions', dimensions)} FROM series) "
            "USING (series_id)",
            {
                "series_id": numpy.array(list(series), dtype=numpy.int64),
                "dimensions": numpy.array([text for text, _ in series.values()], dtype=object),
                "measure_name": numpy.array([name for _, name in series.values()], dtype=object),
            },
        )

    def _delete_before(self, table_id: int, end_ns: int) -> None:
        self._connection.execute(f"DELETE FROM {_base(table_id)} WHERE time < make_timestamp_ns({end_ns})")

    def _with_rows(self, rows: dict[str, Any], sql: str, series: dict[str, Any] | None = None) -> None:
        self._connection.register("batch", rows)
        if series is not None:
            self._connection.register("series", series)
        try:
            self._connection.execute(sql)
        finally:
            self._connection.unregister("batch")
            self._connection.unregister("series")


def _base(table_id: int) -> str:
    return quoted(base_name(view_name(table_id)))


def _parsed(text: str, types: dict[str, str]) -> str:
    """A JSON text as a structure of these members."""
    if not types:
        return f"NULL AS {text}"
    structure = msgspec.json.encode(types).decode().replace("'", "''")
    return f"from_json({text}, '{structure}') AS {text}"
