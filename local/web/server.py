"""One HTTP server on 127.0.0.1, with an event loop in a thread of its own."""

import asyncio
import logging
import threading
from collections.abc import Iterable

from aiohttp import web
from aiohttp.typedefs import Handler

from local.processes.children import StartError
from local.processes.ports import HOST
from local.web.own_page import error_answer

log = logging.getLogger("web")
_clients = logging.getLogger("web.clients")
_clients.disabled = True
"""Where aiohttp tells, with stack traces, of clients that hang up or speak no HTTP."""

_FINISH_S = 1.0
"""How long requests under way may take to finish when the server is closed."""
_HEAD_S = 60.0
"""How long a connection may take to the end of its next request's head; then it is closed."""


class WebServer:
    """Serves `routes` from the moment it is made until it is closed.

    Raises StartError when it cannot listen on the port; 0 takes a free one. A handler that raises is answered
    with 500, and the logger `web` has the stack trace.
    """

    def __init__(self, port: int, routes: Iterable[web.RouteDef]) -> None:
        self.port = port
        self._routes = list(routes)
        self._ready = threading.Event()
        self._failure: OSError | None = None
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="web", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure:
            message = f"port {port} (the web server) cannot be used: {self._failure.strerror}"
            raise StartError(message)

    def close(self) -> None:
        """Stop answering, free the port and end the thread; does nothing the second time."""
        if not self._thread.is_alive():
            return
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        application = web.Application(middlewares=[_in_words])
        application.add_routes(self._routes)
        runner = web.AppRunner(
            application,
            access_log=None,
            logger=_clients,
            shutdown_timeout=_FINISH_S,
            keepalive_timeout=_HEAD_S,
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, HOST, self.port, reuse_address=True).start()
            self.port = int(runner.addresses[0][1])
            self._ready.set()
            await self._stop.wait()
        except OSError as error:
            self._failure = error
            self._ready.set()
        finally:
            await runner.cleanup()


@web.middleware
async def _in_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what goes wrong with one sentence, as JSON."""
    try:
        return await handler(request)
    except web.HTTPNotFound:
        paths = sorted({resource.canonical for resource in request.app.router.resources()})
        return error_answer(404, f"found {request.path}; there is {', '.join(paths)}")
    except web.HTTPMethodNotAllowed as refused:
        allowed = ", ".join(sorted(refused.allowed_methods))
        return error_answer(405, f"found {refused.method}; {request.path} takes {allowed}")
    except web.RequestPayloadError:
        return error_answer(400, "the body is not what its headers say")
    except (web.HTTPException, ConnectionError):
        raise
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        if request.writer.output_size:  # It is too late for an answer: the connection ends instead.
            raise
        return error_answer(500, "this is a fault of the program; the log of `make run` says more")
