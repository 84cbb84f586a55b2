"""Requests that only a page of this server may make, and none of another site."""

from urllib.parse import urlsplit

from aiohttp import web

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
