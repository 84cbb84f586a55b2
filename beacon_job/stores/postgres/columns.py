"""Which columns the tables have, as the server says, and the statement that writes them.

They are asked for again now and then: a column that somebody adds is filled without a restart.
"""

import threading
from typing import Any

import msgspec

from beacon_job.stores.delivery import monotonic_ms
from beacon_job.stores.postgres.rows import KEY, OWN, Columns

GOOD_FOR_MS = 60_000

COLUMNS = """
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped
  AND attgenerated = '' AND attidentity = ''
"""


class Table(msgspec.Struct, frozen=True):
    """A table as it was last seen."""

    columns: Columns
    upsert: str
    good_until_ms: float


class Catalogue:
    """The tables of one schema; safe to use from several threads."""

    def __init__(self, schema: str) -> None:
        self._schema = schema
        self._lock = threading.Lock()
        self._tables: dict[str, Table] = {}

    def table(self, connection: Any, name: str) -> Table | None:
        """The table, asked for through a connection of psycopg when it was not for a while.

        None when there is none with the columns that every table has. Raises what psycopg raises.
        """
        held = self._tables.get(name)
        if held and monotonic_ms() < held.good_until_ms:
            return held
        quoted = f"{quote(self._schema)}.{quote(name)}"
        types = dict(connection.execute(COLUMNS, [quoted]).fetchall())
        if not types.keys() >= {*OWN}:
            return None
        with self._lock:
            # The same columns stay the same object: shapes are remembered by it.
            columns = held.columns if held and held.columns.types == types else Columns(types)
            found = Table(columns, upsert(quoted, types), monotonic_ms() + GOOD_FOR_MS)
            self._tables[name] = found
        return found

    def forget(self, name: str) -> None:
        """Ask anew before the next request: the table is not as it was."""
        with self._lock:
            self._tables.pop(name, None)


def upsert(table: str, types: dict[str, str]) -> str:
    """The statement for rows as one JSON text; `table` is quoted.

    All columns are named, whatever the rows fill: a newer version replaces an older one whole, and the text
    stays the same. It affects the rows that are new or newer.
    """
    names = ", ".join(map(quote, types))
    typed = ", ".join(f"{quote(name)} {kind}" for name, kind in types.items())
    changed = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in types if name not in KEY)
    statement = (
        f"INSERT INTO {table} AS held ({names}) SELECT {names} FROM json_to_recordset($1) AS rows ({typed})"  # noqa: S608
        f" ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {changed} WHERE excluded.version > held.version"
    )
    return statement.replace("%", "%%").replace("$1", "%s", 1)


def quote(name: str) -> str:
    """A name as SQL takes it."""
    return '"' + name.replace('"', '""') + '"'
