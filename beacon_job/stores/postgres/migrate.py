"""The schema: numbered SQL files, each applied once, in one transaction with the note that it was.

Safe while the job runs: what a file locks is locked briefly, or the file waits its turn and is tried again.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from psycopg import Connection, errors
from psycopg.sql import SQL, Identifier

MIGRATIONS = Path(__file__).parent / "migrations"
TABLES = ("events", "qoe", "sessions")

_LOCK_PATIENCE = "5s"
"""A file that waits longer for a lock gives way: whoever comes behind it would have to wait as well."""
_TRIES = 12
_PAUSE_S = 1.0

_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('beacon_migrations'))"
_NOTES = """
CREATE TABLE IF NOT EXISTS beacon_migrations (
    number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
)"""


class Migration(NamedTuple):
    """One file: `0001_tables.sql`."""

    number: int
    name: str
    sql: str


def migrations() -> list[Migration]:
    """All files, in the order in which they are applied."""
    return [
        Migration(int(path.name[:4]), path.stem, path.read_text())
        for path in sorted(MIGRATIONS.glob("[0-9]*.sql"))
    ]


def migrate(connection: Connection, schema: str) -> Iterator[str]:
    """Apply what is missing in a schema, which is made if it is not there; the name of each file once done.

    The connection is one that commits by itself. Raises psycopg.Error; what was applied before stays.
    """
    with connection.transaction():
        connection.execute(_ONE_AT_A_TIME)
        # IF NOT EXISTS would ask for the right to make it though it is there.
        if not connection.execute("SELECT FROM pg_namespace WHERE nspname = %s", [schema]).rowcount:
            connection.execute(SQL("CREATE SCHEMA {}").format(Identifier(schema)))
    for migration in migrations():
        if _applied(connection, schema, migration):
            yield migration.name


def _applied(connection: Connection, schema: str, migration: Migration) -> bool:
    """Apply one file unless it was before."""
    tries = 0
    while True:
        try:
            with connection.transaction():
                return _apply(connection, schema, migration)
        except errors.LockNotAvailable:
            tries += 1
            if tries == _TRIES:
                raise
            time.sleep(_PAUSE_S)


def _apply(connection: Connection, schema: str, migration: Migration) -> bool:
    connection.execute(SQL("SET LOCAL search_path TO {}").format(Identifier(schema)))
    connection.execute(_ONE_AT_A_TIME)
    connection.execute(_NOTES)
    found = connection.execute("SELECT FROM beacon_migrations WHERE number = %s", [migration.number])
    if found.rowcount:
        return False
    connection.execute(SQL("SET LOCAL lock_timeout TO {}").format(_LOCK_PATIENCE))
    connection.execute(migration.sql.encode())
    connection.execute(
        "INSERT INTO beacon_migrations (number, name) VALUES (%s, %s)", [migration.number, migration.name]
    )
    return True


def maintain(connection: Connection, schema: str, table: str, keep_days: int, ahead_days: int) -> list[str]:
    """Make the partitions of the days ahead, drop those that are not kept; a sentence for each thing done."""
    with connection.transaction():
        connection.execute(SQL("SET LOCAL search_path TO {}").format(Identifier(schema)))
        found = connection.execute(
            "SELECT done FROM maintain_days(%s::regclass, %s, %s)", [table, keep_days, ahead_days]
        )
        return [done for (done,) in found]
