"""Group commit: one SQLite commit for all requests that wait for one."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from typing import TypeVar

from local.timestream.rules.errors import ServiceError, internal
from local.timestream.storage.sqlite import Storage

log = logging.getLogger("timestream")

_Answer = TypeVar("_Answer")


class GroupCommit:
    """Runs changes and lets their requests wait until they are durable. Lives in the event loop's thread."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._waiting: asyncio.Future[None] | None = None

    async def durably(self, change: Callable[[], _Answer]) -> _Answer:
        """Run `change`; return its answer, or raise its ServiceError, once all it did is committed.

        If it, or the commit, fails for any other reason, nothing of it is kept: InternalServerException.
        """
        try:
            answer = change()
        except ServiceError:
            await self._committed()
            raise
        except Exception as error:
            if not isinstance(error, sqlite3.Error):
                log.exception("a request failed")
            self._lose(error)
            raise _lost() from error
        await self._committed()
        return answer

    async def _committed(self) -> None:
        if not self._storage.has_changes:
            return
        if self._waiting is None:
            loop = asyncio.get_running_loop()
            self._waiting = loop.create_future()
            loop.call_soon(self._commit)
        await asyncio.shield(self._waiting)

    def _commit(self) -> None:
        try:
            self._storage.commit()
        except sqlite3.Error as error:
            self._lose(error)
            return
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.set_result(None)

    def _lose(self, error: Exception) -> None:
        """Undo everything since the last commit, and tell all requests that wait for the next one."""
        log.error("cannot store in %s: %s; answering 500, nothing of it is kept", self._storage.path, error)
        waiting, self._waiting = self._waiting, None
        self._storage.rollback()
        if waiting is not None:
            waiting.set_exception(_lost())


def _lost() -> ServiceError:
    return internal("The records could not be stored.")
