"""A database of a test's own as a `contract.Place`, and what is stored in it."""

import random
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier

from beacon_job.stores.postgres.settings import PostgresSettings
from beacon_job.stores.postgres.store import PostgresStore
from beacon_job.stores.store import Store
from local.postgres.server import ADMINISTRATOR, Server, url
from local.stores.postgres import row_of
from tests.stores.contract import Row, event

LONG = random.Random(1).randbytes(5_000).hex()
"""A text that no index of PostgreSQL takes."""


Opened = Callable[..., PostgresStore]
"""Opens a store that writes to the test's database, with other settings where they are given."""


class Database:
    """See `contract.Place`."""

    table = "events"
    right = "SELECT, INSERT and UPDATE on the table"
    bad = [  # noqa: RUF012
        event(2_001, measures={"n": float("nan")}),
        event(2_002, measures={"n": 2**63}),
        event(2_003, time_ns=2**63),
        event(2_004, measure_name="nul \0"),
        event(2_005, dims={"session_id": "s", "player": "\ud800"}),
        event(2_006, measures={"n": 0, "player": "hls.js"}),
        event(2_007, dims={"session_id": LONG}),
    ]

    def __init__(self, server: Server, name: str) -> None:
        self._server, self._name = server, name
        self.administrator = psycopg.connect(url(server.port, ADMINISTRATOR, name), autocommit=True)
        # The names of the contract have columns, as those of the job do.
        self.execute("ALTER TABLE events ADD n bigint, ADD url text")

    def execute(self, statement: str) -> None:
        """As the owner."""
        self.administrator.execute(statement.encode())

    def settings(self, retry_budget_ms: int, **more: Any) -> PostgresSettings:
        """Of a store that writes here."""
        return PostgresSettings(
            **{
                "host": "127.0.0.1",
                "port": self._server.port,
                "database": self._name,
                "tls": "disable",
                "retry_budget_ms": retry_budget_ms,
                **more,
            }
        )

    def open(self, retry_budget_ms: int) -> Store:
        return PostgresStore(self.settings(retry_budget_ms))

    def rows(self, table: str) -> list[Row]:
        with self.administrator.cursor(row_factory=dict_row) as cursor:
            cursor.execute(SQL("SELECT * FROM {} ORDER BY time, time_rest_ns").format(Identifier(table)))
            found = [row_of(table, columns) for columns in cursor]
        return [
            Row(row["time"], row["measure_name"], row["dimensions"], row["measures"], row["version"])
            for row in found
        ]

    def go_away(self) -> None:
        self.administrator.close()
        with psycopg.connect(url(self._server.port, ADMINISTRATOR, "postgres"), autocommit=True) as server:
            name = Identifier(self._name)
            server.execute(SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [self._name]
            )

    def come_back(self) -> None:
        with psycopg.connect(url(self._server.port, ADMINISTRATOR, "postgres"), autocommit=True) as server:
            server.execute(SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(Identifier(self._name)))
        self.administrator = psycopg.connect(
            url(self._server.port, ADMINISTRATOR, self._name), autocommit=True
        )

    def deny(self) -> None:
        self.execute("REVOKE INSERT ON events FROM beacon_writer")

    def close(self) -> None:
        self.administrator.close()
