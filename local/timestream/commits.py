"""Group commit: one SQLite commit for all requests that wait for one."""

import asyncio
import logging
import sqlite3

from local.timestream.errors import internal
from local.timestream.store import Store

log = logging.getLogger("timestream")


class GroupCommit:
    """Lets requests wait until what they changed is durable. Lives in the event loop's thread."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: asyncio.Future[None] | None = None

    async def durable(self) -> None:
        """Return when all changes so far are committed; raises InternalServerException if they were lost."""
        if not self._store.has_changes:
            return
        if self._waiting is None:
            loop = asyncio.get_running_loop()
            self._waiting = loop.create_future()
            loop.call_soon(self._commit)
        await asyncio.shield(self._waiting)

    def lose(self, error: Exception) -> None:
        """A change failed half-way: undo it, and tell all requests that wait for the same commit."""
        log.error("cannot store in %s: %s; answering 500, nothing of it is kept", self._store.path, error)
        waiting, self._waiting = self._waiting, None
        self._store.rollback()
        if waiting is not None:
            waiting.set_exception(internal("The records could not be stored."))

    def _commit(self) -> None:
        try:
            self._store.commit()
        except sqlite3.Error as error:
            self.lose(error)
            return
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.set_result(None)
