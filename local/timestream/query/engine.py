"""DuckDB in this process's memory, locked: what a query may do, and for how long."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb
import msgspec

from local.timestream.query.dialect import Statement
from local.timestream.query.errors import failed
from local.timestream.query.failures import in_words
from local.timestream.query.limits import Limits
from local.timestream.query.macros import MACROS
from local.timestream.query.mirror import Mirror
from local.timestream.query.scans import Scan, bytes_sql
from local.timestream.query.translate import UNNAMED, Translation
from local.timestream.query.values import Shape, quoted, shape_of

_ROWS_PER_FETCH = 2000

_LOCK = (
    "SET TimeZone='UTC'",
    "SET enable_external_access=false",
    "SET lock_configuration=true",
)
"""In this order: no file, no network, no extension, and no way back."""


class Answer(msgspec.Struct, frozen=True):
    """The columns of a result and its rows, as they were fetched."""

    names: list[str]
    shapes: list[Shape]
    rows: list[tuple[Any, ...]]
    scanned_bytes: int = 0
    """As `scans` counts them."""


class Engine:
    """One database of DuckDB. Queries run side by side, each on its own cursor; changes one at a time."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._connection = duckdb.connect(
            ":memory:",
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "allow_community_extensions": "false",
                "python_enable_replacements": "false",
                "memory_limit": f"{limits.memory_mb}MB",
                "temp_directory": "",
                "threads": "2",
                "integer_division": "true",
                "error_on_division_by_zero": "false",
            },
        )
        for name, definition in MACROS.items():
            self._connection.execute(f"CREATE MACRO {name}{definition}")
        for statement in _LOCK:
            self._connection.execute(statement)
        self.mirror = Mirror(self._connection)

    def close(self) -> None:
        """Let go of everything."""
        self._connection.close()

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection of its own to the same tables; `interrupt()` on it ends what it runs."""
        return self._connection.cursor()

    def columns(
        self, cursor: duckdb.DuckDBPyConnection, statement: Statement, translation: Translation
    ) -> Answer:
        """The columns of a query that is not run. Raises ValidationException."""

        def bind() -> Answer:
            relation = cursor.sql(translation.sql)
            names = [_output_name(name, place) for place, name in enumerate(relation.columns)]
            return Answer(names, [shape_of(kind) for kind in relation.types], [])

        return in_words(statement, bind)

    def run(
        self, cursor: duckdb.DuckDBPyConnection, statement: Statement, translation: Translation
    ) -> Answer:
        """Run a query to its end. Raises ValidationException or QueryExecutionException."""
        answer = self.columns(cursor, statement, translation)
        inner = [f"c{place}" for place in range(len(answer.names))]
        outer = ", ".join(shape.fetch(name) for shape, name in zip(answer.shapes, inner, strict=True))
        typed = f"SELECT {outer} FROM ({translation.sql}) AS answer({', '.join(inner)})"  # noqa: S608

        def fetch() -> Answer:
            with _time_limit(cursor, self._limits.time_s):
                rows = self._fetch(cursor.execute(typed))
                scanned_bytes = sum(_scanned_bytes(cursor, scan) for scan in translation.scans)
            return Answer(answer.names, answer.shapes, rows, scanned_bytes)

        return in_words(statement, fetch)

    def _fetch(self, cursor: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        while some := cursor.fetchmany(_ROWS_PER_FETCH):
            rows += some
            if len(rows) > self._limits.rows:
                message = f"The result has more than {self._limits.rows} rows, the limit of this stand-in"
                raise failed(message)
        return rows


def _scanned_bytes(cursor: duckdb.DuckDBPyConnection, scan: Scan) -> int:
    view = cursor.sql(f"SELECT * FROM {quoted(scan.view)}")  # noqa: S608
    types = {name: str(kind) for name, kind in zip(view.columns, view.types, strict=True)}
    found = cursor.execute(bytes_sql(scan, types)).fetchone()
    return int(found[0]) if found else 0


def _output_name(name: str, place: int) -> str:
    return f"_col{place}" if name.startswith(UNNAMED) else name


@contextmanager
def _time_limit(cursor: duckdb.DuckDBPyConnection, seconds: float) -> Iterator[None]:
    late = threading.Event()

    def stop() -> None:
        late.set()
        cursor.interrupt()

    timer = threading.Timer(seconds, stop)
    timer.start()
    try:
        yield
    except duckdb.InterruptException:
        if not late.is_set():
            raise
        message = f"The query ran longer than {seconds:g} s, the limit of this stand-in"
        raise failed(message) from None
    finally:
        timer.cancel()
