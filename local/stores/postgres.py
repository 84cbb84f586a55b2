"""PostgreSQL, as the local stack's store."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from beacon_job.decode.vocabulary.fields import DIMENSIONS
from beacon_job.rollup.columns import MEASURE as COLUMNS
from beacon_job.stores.postgres.migrate import TABLES
from beacon_job.stores.postgres.rows import OWN
from local.postgres.programs import owner, programs
from local.postgres.server import DATABASE, READER, url
from local.processes import service
from local.processes.children import Processes
from local.processes.ports import refuse_busy_port
from local.stores.store import Row, Stored

CONTEXT = frozenset({"session_id", "source", "target", *DIMENSIONS})
DIMENSIONS_OF: Mapping[str, frozenset[str]] = {
    "events": CONTEXT,
    "qoe": CONTEXT | {"content_id"},
    "sessions": frozenset({"session_id", "view"}),
}
"""Table -> its dimensions; all other columns that are not every table's are measures."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class LocalPostgres:
    """See `store.LocalStore`."""

    name = "postgres"
    title = "PostgreSQL"

    def __init__(self, processes: Processes, home: Path, port: int) -> None:
        self._processes = processes
        self._home = home
        self._port = port
        self.url = url(port, READER)
        """What `psql` takes."""

    def check(self) -> None:
        programs()
        owner(self._home / "postgres")
        refuse_busy_port(self._port, "POSTGRES_PORT", self.title)

    def start(self) -> None:
        data = str(self._home.resolve() / "postgres")
        command = [sys.executable, "-m", "local.postgres", "--port", str(self._port), "--data-dir", data]
        service.start(self._processes, self.name, command, lambda: bool(self.stored().rows))

    def properties(self, shipped: Mapping[str, str]) -> dict[str, str]:
        kept = {name: shipped[name] for name in ("retry.budget.ms", "request.timeout.ms")}
        mine = {"store": self.name, "host": "127.0.0.1", "port": str(self._port), "database": DATABASE}
        return {**mine, "tls": "disable", **kept}

    def urls(self) -> dict[str, str]:
        return {"stored rows": f"psql {self.url}"}

    def stored(self) -> Stored:
        counts = SQL("SELECT ") + SQL(", ").join(
            SQL("(SELECT count(*) FROM {})").format(Identifier(table)) for table in TABLES
        )
        try:
            with psycopg.connect(self.url, connect_timeout=2) as connection:
                [found] = connection.execute(counts)
        except psycopg.Error:
            return Stored()
        return Stored(dict(zip(TABLES, found, strict=True)))

    def rows(self, table: str, measure_name: str = "", from_ms: int = 0) -> list[Row]:
        statement = SQL(
            "SELECT * FROM {} WHERE measure_name <> %s AND (%s = '' OR measure_name = %s) AND time >= %s"
            " ORDER BY time, time_rest_ns"
        ).format(Identifier(table))
        since = datetime.fromtimestamp(from_ms / 1_000, UTC)
        try:
            with psycopg.connect(self.url, connect_timeout=5, row_factory=dict_row) as connection:
                found = connection.execute(statement, [COLUMNS, measure_name, measure_name, since])
                return [row_of(table, row) for row in found]
        except psycopg.Error as error:
            raise OSError(str(error)) from None


def row_of(table: str, columns: Mapping[str, Any]) -> Row:
    """A row by column as one of dimensions and measures; what is null was not said."""
    values = {name: value for name, value in columns.items() if name not in OWN and value is not None}
    values |= columns["more"] or {}
    dimensions = DIMENSIONS_OF[table]
    return {
        "time": _epoch_us(columns["time"]) * 1_000 + columns["time_rest_ns"],
        "version": columns["version"],
        "measure_name": columns["measure_name"],
        "dimensions": {name: value for name, value in values.items() if name in dimensions},
        "measures": {
            name: _epoch_us(value) // 1_000 if isinstance(value, datetime) else value
            for name, value in values.items()
            if name not in dimensions
        },
    }


def _epoch_us(time: datetime) -> int:
    since = time - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
