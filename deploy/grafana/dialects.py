"""The two stores' SQL, as far as it differs: words that the texts of `queries/` name in double braces."""

import re
from dataclasses import dataclass
from pathlib import Path

from beacon_job.types.events import EVENTS
from deploy.grafana.spec import Query

QUERIES = Path(__file__).parent / "queries"

DIMENSIONS = ("player", "device", "country", "cdn", "stream_type")
"""What dashboards filter by: the viewer groups of `qoe`, as the job has them by default."""


@dataclass(frozen=True)
class Dialect:
    """A store as a data source of Grafana."""

    name: str
    datasource: str
    """Type of the data source."""
    uid: str
    """Of the provisioned data source, which alert rules ask."""
    words: dict[str, str]
    """Word -> SQL; `{0}` and `{1}` stand for what the text gives in parentheses."""


def _coalesced(*names: str) -> str:
    return " + ".join(f"coalesce({name}_ms, 0)" for name in names)


def _counts(condition: str) -> str:
    return f"CASE WHEN {condition} THEN 1 ELSE 0 END"


SHARED = {
    "viewers": "\n  AND ".join(
        f"('*' IN (${{{name}:sqlstring}}) OR coalesce({name}, 'unknown') IN (${{{name}:sqlstring}}))"
        for name in DIMENSIONS
    ),
    "watched": _coalesced("startup", "play", "stall", "seek"),
    "watched_of_view": _coalesced("waited", "play", "stall", "seek"),
    "is": _counts("outcome = '{0}'"),
    "is_start": _counts("outcome IN ('played', 'ended', 'playback_failed')"),
    "is_attempt": _counts("outcome IN ('played', 'ended', 'playback_failed', 'start_failed', 'abandoned')"),
    "is_exit": _counts("outcome = 'abandoned' AND waited_ms >= 1000"),
    "is_bounce": _counts("outcome = 'abandoned' AND waited_ms < 1000"),
    "any_event": "measure_name IN (" + ", ".join(f"'{name}'" for name in EVENTS) + ")",
    "complete_of_views": "1e0 * sum(CASE WHEN beacons_expected IS NOT NULL THEN beacons_received END)"
    " / nullif(sum(beacons_expected), 0)",
    "views": (QUERIES / "views.sql").read_text().strip(),
}

TIMESTREAM = Dialect(
    "timestream",
    "grafana-timestream-datasource",
    "beacon-timestream",
    SHARED
    | {
        "events": '$__database."beacon-blog-table"',
        "qoe": '$__database."qoe"',
        "sessions": '$__database."sessions"',
        "in_range": "$__timeFilter",
        "a_minute_ago": "time BETWEEN from_milliseconds($__timeTo - 120000)"
        " AND from_milliseconds($__timeTo - 60001)",
        "bucket": "bin(time, $__interval_ms)",
        "bucket_of_10s": "bin(time, 10s)",
        "interval_ms": "$__interval_raw_ms",
        "percentile": "approx_percentile({0}, {1})",
        "seconds_between": "date_diff('second', {0}, {1})",
        "age_ms": "date_diff('millisecond', {0}, from_milliseconds($__timeTo))",
        "last": "time > ago({0}m)",
        "ms_since": "date_diff('millisecond', {0}, now())",
        "later": "date_add('millisecond', {1}, {0})",
        "parts": "split({0}, ';')",
        "word": "element_at(split({0}, ' '), {1})",
    },
)
POSTGRES = Dialect(
    "postgres",
    "grafana-postgresql-datasource",
    "beacon-postgres",
    SHARED
    | {
        "events": "events",
        "qoe": "qoe",
        "sessions": "sessions",
        "in_range": "$__timeFilter(time)",
        "a_minute_ago": "time BETWEEN $__timeTo()::timestamptz - interval '120 seconds'"
        " AND $__timeTo()::timestamptz - interval '60001 milliseconds'",
        "bucket": "date_bin('$__interval_ms milliseconds', time, 'epoch')",
        "bucket_of_10s": "date_bin('10 seconds', time, 'epoch')",
        "interval_ms": "$__interval_ms",
        "percentile": "percentile_disc({1}) WITHIN GROUP (ORDER BY {0})",
        "seconds_between": "CAST(floor(extract(epoch FROM {1} - {0})) AS bigint)",
        "age_ms": "CAST(1000 * extract(epoch FROM $__timeTo()::timestamptz - {0}) AS bigint)",
        "last": "time > now() - interval '{0} minutes'",
        "ms_since": "1000 * extract(epoch FROM now() - {0})",
        "later": "{0} + {1} * interval '1 millisecond'",
        "parts": "string_to_array({0}, ';')",
        "word": "split_part({0}, ' ', {1})",
    },
)
DIALECTS = (TIMESTREAM, POSTGRES)

_WORD = re.compile(r"\{\{(\w+)(?:\(([^{}]*)\))?\}\}")


def sql_of(query: Query, dialect: Dialect) -> str:
    """The text of a query for one store. Raises KeyError for a word that nobody explains."""
    words = dialect.words | query.words

    def value_of(found: re.Match[str]) -> str:
        value = words[found[1]]
        return value if found[2] is None else value.format(*found[2].rsplit(", ", 1))

    text = (QUERIES / f"{query.text}.sql").read_text().strip()
    while _WORD.search(text):
        text = _WORD.sub(value_of, text)
    return text
