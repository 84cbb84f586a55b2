"""Connections to whichever server takes writes now: made with a fresh password, kept while they work."""

import contextlib
import queue
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from botocore.httpsession import get_cert_path

from beacon_job.stores.postgres.passwords import password_of
from beacon_job.stores.postgres.settings import PostgresSettings
from beacon_job.stores.store import StoreDenied

_LATER_S = 2.0
"""Beyond the statement timeout, which the server keeps: then it is taken for dead."""


class LoginFailed(Exception):
    """No connection could be made; the text is the server's, or the network's."""


class Connection(psycopg.Connection[Any]):
    """One that waits no longer than it should, whatever became of server and network."""

    patience_s: float

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """See psycopg: everything that is asked of the server is waited for here."""
        return super().wait(gen, interval, self.patience_s if timeout is None else timeout)


class Connections:
    """A pool without bounds: who takes one gives it back, so there are as many as threads."""

    def __init__(self, settings: PostgresSettings) -> None:
        self._settings = settings
        self._password = password_of(settings)
        self._idle: queue.LifoQueue[Connection] = queue.LifoQueue()
        self._certificates = _certificates(settings)

    @contextlib.contextmanager
    def one(self) -> Iterator[Connection]:
        """A connection; whoever doubts it closes it. Raises LoginFailed, and what reading a password does."""
        try:
            connection = self._idle.get_nowait()
        except queue.Empty:
            connection = self._connect()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        if not connection.closed:
            self._idle.put(connection)

    def close(self) -> None:
        """Close those that nobody uses."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().close()

    def _connect(self) -> Connection:
        settings = self._settings
        timeout_ms = settings.request_timeout_ms
        try:
            connection = Connection.connect(
                host=settings.host,
                port=settings.port,
                dbname=settings.database,
                user=settings.user,
                password=self._password(),
                sslmode=settings.tls,
                sslrootcert=self._certificates,
                target_session_attrs="read-write",
                connect_timeout=max(2, timeout_ms // 1_000),
                tcp_user_timeout=timeout_ms,
                gssencmode="disable",
                application_name="beacon",
                autocommit=True,
                prepare_threshold=None,
            )
        except psycopg.Error as error:
            raise LoginFailed(" ".join(str(error).split())) from None
        connection.patience_s = timeout_ms / 1_000 + _LATER_S
        try:
            connection.execute(
                f"SET statement_timeout = {timeout_ms}; SET timezone = 'UTC'; SET client_encoding = 'UTF8'"
            )
        except psycopg.Error as error:
            connection.close()
            raise LoginFailed(" ".join(str(error).split())) from None
        return connection


def _certificates(settings: PostgresSettings) -> str | None:
    """The file of the authorities; raises StoreDenied when it is not where it should be."""
    if settings.tls not in ("verify-full", "verify-ca"):
        return None
    if settings.tls_certificates is None:
        return str(get_cert_path(True))
    for folder in ["", *sys.path]:
        path = Path(folder, settings.tls_certificates)
        if path.is_file():
            return str(path)
    message = (
        f"tls.certificates names {settings.tls_certificates}, which is not in the folder of the job's code"
        f" ({Path(__file__).parents[3]})"
    )
    raise StoreDenied(message)
