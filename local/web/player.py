"""The demo page of the player: `/player/`, its modules, and the players it can use, from node_modules."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

from local.project import PROJECT
from local.web.media import media_routes

PLAYER = PROJECT / "player"
NODE_MODULES = PROJECT / "node_modules"

NPM = {
    "hls.js": "hls.js/dist/hls.min.mjs",
    "dash.js": "dashjs/dist/modern/esm/dash.all.min.js",
    "shaka-player.js": "shaka-player/dist/shaka-player.compiled.js",
    "shaka-player.debug.js": "shaka-player/dist/shaka-player.compiled.debug.js",
    "video.js": "video.js/dist/video.min.js",
    "video-js.css": "video.js/dist/video-js.min.css",
}
"""Name on the page -> file of npm."""

_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
}
_NO_PLAYERS = "node_modules is missing: run `npm ci` (with Node 20) for hls.js, dash.js, Shaka and video.js"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def player_routes(endpoint: str, player: Path = PLAYER, modules: Path = NODE_MODULES) -> list[web.RouteDef]:
    """The page, with `endpoint` (the API's invoke URL) as the one that beacons go to."""

    async def to_page(_request: web.Request) -> web.Response:
        raise web.HTTPPermanentRedirect(location="/player/")

    async def page(_request: web.Request) -> web.StreamResponse:
        return _file(player / "index.html")

    async def config(_request: web.Request) -> web.Response:
        missing = "" if modules.is_dir() else _NO_PLAYERS
        return web.json_response({"endpoint": endpoint, "missing": missing})

    async def npm(request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in NPM:
            raise web.HTTPNotFound
        file = modules / NPM[name]
        return _file(file) if file.is_file() else web.json_response({"error": _NO_PLAYERS}, status=404)

    async def own(request: web.Request) -> web.StreamResponse:
        file = (player / request.match_info["path"]).resolve()
        if file.suffix not in _TYPES or not file.is_relative_to(player.resolve()) or not file.is_file():
            raise web.HTTPNotFound
        return _file(file)

    return [
        web.get("/player", to_page),
        web.get("/player/", page),
        web.get("/player/config.json", config),
        web.get("/player/npm/{name}", npm),
        *media_routes(player / "clip"),
        web.get("/player/{path:.+}", own),
    ]


def _file(file: Path) -> web.FileResponse:
    headers = {"Content-Type": f"{_TYPES[file.suffix]}; charset=utf-8", "Cache-Control": "no-cache"}
    return web.FileResponse(file, headers=headers)
