"""One PostgreSQL server over a data folder of ours, with Beacon's database in it."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg

from beacon_job.stores.postgres.migrate import TABLES, maintain, migrate
from local.postgres.programs import owner, programs
from local.processes.children import StartError

DATABASE, ADMINISTRATOR = "beacon", "postgres"
WRITER, READER = "beacon_writer", "beacon_reader"
SCHEMA = "public"
KEEP_DAYS = 7
PATIENCE_S = 60.0


def url(port: int, user: str, database: str = DATABASE) -> str:
    """What `psql` and drivers take. Nobody is asked for a password on 127.0.0.1."""
    return f"postgresql://{user}@127.0.0.1:{port}/{database}"


class Server:
    """`postgres` as a child process; what it stores stays in `folder`.

    `with Server(folder, port):` is one that is ready; `settings` are those of postgresql.conf.
    """

    def __init__(self, folder: Path, port: int, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = port
        self._settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
            "timezone": "UTC",
            "log_checkpoints": "off",
            "log_min_error_statement": "panic",  # the statements are longer than what is wrong with them
            **(settings or {}),
        }
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, over new files if there are none, and return once it answers; raises StartError."""
        self._bin = programs()
        self._owner = owner(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._owner:
            os.chown(self.folder, self._owner.uid, self._owner.gid)
        self.folder.chmod(0o700)
        if not (self.folder / "PG_VERSION").exists():
            self._make_files()
        options = [part for name, value in self._settings.items() for part in ("-c", f"{name}={value}")]
        self._child = self._popen("postgres", ["-D", str(self.folder.resolve()), *options])
        self._wait()

    def prepare(self) -> None:
        """Make database, tables, partitions and roles, as far as they are missing."""
        with psycopg.connect(url(self.port, ADMINISTRATOR, "postgres"), autocommit=True) as server:
            if not server.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount:
                server.execute(f"CREATE DATABASE {DATABASE}")
        with psycopg.connect(url(self.port, ADMINISTRATOR), autocommit=True) as database:
            list(migrate(database, SCHEMA))
            for table in TABLES:
                maintain(database, SCHEMA, table, KEEP_DAYS, ahead_days=2)
            for role in (WRITER, READER):
                database.execute(f"ALTER ROLE {role} LOGIN")

    def __enter__(self) -> "Server":
        self.start()
        try:
            self.prepare()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def exit_code(self) -> int | None:
        """How it ended; None while it runs."""
        return self._child.poll() if self._child else None

    def stop(self) -> None:
        """End it in order; whoever is connected is cut off."""
        if self._child and self._child.poll() is None:
            self._child.send_signal(signal.SIGINT)
            self._child.wait()

    def _make_files(self) -> None:
        arguments = ["-D", str(self.folder.resolve()), "-U", ADMINISTRATOR, "-A", "trust", "-E", "UTF8"]
        child = self._popen("initdb", [*arguments, "--locale=C", "--no-instructions"])
        if child.wait():
            message = f"PostgreSQL's initdb could not make {self.folder}; its output says why"
            raise StartError(message)

    def _popen(self, program: str, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        other: dict[str, Any] = {}
        if self._owner:
            other = {"user": self._owner.uid, "group": self._owner.gid, "extra_groups": []}
        command = [str(self._bin / program), *arguments]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, cwd=self.folder, **other)

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                psycopg.connect(url(self.port, ADMINISTRATOR, "postgres"), connect_timeout=2).close()
            except psycopg.OperationalError as error:
                if self.exit_code() is not None:
                    message = f"PostgreSQL ended while starting over {self.folder}; its output says why"
                    raise StartError(message) from None
                if time.monotonic() > deadline:
                    message = f"PostgreSQL did not answer within {PATIENCE_S:.0f} s: {error}"
                    raise StartError(message) from None
                time.sleep(0.1)
            else:
                return
