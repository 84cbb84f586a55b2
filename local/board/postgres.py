"""PostgreSQL as the board's data source: its answers typed as Grafana's own data source types them."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg

from deploy.grafana.plugin import Field, Frame, wide
from local.board.source import MOST_ROWS, SourceError
from local.project import PROJECT

TIMEOUT_MS = 20_000
TIMES = frozenset({"timestamptz", "timestamp", "date"})
NUMBERS = frozenset({"int2", "int4", "int8", "float4", "float8", "numeric"})


class PostgresSource:
    """Asks the server at a url of libpq's kind."""

    dashboards: Path = PROJECT / "deploy" / "grafana" / "postgres"

    def __init__(self, url: str) -> None:
        self._url = url

    def frames(self, sql: str, target: Mapping[str, Any]) -> Sequence[Frame]:
        """The answer as one frame; a time series has a field for each of its series. Raises SourceError."""
        long = self._answer(sql)
        return [wide(long) if target.get("format") == "time_series" else long]

    def _answer(self, sql: str) -> Frame:
        options = f"-c statement_timeout={TIMEOUT_MS} -c timezone=UTC"
        try:
            with psycopg.connect(self._url, connect_timeout=2, options=options) as connection:
                found = connection.execute(sql.encode())
                rows = found.fetchmany(MOST_ROWS + 1)
                fields = [Field(column.name, _type(connection, column)) for column in found.description or ()]
        except psycopg.Error as error:
            message = " ".join((error.diag.message_primary or str(error)).split())
            raise SourceError(message) from None
        if len(rows) > MOST_ROWS:
            message = f"the answer has more than {MOST_ROWS:,} rows; choose a shorter time range"
            raise SourceError(message)
        for field, values in zip(fields, zip(*rows, strict=True), strict=False):
            field.values.extend(map(_plain, values))
        return Frame("", fields)


def _type(connection: psycopg.Connection[Any], column: psycopg.Column) -> str:
    known = connection.adapters.types.get(column.type_code)
    name = known.name if known else ""
    if name == "bool":
        return "boolean"
    return "time" if name in TIMES else "number" if name in NUMBERS else "string"


def _plain(value: Any) -> Any:
    """Times as epoch ms, numbers as JSON has them, all else as text."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp() * 1_000
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC).timestamp() * 1_000
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict | list):
        return json.dumps(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)
