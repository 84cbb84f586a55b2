"""HTTP paths of our own beside the service's API: for tests and the curious.

GET /health                        200 {"status": "ok"}
GET /inspect                       counters of all tables, and the faults injected so far
GET /inspect/{database}/{table}    its records as JSON lines; ?measure_name=, ?session_id=, ?from_ms= narrow
DELETE /inspect/{database}/{table} empties it
GET, PUT, DELETE /faults           see faults.py
"""

import asyncio
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial

import msgspec
from aiohttp import web

from local.timestream.faults import Faults, Plan
from local.timestream.responses import json_response
from local.timestream.rules.errors import ServiceError
from local.timestream.rules.wire import UNREADABLE
from local.timestream.storage import inspection
from local.timestream.storage.commits import GroupCommit
from local.timestream.storage.ingest import find_table
from local.timestream.storage.retention import sweep_step
from local.timestream.storage.sqlite import Storage
from local.timestream.storage.table import Table

MAX_DIGITS = 15
"""Of epoch milliseconds."""


class OwnPaths:
    """Handlers of these paths, over the same records and faults as the service's API."""

    def __init__(
        self, storage: Storage, commits: GroupCommit, faults: Faults, now_ns: Callable[[], int]
    ) -> None:
        self._storage = storage
        self._commits = commits
        self._faults = faults
        self._now_ns = now_ns

    def routes(self) -> list[web.RouteDef]:
        """The paths and their handlers."""
        return [
            web.get("/health", self._health),
            web.get("/inspect", self._inspect),
            web.get("/inspect/{database}/{table}", self._inspect_table),
            web.delete("/inspect/{database}/{table}", self._empty_table),
            web.get("/faults", self._get_faults),
            web.put("/faults", self._put_faults),
            web.delete("/faults", self._clear_faults),
        ]

    async def sweep(self) -> None:
        """Delete what is past its retention, in steps between which requests are served."""
        with suppress(ServiceError):
            for key in list(self._storage.tables):
                while await self._commits.durably(partial(self._sweep_step, key)):
                    continue

    def _sweep_step(self, key: tuple[str, str]) -> bool:
        # Looked up for each step: the table may have been dropped, or loaded anew, in between.
        table = self._storage.tables.get(key)
        return table is not None and sweep_step(self._storage, table, self._now_ns())

    async def _health(self, _request: web.Request) -> web.Response:
        return json_response({"status": "ok"})

    async def _inspect(self, _request: web.Request) -> web.Response:
        await self.sweep()
        return json_response({**inspection.summary(self._storage), "faults": dict(self._faults.injected)})

    async def _inspect_table(self, request: web.Request) -> web.StreamResponse:
        table = self._table(request)
        from_ms = request.query.get("from_ms", "0")
        if not (from_ms.isdecimal() and len(from_ms) <= MAX_DIGITS):
            return json_response({"message": f"from_ms must be epoch milliseconds; found {from_ms!r}"}, 400)
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)
        from_ns = max(table.facts.retention.kept_from_ns(self._now_ns()), int(from_ms) * 1_000_000)
        only = request.query.get("measure_name"), request.query.get("session_id")
        loop = asyncio.get_running_loop()
        # A reader may leave before the end: that is no error.
        with closing(self._storage.reader()) as reader, suppress(ConnectionError):
            chunks = inspection.lines(reader, table, from_ns, *only)
            while chunk := await loop.run_in_executor(None, next, chunks, None):
                await response.write(chunk)
            await response.write_eof()
        return response

    async def _empty_table(self, request: web.Request) -> web.Response:
        await self._commits.durably(lambda: self._storage.empty(self._table(request)))
        return json_response({})

    def _table(self, request: web.Request) -> Table:
        return find_table(self._storage, request.match_info["database"], request.match_info["table"])

    async def _get_faults(self, _request: web.Request) -> web.Response:
        plan = msgspec.to_builtins(self._faults.plan)
        return json_response({"plan": plan, "injected": dict(self._faults.injected)})

    async def _put_faults(self, request: web.Request) -> web.Response:
        try:
            self._faults.set(msgspec.json.decode(await request.read(), type=Plan))
        except UNREADABLE as error:
            known = ", ".join(Plan.__struct_fields__)
            message = f"Not a plan of faults: {error}. Known fields: {known}."
            return json_response({"message": message}, 400)
        return await self._get_faults(request)

    async def _clear_faults(self, request: web.Request) -> web.Response:
        self._faults.clear()
        return await self._get_faults(request)
