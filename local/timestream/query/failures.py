"""DuckDB's errors in the service's terms."""

import logging
import re
from collections.abc import Callable
from typing import TypeVar

import duckdb

from local.timestream.query.dialect import Statement
from local.timestream.query.errors import failed, invalid
from local.timestream.rules.errors import ServiceError, internal

log = logging.getLogger("timestream.query")

_Made = TypeVar("_Made")


def in_words(statement: Statement, run: Callable[[], _Made]) -> _Made:
    """Run, and raise what DuckDB raises as a ServiceError."""
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
