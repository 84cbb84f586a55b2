"""A collector for pages: keeps what is posted to it, by the path it was posted to."""

import json
import time
from collections.abc import Callable

from aiohttp import web
from playwright.sync_api import Page

from local.web import WebServer

PATIENCE_S = 15.0
CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "content-type"}


class Collector:
    """Answers 204 to everything; ends with `close`."""

    def __init__(self) -> None:
        self.bodies: dict[str, list[str]] = {}
        routes = [web.post("/{path:.*}", self._take), web.options("/{path:.*}", self._allow)]
        self._server = WebServer(0, routes)
        self.url = f"http://127.0.0.1:{self._server.port}"

    def close(self) -> None:
        """Stop answering."""
        self._server.close()

    def events(self, path: str) -> list[dict[str, object]]:
        """Events of the SDK that came to a path."""
        return [event for body in self.bodies.get(path, []) for event in json.loads(body)["events"]]

    def types(self, path: str) -> list[object]:
        """Their types."""
        return [event["type"] for event in self.events(path)]

    def wait(self, condition: Callable[[], bool], page: Page | None = None) -> bool:
        """Whether a condition comes true in time; a page that is still open goes on meanwhile."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition() and time.monotonic() < deadline:
            if page:
                page.wait_for_timeout(50)
            else:
                time.sleep(0.05)
        return condition()

    async def _take(self, request: web.Request) -> web.Response:
        self.bodies.setdefault(request.path, []).append(await request.text())
        return web.Response(status=204, headers=CORS)

    async def _allow(self, _request: web.Request) -> web.Response:
        return web.Response(status=204, headers=CORS)
