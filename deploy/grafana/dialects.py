"""The two stores' SQL, as far as it differs: fragments that the texts of `queries/` name in double braces."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from deploy.grafana.spec import Query

QUERIES = Path(__file__).parent / "queries"

TABLES = {"events": "beacon-blog-table", "qoe": "qoe", "sessions": "sessions"}
"""Logical table -> its name in the store, as in application_properties.json."""

DIMENSIONS = ("player", "device", "country", "cdn", "stream_type")
"""What dashboards filter by: the viewer groups of `qoe`, as the job has them by default."""


@dataclass(frozen=True)
class Dialect:
    """A store as a data source of Grafana."""

    name: str
    datasource: str
    """Type of the data source."""
    fragments: dict[str, str]
    """Name -> SQL; `{}` stands for what the text gives in parentheses."""


SHARED = {
    "viewers": " AND ".join(
        f"('*' IN (${{{name}:sqlstring}}) OR coalesce({name}, 'unknown') IN (${{{name}:sqlstring}}))"
        for name in DIMENSIONS
    ),
    "watched": " + ".join(f"coalesce({name}_ms, 0)" for name in ("startup", "play", "stall", "seek")),
}

TIMESTREAM = Dialect(
    "timestream",
    "grafana-timestream-datasource",
    SHARED
    | {
        "table": '$__database."{{table_name}}"',
        "in_range": "$__timeFilter",
        "bucket": "bin(time, $__interval_ms)",
        "interval_ms": "$__interval_raw_ms",
    },
)
POSTGRES = Dialect(
    "postgres",
    "grafana-postgresql-datasource",
    SHARED
    | {
        "table": '"{{table_name}}"',
        "in_range": "$__timeFilter(time)",
        "bucket": "date_bin('$__interval_ms milliseconds', time, 'epoch')",
        "interval_ms": "$__interval_ms",
    },
)
DIALECTS = (TIMESTREAM, POSTGRES)

_WORD = re.compile(r"\{\{(\w+)(?:\(([^{}]*)\))?\}\}")


def sql_of(query: Query, dialect: Dialect) -> str:
    """The text of a query for one store. Raises KeyError for a word that nobody explains."""
    words: Mapping[str, str] = {"table_name": TABLES[query.table], **dialect.fragments, **query.words}

    def value_of(found: re.Match[str]) -> str:
        value = words[found[1]]
        return value if found[2] is None else value.format(found[2])

    text = (QUERIES / f"{query.text}.sql").read_text().strip()
    while _WORD.search(text):
        text = _WORD.sub(value_of, text)
    return text
