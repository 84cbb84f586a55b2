"""Before a query: what was committed since the last one goes into DuckDB.

The event loop's thread, which also writes, takes the changes; a thread of its own applies them, step by step.
A table is read from SQLite in many steps, between which the others are kept fresh.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TypeVar

import duckdb

from local.timestream.query.columns import Columns
from local.timestream.query.errors import failed, not_ready
from local.timestream.query.loading import Loading
from local.timestream.query.mirror import Mirror
from local.timestream.rules.errors import ServiceError, internal
from local.timestream.storage.sqlite import Storage
from local.timestream.storage.table import Table

_Made = TypeVar("_Made")


class Freshness:
    """Keeps a mirror equal to what is committed. Lives in the event loop's thread."""

    def __init__(self, storage: Storage, mirror: Mirror, now_ns: Callable[[], int]) -> None:
        self._storage = storage
        self._mirror = mirror
        self._now_ns = now_ns
        self._loads: dict[int, asyncio.Task[None]] = {}
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="mirror")

    async def bring_up(self, tables: Iterable[Table], patience_s: float) -> None:
        """All that is committed now in these tables is visible to a query that begins after this.

        Raises ThrottlingException if they could not be read within so many seconds; reading goes on.
        """
        try:
            async with asyncio.timeout(patience_s):
                await self._run(self._drop_gone)
                for table in tables:
                    while not await self._caught_up(table):
                        await self._loaded(table)
        except TimeoutError:
            raise not_ready(patience_s) from None

    async def catch_up(self) -> None:
        """Apply what waits in the tables that are here, so that the next query need not."""
        await self._run(self._drop_gone)
        for table in list(self._storage.tables.values()):
            if table.id in self._mirror.loaded():
                await self._caught_up(table)

    async def load_all(self) -> None:
        """Read every table that has records, the smallest first."""
        for table in sorted(self._storage.tables.values(), key=lambda table: table.counters.records):
            if table.counters.records and not self._is_here(table):
                with suppress(ServiceError):
                    await self._loaded(table)

    def close(self) -> None:
        """Give up what is being read, and wait for the step under way."""
        for task in self._loads.values():
            task.cancel()
        self._worker.shutdown(cancel_futures=True)

    async def _caught_up(self, table: Table) -> bool:
        """Apply what waits; False if the table has to be read first."""
        if not self._is_here(table):
            return False
        columns, changes = self._columns(table), self._storage.journal.take(table.id)

        def apply() -> bool:
            # A step before this one may have failed, and dropped the table.
            loaded = table.id in self._mirror.loaded()
            if loaded:
                self._mirror.apply(columns, changes)
            return loaded

        return await self._run(apply)

    def _is_here(self, table: Table) -> bool:
        """Whether the mirror has the table, but for what waits in the journal."""
        return self._storage.journal.watches(table.id) and table.id in self._mirror.loaded()

    async def _loaded(self, table: Table) -> None:
        """Wait for the reading of a table that is under way, or for a new one."""
        task = self._loads.get(table.id)
        if task is None:
            task = self._loads[table.id] = asyncio.create_task(self._read(table))
            task.add_done_callback(lambda _: self._loads.pop(table.id))
        # Who waits may leave; the reading goes on.
        await asyncio.wait([task])
        if task.cancelled():
            message = "The tables are read anew after a fault; try again"
            raise internal(message)
        task.result()

    async def _read(self, table: Table) -> None:
        self._storage.journal.watch(table.id)
        loading = Loading(self._mirror, self._columns(table), self._snapshot())
        try:
            while await self._run(loading.step):
                continue
        except BaseException:
            self._storage.journal.forget(table.id)
            raise
        finally:
            loading.close()

    def _columns(self, table: Table) -> Columns:
        kept_from_ns = table.facts.retention.kept_from_ns(self._now_ns())
        return Columns(table.id, dict(table.schema.columns), kept_from_ns)

    def _snapshot(self) -> sqlite3.Connection:
        reader = self._storage.reader()
        # A snapshot begins with the first read: what is committed later comes by the journal.
        reader.execute("BEGIN")
        reader.execute("SELECT 1 FROM records LIMIT 1").fetchone()
        return reader

    def _drop_gone(self) -> None:
        existing = {table.id for table in list(self._storage.tables.values())}
        for table_id in self._mirror.loaded() - existing:
            self._mirror.drop(table_id)

    async def _run(self, step: Callable[[], _Made]) -> _Made:
        # Shielded: a client that leaves must not leave the mirror half applied.
        try:
            return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._worker, step))
        except duckdb.OutOfMemoryException:
            message = "The tables hold more than fits into the memory of this stand-in"
            raise failed(message) from None
