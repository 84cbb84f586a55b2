"""Requests that only a page of this server may make, and none of another site; errors in words."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def foreign(request: web.Request) -> str:
    """Why a request may come from another site's page; empty when it cannot.

    The host must be this machine's, or a site could give its own name this address and be of the same origin.
    A request that changes something must be JSON, which a browser sends only with the origin of its page; a
    program that names no origin is no page.
    """
    if urlsplit(f"//{request.host}").hostname not in _LOOPBACK:
        return f"found Host {request.host!r}; this server is for pages of 127.0.0.1"
    if request.method in ("GET", "HEAD"):
        return ""
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.host}":
        return f"found Origin {origin!r}; only pages of http://{request.host} may do this"
    if request.content_type != "application/json":
        return f"found Content-Type {request.content_type!r}; expected application/json"
    return ""


def guarded(handler: Handler, statuses: Mapping[type[Exception], int]) -> Handler:
    """The handler, only for pages of this server. What it raises of these kinds is answered in its own words,
    with the status of the first kind that fits."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if reason := foreign(request):
            return error_answer(403, reason)
        try:
            return await handler(request)
        except tuple(statuses) as error:
            status = next(status for kind, status in statuses.items() if isinstance(error, kind))
            return error_answer(status, str(error))

    return answer


def error_answer(status: int, sentence: str) -> web.Response:
    """What is wrong, as all pages tell it: `{"error": sentence}`."""
    return web.json_response({"error": sentence}, status=status)
