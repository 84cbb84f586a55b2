"""Connections that are open and ask nothing, or never finish asking."""

import asyncio
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

LOITER_S = 60.0
"""How long a connection may be open without a whole request; API Gateway's idle timeout is 310 s."""
LOOK_S = 5.0


class Loiterers:
    """Closes them; `busy` says who is none."""

    def __init__(self) -> None:
        self._since_s: dict[object, float] = {}

    @contextmanager
    def busy(self, connection: object) -> Iterator[None]:
        """A request of this connection is being answered."""
        self._since_s[connection] = math.inf
        try:
            yield
        finally:
            self._since_s[connection] = time.monotonic()

    async def watch(self, server: web.Server) -> None:
        """Close who loiters, for ever."""
        while True:
            await asyncio.sleep(LOOK_S)
            now_s = time.monotonic()
            self._since_s = {one: self._since_s.get(one, now_s) for one in server.connections}
            for connection in server.connections:
                if now_s - self._since_s[connection] > LOITER_S:
                    connection.force_close()
