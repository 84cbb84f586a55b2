"""DuckDB in this process's memory, locked: what a query may do, and for how long."""

import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import duckdb
import msgspec

from local.timestream.query.dialect import Statement
from local.timestream.query.errors import failed, invalid
from local.timestream.query.limits import Limits
from local.timestream.query.macros import MACROS
from local.timestream.query.mirror import Mirror
from local.timestream.query.translate import UNNAMED
from local.timestream.query.values import Shape, shape_of
from local.timestream.rules.errors import ServiceError, internal

log = logging.getLogger("timestream.query")

_Made = TypeVar("_Made")
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

    def columns(self, cursor: duckdb.DuckDBPyConnection, statement: Statement, sql: str) -> Answer:
        """The columns of a query that is not run. Raises ValidationException."""

        def bind() -> Answer:
            relation = cursor.sql(sql)
            names = [_output_name(name, place) for place, name in enumerate(relation.columns)]
            return Answer(names, [shape_of(kind) for kind in relation.types], [])

        return _in_words(statement, bind)

    def run(self, cursor: duckdb.DuckDBPyConnection, statement: Statement, sql: str) -> Answer:
        """Run a query to its end. Raises ValidationException or QueryExecutionException."""
        answer = self.columns(cursor, statement, sql)
        inner = [f"c{place}" for place in range(len(answer.names))]
        outer = ", ".join(shape.fetch(name) for shape, name in zip(answer.shapes, inner, strict=True))
        typed = f"SELECT {outer} FROM ({sql}) AS answer({', '.join(inner)})"  # noqa: S608

        def fetch() -> list[tuple[Any, ...]]:
            with _time_limit(cursor, self._limits.time_s):
                return self._fetch(cursor.execute(typed))

        return Answer(answer.names, answer.shapes, _in_words(statement, fetch))

    def _fetch(self, cursor: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        while some := cursor.fetchmany(_ROWS_PER_FETCH):
            rows += some
            if len(rows) > self._limits.rows:
                message = f"The result has more than {self._limits.rows} rows, the limit of this stand-in"
                raise failed(message)
        return rows


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


def _in_words(statement: Statement, run: Callable[[], _Made]) -> _Made:
    """Run, and tell DuckDB's errors in the service's terms."""
    try:
        return run()
    except (ServiceError, duckdb.InterruptException):
        raise
    except duckdb.OutOfMemoryException:
        message = "The query needs more memory than this stand-in has"
        raise failed(message) from None
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        raise _wrong(statement, str(error)) from None
    except (duckdb.InternalException, duckdb.FatalException) as error:
        log.exception("DuckDB failed")
        message = "The query failed for a fault of the stand-in; its log says more."
        raise internal(message) from error
    except duckdb.Error as error:
        raise failed(_runtime_words(str(error))) from None
    except RecursionError:
        message = "The query is nested too deeply"
        raise invalid(message) from None


_WRONG: tuple[tuple[str, str], ...] = (
    (r'Referenced column "(?P<word>.+?)" not found', "Column '{word}' does not exist"),
    (
        r'Table "(?P<table>.+?)" does not have a column named "(?P<word>.+?)"',
        "Column '{word}' does not exist",
    ),
    (r'Referenced table "(?P<word>.+?)" not found', "Table '{word}' does not exist"),
    (r'Ambiguous reference to column name "(?P<word>.+?)"', "Column '{word}' is ambiguous"),
    (
        r'column "(?P<word>.+?)" must appear in the GROUP BY clause',
        "'{word}' must be an aggregate expression or appear in GROUP BY clause",
    ),
    (
        r"(?s)argument types '(?:ts_)?(?P<word>[^(]+)\((?P<types>.*?)\)'",
        "Unexpected parameters ({types}) for function {word}",
    ),
    (
        r'(?s)function call "(?:ts_)?(?P<word>[^(]+)\((?P<types>.*?)\)"',
        "Unexpected parameters ({types}) for function {word}",
    ),
    (
        r"(?:Scalar|Aggregate|Macro) ?(?:Function)? (?:ts_)?(?P<word>\w+)\(\) does not support",
        "Unexpected parameters for function {word}",
    ),
    (
        r"Cannot compare values of type (?P<types>.+?) and type (?P<word>.+?)[ .]",
        "Cannot compare {types} and {word}",
    ),
)
"""What DuckDB says of a wrong statement, and what the service says."""


_TYPES = {
    "STRING_LITERAL": "VARCHAR",
    "INTEGER_LITERAL": "INTEGER",
    "INT128": "BIGINT",
    "INT64": "BIGINT",
    "INT32": "INTEGER",
    "HUGEINT": "BIGINT",
    "TIMESTAMP_NS": "TIMESTAMP",
}
"""DuckDB's name of a type -> Timestream's."""


def _wrong(statement: Statement, said: str) -> Exception:
    for pattern, message in _WRONG:
        if found := re.search(pattern, said):
            parts = {name: part.strip("\"' ") for name, part in found.groupdict().items()}
            return statement.error_at(parts["word"], _runtime_words(message.format(**parts)))
    return statement.error_at(statement.tokens[0].text, _runtime_words(said))


def _runtime_words(said: str) -> str:
    """DuckDB's sentence without its category, its advice and its copy of the statement."""
    sentence = said.partition("\n")[0].split(" Use TRY(", 1)[0]
    sentence = re.sub(r"^[A-Z][A-Za-z ]*Error: ", "", sentence)
    if sentence.startswith("Division by zero"):
        return "Division by zero"
    for theirs, ours in _TYPES.items():
        sentence = sentence.replace(theirs, ours)
    return sentence.replace("ts_", "")
