"""PostgreSQL as a store: one statement upserts some hundred rows, which travel as one JSON text."""

from collections.abc import Sequence

import psycopg

from beacon_job.stores.delivery import (
    Delivery,
    Outcome,
    RetryPolicy,
    Settled,
    Stop,
    TryAgain,
    monotonic_ms,
)
from beacon_job.stores.limits import OverLimit
from beacon_job.stores.postgres.answers import COLUMNS_CHANGED, MIGRATE, Failure, login_outcome, outcome
from beacon_job.stores.postgres.columns import Catalogue
from beacon_job.stores.postgres.connection import Connection, Connections, LoginFailed
from beacon_job.stores.postgres.requests import Request, plan
from beacon_job.stores.postgres.rows import Columns, encode
from beacon_job.stores.postgres.settings import PostgresSettings
from beacon_job.stores.store import Counters, Refused, StoreDenied, StoreUnavailable
from beacon_job.types.point import Point


class PostgresStore:
    """A Store (see `stores.store.Store`). One per subtask; it keeps its connections."""

    def __init__(self, settings: PostgresSettings) -> None:
        self._settings = settings
        self.counters = Counters()
        self._connections = Connections(settings)
        self._catalogue = Catalogue(settings.schema)
        policy = RetryPolicy(settings.retry_budget_ms)
        self._delivery = Delivery(self._send, settings.connections, policy, self.counters)

    def write(self, points: Sequence[Point]) -> list[Refused]:
        """See `stores.store.Store`."""
        requests, repeated = plan(points)
        self.counters.seen(points)
        self.counters.add(repeated=repeated)
        return self._delivery.deliver(requests)

    def close(self) -> None:
        """See `stores.store.Store`."""
        self._delivery.close()
        self._connections.close()

    def _send(self, request: Request) -> Outcome:
        settings = self._settings
        where = (
            f"PostgreSQL table {settings.schema}.{request.table} in {settings.database} at {settings.host}"
        )
        try:
            with self._connections.one() as connection:
                found = self._write(connection, request, where)
                if isinstance(found, Stop | TryAgain):
                    # The next try goes to whichever server takes writes then.
                    connection.close()
                return found
        except LoginFailed as error:
            return login_outcome(str(error), where)
        except StoreDenied as error:
            return Stop(f"{where}: {error}")
        except StoreUnavailable as error:
            return TryAgain(f"{where}: {error}")

    def _write(self, connection: Connection, request: Request, where: str) -> Outcome:
        try:
            table = self._catalogue.table(connection, request.table)
            if table is None:
                return Stop(f"{where}: there is no such table, or not all of its columns; {MIGRATE}")
            rows, refused = _encoded(request, table.columns)
            if not rows:
                return Settled(refused)
            written = self._upsert(connection, table.upsert, rows)
            return Settled(refused, superseded=len(rows) - written)
        except psycopg.Error as error:
            said = error.diag
            failure = Failure(
                error.sqlstate or "",
                said.message_primary or " ".join(str(error).split()) or type(error).__name__,
                said.constraint_name or "",
            )
            if failure.code in COLUMNS_CHANGED:
                self._catalogue.forget(request.table)
            return outcome(failure, where)

    def _upsert(self, connection: Connection, statement: str, rows: list[bytes]) -> int:
        """How many of the rows were new or newer."""
        content = b"[%s]" % b",".join(rows)
        started_ms = monotonic_ms()
        try:
            return connection.execute(statement.encode(), [content.decode()]).rowcount
        finally:
            self.counters.request(monotonic_ms() - started_ms, len(content))


def _encoded(request: Request, columns: Columns) -> tuple[list[bytes], tuple[Refused, ...]]:
    """The rows that can be sent, and those that cannot be stored."""
    rows: list[bytes] = []
    refused: list[Refused] = []
    for row in request.rows:
        try:
            rows.append(encode(row.point, row.row_id, columns))
        except OverLimit as over:
            refused.append(Refused(row.index, over.limit, str(over)))
    return rows, tuple(refused)
