"""PostgreSQL as a run sees it: what it holds, and how it is made to misbehave."""

import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from local.postgres.server import ADMINISTRATOR, url
from local.processes.ports import free_port
from local.stack.stack import Stack
from local.timestream.rules.reasons import INJECTED
from tests.stores.postgres.proxy import Cut, Proxy

REQUEST_TIMEOUT_MS = 1_500
"""Shorter than a lock is held."""

FUNCTION = """
CREATE OR REPLACE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NEW; END $$"""
TRIGGER = "CREATE OR REPLACE TRIGGER trouble BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION trouble()"
FULL = "RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';"
REJECT = f"""
IF NEW.measure_name = 'heartbeat' AND hashtext(NEW.row_id::text) % 50 = 0 THEN
    RAISE EXCEPTION '{INJECTED}' USING ERRCODE = '23514', CONSTRAINT = 'trouble';
END IF;"""


class Database:
    """The stack's PostgreSQL, reached by the job through a proxy."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._port = stack.settings.postgres_port
        self.proxy = Proxy(self._port, free_port())
        self.properties = {
            "port": str(self.proxy.port),
            "request.timeout.ms": str(REQUEST_TIMEOUT_MS),
        }
        """Of the job, beside those of the local stack."""

    def rows(self) -> dict[str, int]:
        """Rows stored, by table."""
        return dict(self._stack.store.stored().rows)

    def injected(self) -> Counter[str]:
        """Connections that were cut; what the server itself refused it does not count."""
        return Counter({f"cut {when} commit": count for when, count in self.proxy.cuts.items()})

    def kill(self) -> None:
        """kill -9 of the server's first process; all others end with it."""
        file = self._stack.settings.home / "postgres" / "postmaster.pid"
        os.kill(int(file.read_text().split()[0]), signal.SIGKILL)

    @contextmanager
    def cut(self, when: Cut) -> Iterator[None]:
        """Every second write loses its connection."""
        with self.proxy.cutting(when):
            yield

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Somebody else holds a lock on `events`, longer than a statement may take."""
        with psycopg.connect(url(self._port, ADMINISTRATOR)) as connection:
            connection.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
            yield
            connection.rollback()

    @contextmanager
    def read_only(self) -> Iterator[None]:
        """The server takes no writes, as one that is no primary any more."""
        self._execute("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
        yield
        undo = "SET default_transaction_read_only = off"
        self._execute(undo, "ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()")

    @contextmanager
    def full(self) -> Iterator[None]:
        """The server answers every row as it does when its disk is full."""
        with self._trouble(FULL):
            yield

    @contextmanager
    def rejecting(self) -> Iterator[None]:
        """The server refuses one heartbeat in fifty."""
        with self._trouble(REJECT):
            yield

    @contextmanager
    def _trouble(self, body: str) -> Iterator[None]:
        triggers = [TRIGGER.format(table=table) for table in ("events", "qoe")]
        self._execute(FUNCTION.format(body=body), *triggers)
        yield
        # The triggers stay: to drop them locks partitions before their table, and the job does the reverse.
        self._execute(FUNCTION.format(body=""))

    def _execute(self, *statements: str) -> None:
        with psycopg.connect(url(self._port, ADMINISTRATOR), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())
