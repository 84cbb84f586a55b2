"""Before a query: what was committed since the last one goes into DuckDB.

The event loop's thread, which also writes, takes the changes; a thread of its own applies them.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

from local.timestream.query.mirror import Columns, Mirror
from local.timestream.storage.journal import Change
from local.timestream.storage.sqlite import Storage
from local.timestream.storage.table import Table


class Freshness:
    """Keeps a mirror equal to what is committed. Lives in the event loop's thread."""

    def __init__(self, storage: Storage, mirror: Mirror, now_ns: Callable[[], int]) -> None:
        self._storage = storage
        self._mirror = mirror
        self._now_ns = now_ns
        self._one_at_a_time = asyncio.Lock()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="mirror")

    async def bring_up(self, tables: Iterable[Table]) -> None:
        """All that is committed now in these tables is visible to a query that begins after this."""
        async with self._one_at_a_time:
            await self._run(self._drop_gone)
            for table in tables:
                try:
                    await self._run(self._next_step(table))
                except BaseException:
                    self._storage.journal.forget(table.id)
                    raise

    async def catch_up(self) -> None:
        """Apply what waits in the tables that were queried before, so that the next query need not."""
        journal = self._storage.journal
        await self.bring_up([t for t in self._storage.tables.values() if journal.watches(t.id)])

    def close(self) -> None:
        """Wait for what is being applied."""
        self._worker.shutdown()

    async def _run(self, step: Callable[[], None]) -> None:
        # Shielded: a client that leaves must not leave the mirror half applied.
        await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._worker, step))

    def _drop_gone(self) -> None:
        existing = {table.id for table in list(self._storage.tables.values())}
        for table_id in self._mirror.loaded() - existing:
            self._mirror.drop(table_id)

    def _next_step(self, table: Table) -> Callable[[], None]:
        journal = self._storage.journal
        kept_from_ns = table.facts.retention.kept_from_ns(self._now_ns())
        columns = Columns(table.id, dict(table.schema.columns), kept_from_ns)
        if journal.watches(table.id) and table.id in self._mirror.loaded():
            changes: list[Change] = journal.take(table.id)
            return lambda: self._mirror.apply(columns, changes)
        journal.watch(table.id)
        snapshot = self._snapshot()
        return lambda: self._load(columns, snapshot)

    def _snapshot(self) -> sqlite3.Connection:
        reader = self._storage.reader()
        # A snapshot begins with the first read: what is committed later comes by the journal.
        reader.execute("BEGIN")
        reader.execute("SELECT 1 FROM records LIMIT 1").fetchone()
        return reader

    def _load(self, columns: Columns, snapshot: sqlite3.Connection) -> None:
        with closing(snapshot):
            self._mirror.load(columns, snapshot)
