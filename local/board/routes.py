"""The board over HTTP.

GET /board                                            the page; its address carries what it shows
GET /board/dashboards                                 {name: Grafana's JSON}
GET /board/frames?dashboard=&panel=&from=&to=&points=&var-NAME=   {"frames": [...], "interval_ms": N}
GET /board/values?dashboard=&variable=&from=&to=&var-NAME=        {"values": [...]}

`from` and `to` are epoch ms; `var-NAME` is given once per value. The SQL is always that of the dashboards.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web

from beacon_job.types.errors import BeaconError
from deploy.grafana.plugin import chosen, expand, expand_variable
from local.board.dashboards import (
    Json,
    RequestError,
    find,
    panels_by_id,
    query_variables,
    read_dashboards,
)
from local.board.interval import interval_ms
from local.board.source import Source, SourceError
from local.project import PROJECT
from local.web import guarded

PATH = "/board"
CHARTS = PROJECT / "node_modules" / "uplot" / "dist"
NO_CHARTS = (
    "The board draws with uPlot, which is not installed:"
    " install Node.js 20 with npm, then start `make run` again."
)
AT_ONCE = 4
"""Queries under way: more would only wait in the store, which runs two."""
POINTS = (1, 10_000)
STATUSES: Mapping[type[Exception], int] = {SourceError: 502, BeaconError: 400}
"""What was not answered, and what was asked wrongly."""
_MOST_MS = 253_402_300_799_999
"""The last millisecond of the year 9999."""

_PAGE = Path(__file__).parent / "page"
_FILES = {path.relative_to(_PAGE).as_posix(): path for path in _PAGE.rglob("*") if path.is_file()}
_CHART_FILES = ("uPlot.esm.js", "uPlot.min.css")
_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'self'; img-src data:",
    "X-Content-Type-Options": "nosniff",
}


def board_routes(source: Source, charts: Path = CHARTS) -> list[web.RouteDef]:
    """The board over a store; `charts` is where uPlot lies, if it is installed."""
    data = _Data(source, read_dashboards(source.dashboards))

    async def page(_request: web.Request) -> web.StreamResponse:
        if not all((charts / name).exists() for name in _CHART_FILES):
            return web.Response(status=503, text=NO_CHARTS)
        return web.FileResponse(_FILES["index.html"], headers=_HEADERS)

    files = _FILES | {f"uplot/{name}": charts / name for name in _CHART_FILES}

    async def file(request: web.Request) -> web.StreamResponse:
        found = files.get(request.match_info["name"])
        if found is None or not found.exists():
            raise web.HTTPNotFound
        return web.FileResponse(found, headers=_HEADERS)

    return [
        web.get(PATH, page),
        web.get(f"{PATH}/dashboards", guarded(data.dashboards, STATUSES)),
        web.get(f"{PATH}/frames", guarded(data.frames, STATUSES)),
        web.get(f"{PATH}/values", guarded(data.values, STATUSES)),
        web.get(f"{PATH}/page/{{name:.+}}", file),
    ]


class _Data:
    def __init__(self, source: Source, dashboards: dict[str, Json]) -> None:
        self._source = source
        self._dashboards = dashboards
        self._places = asyncio.Semaphore(AT_ONCE)

    async def dashboards(self, _request: web.Request) -> web.Response:
        return _json(self._dashboards)

    async def frames(self, request: web.Request) -> web.Response:
        dashboard = find("dashboard", self._dashboards, request.query.get("dashboard", ""))
        panel = find("panel", panels_by_id(dashboard), request.query.get("panel", ""))
        from_ms, to_ms = _range(request)
        points = _number(request, "points", *POINTS)
        width_ms = interval_ms(from_ms, to_ms, points, panel.get("interval") or "")
        variables = chosen(dashboard, _values(request))
        asked = [
            (expand(target, variables, from_ms, to_ms, width_ms), target)
            for target in panel.get("targets", ())
            if not target.get("hide")
        ]
        found = [frame for sql, target in asked for frame in await self._ask(sql, target)]
        return _json({"frames": [asdict(frame) for frame in found], "interval_ms": width_ms})

    async def values(self, request: web.Request) -> web.Response:
        dashboard = find("dashboard", self._dashboards, request.query.get("dashboard", ""))
        variable = find("variable", query_variables(dashboard), request.query.get("variable", ""))
        sql = expand_variable(variable, chosen(dashboard, _values(request)), *_range(request))
        found = await self._ask(sql, variable)
        fields = found[0].fields if found else []
        return _json({"values": fields[0].values if fields else []})

    async def _ask(self, sql: str, target: Mapping[str, Any]) -> Any:
        async with self._places:
            return await asyncio.to_thread(self._source.frames, sql, target)


def _range(request: web.Request) -> tuple[int, int]:
    from_ms, to_ms = (_number(request, name, 0, _MOST_MS) for name in ("from", "to"))
    if from_ms >= to_ms:
        message = f"from: found {from_ms}; expected less than `to`, which is {to_ms}"
        raise RequestError(message)
    return from_ms, to_ms


def _number(request: web.Request, name: str, least: int, most: int) -> int:
    text = request.query.get(name, "")
    if text.isascii() and text.isdecimal() and len(text) < 16 and least <= int(text) <= most:
        return int(text)
    message = f"{name}: found {text[:20]!r}; expected a whole number from {least} to {most}"
    raise RequestError(message)


def _values(request: web.Request) -> dict[str, str | list[str]]:
    """`var-cdn=a&var-cdn=b` -> {"cdn": ["a", "b"]}; one value alone stands without list."""
    names = {name for name in request.query if name.startswith("var-")}
    given = {name.removeprefix("var-"): request.query.getall(name) for name in names}
    return {name: values[0] if len(values) == 1 else values for name, values in given.items()}


_encode: Callable[[object], bytes] = msgspec.json.Encoder().encode


def _json(content: object) -> web.Response:
    """NaN and Infinity, which JSON has not, are null."""
    return web.Response(body=_encode(content), content_type="application/json", headers=_HEADERS)
