"""Listening on an address and letting go of it."""

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from local.timestream.server import Server
from local.timestream.storage.sqlite import Storage

_clients = logging.getLogger("timestream.clients")
_clients.disabled = True
"""Where aiohttp tells, with stack traces, of clients that hang up or speak no HTTP."""

_FINISH_S = 0.5
"""How long requests under way may take to finish when the server is told to end."""

_HEAD_S = 60.0
"""How long a connection may take to the end of its next request's head; then it is closed."""


@asynccontextmanager
async def listen(
    storage: Storage, host: str, port: int, now_ns: Callable[[], int] = time.time_ns
) -> AsyncIterator[Server]:
    """Serve `storage` on host:port (0: a free one) until the block ends, then close it.

    Raises OSError if the port cannot be had.
    """
    server = Server(storage, now_ns)
    application = server.application()
    runner = web.AppRunner(
        application,
        access_log=None,
        logger=_clients,
        shutdown_timeout=_FINISH_S,
        keepalive_timeout=_HEAD_S,
    )
    try:
        await runner.setup()
        await web.TCPSite(runner, host, port, reuse_address=True, backlog=1024).start()
        server.address = f"http://{host}:{runner.addresses[0][1]}"
        yield server
    finally:
        await runner.cleanup()
        storage.close()
