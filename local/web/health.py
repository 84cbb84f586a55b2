"""`GET /health`: 200 once beacons are being consumed, 503 and the reason otherwise."""

from collections.abc import Callable

from aiohttp import web

Report = tuple[bool, str]
"""(healthy, one sentence)."""


def health_routes(report: Callable[[], Report]) -> list[web.RouteDef]:
    """The health page, which answers what `report` says at the time."""

    async def health(_request: web.Request) -> web.Response:
        healthy, reason = report()
        content = {"healthy": healthy, "reason": reason}
        return web.json_response(content, status=200 if healthy else 503)

    return [web.get("/health", health)]
