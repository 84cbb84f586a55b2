"""HTTP: the AWS JSON 1.0 protocol at `POST /`, and our own paths beside it.

    GET /health                        200 {"status": "ok"}
    GET /inspect                       counters of all tables, and the faults injected so far
    GET /inspect/{database}/{table}    its records as JSON lines; ?measure_name= and ?session_id= narrow them
    DELETE /inspect/{database}/{table} empties it
    GET, PUT, DELETE /faults           see faults.py

One thread does everything but reading for /inspect: SQLite takes one writer anyway, and no lock is needed.
"""

import asyncio
import logging
import socket
import sqlite3
import struct
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from typing import Any

import msgspec
from aiohttp import web

from local.timestream import inspection, wire
from local.timestream.catalog import Catalog, table_arn
from local.timestream.commits import GroupCommit
from local.timestream.errors import ServiceError, internal
from local.timestream.faults import Faults, Plan
from local.timestream.ingest import find_table, write_records
from local.timestream.store import Store, Table

log = logging.getLogger("timestream")

_TARGET_PREFIX = "Timestream_20181101."
_MOST_BODY_BYTES = 16 * 2**20
_SWEEP_EVERY_S = 30
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Server:
    """The stand-in over one store. `now_ns` is the service's clock."""

    def __init__(self, store: Store, now_ns: Callable[[], int] = time.time_ns) -> None:
        self.store = store
        self.faults = Faults()
        self.address = ""
        """http://host:port, as DescribeEndpoints gives it; known once the server listens."""
        self._now_ns = now_ns
        self._catalog = Catalog(store)
        self._commits = GroupCommit(store)
        catalog = self._catalog
        self._operations: dict[str, Callable[[dict[str, Any], float], dict[str, Any]]] = {
            "CreateDatabase": catalog.create_database,
            "DescribeDatabase": catalog.describe_database,
            "UpdateDatabase": catalog.update_database,
            "DeleteDatabase": catalog.delete_database,
            "ListDatabases": catalog.list_databases,
            "CreateTable": catalog.create_table,
            "DescribeTable": catalog.describe_table,
            "UpdateTable": catalog.update_table,
            "DeleteTable": catalog.delete_table,
            "ListTables": catalog.list_tables,
            "TagResource": catalog.tag_resource,
            "UntagResource": catalog.untag_resource,
            "ListTagsForResource": catalog.list_tags_for_resource,
            "DescribeEndpoints": self._describe_endpoints,
        }

    def application(self) -> web.Application:
        """The routes, ready to be served."""
        application = web.Application(client_max_size=_MOST_BODY_BYTES)
        application.add_routes(
            [
                web.post("/", self._operation),
                web.get("/health", self._health),
                web.get("/inspect", self._inspect),
                web.get("/inspect/{database}/{table}", self._inspect_table),
                web.delete("/inspect/{database}/{table}", self._empty_table),
                web.get("/faults", self._get_faults),
                web.put("/faults", self._put_faults),
                web.delete("/faults", self._clear_faults),
            ]
        )
        application.cleanup_ctx.append(self._sweeping)
        return application

    # --- the service's API

    async def _operation(self, request: web.Request) -> web.StreamResponse:
        operation = request.headers.get("X-Amz-Target", "").removeprefix(_TARGET_PREFIX)
        body = await request.read()
        try:
            if operation == "WriteRecords":
                return await self._write_records(_decode(wire.write_records, body), request)
            return await self._answer(operation, self._control(operation, _decode(wire.any_object, body)))
        except ServiceError as error:
            return _json(error.body(), error.status)

    def _control(self, operation: str, members: dict[str, Any]) -> Callable[[], dict[str, Any]]:
        handler = self._operations.get(operation)
        if handler is None:
            known = ", ".join(["WriteRecords", *self._operations])
            message = f"Unknown operation '{operation}'; this stand-in knows {known}."
            code = "UnknownOperationException"
            raise ServiceError(code, message)
        if denied := self.faults.denied(operation, "*"):
            raise denied
        return lambda: handler(members, self._now_ns() / 10**9)

    async def _write_records(self, write: wire.WriteRecords, request: web.Request) -> web.StreamResponse:
        arn = table_arn(str(write.database_name), str(write.table_name))
        if denied := self.faults.denied("WriteRecords", arn):
            raise denied
        fate = self.faults.fate(len(write.records or ()))
        if fate.delay_s:
            await asyncio.sleep(fate.delay_s)
        if fate.error:
            raise fate.error
        if fate.reset == "before":
            return _reset(request)
        answer = await self._answer(
            "WriteRecords", lambda: write_records(self.store, write, self._now_ns(), fate.rejected)
        )
        return _reset(request) if fate.reset == "after" else answer

    async def _answer(self, operation: str, call: Callable[[], dict[str, Any]]) -> web.Response:
        """Run one operation; answer when what it changed is durable."""
        try:
            answer = _json(call())
        except ServiceError as error:
            answer = _json(error.body(), error.status)
        except Exception as error:
            if not isinstance(error, sqlite3.Error):
                log.exception("%s failed", operation)
            self._commits.lose(error)
            return _json(internal("The request could not be served.").body(), 500)
        await self._commits.durable()
        return answer

    def _describe_endpoints(self, _members: dict[str, Any], _now_s: float) -> dict[str, Any]:
        return {"Endpoints": [{"Address": self.address, "CachePeriodInMinutes": 1440}]}

    # --- what is stored

    async def _health(self, _request: web.Request) -> web.Response:
        return _json({"status": "ok"})

    async def _inspect(self, _request: web.Request) -> web.Response:
        await self._sweep()
        return _json({**inspection.summary(self.store, self._catalog), "faults": dict(self.faults.injected)})

    async def _inspect_table(self, request: web.Request) -> web.StreamResponse:
        try:
            table = self._named_table(request)
        except ServiceError as error:
            return _json(error.body(), 404)
        response = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await response.prepare(request)
        from_ns = table.facts.retention.kept_from_ns(self._now_ns())
        query = request.query
        loop = asyncio.get_running_loop()
        with closing(self.store.reader()) as reader:
            chunks = inspection.lines(
                reader, table, from_ns, query.get("measure_name"), query.get("session_id")
            )
            while chunk := await loop.run_in_executor(None, next, chunks, None):
                await response.write(chunk)
        await response.write_eof()
        return response

    async def _empty_table(self, request: web.Request) -> web.Response:
        try:
            table = self._named_table(request)
        except ServiceError as error:
            return _json(error.body(), 404)

        def empty() -> dict[str, Any]:
            self.store.empty(table)
            return {}

        return await self._answer("DELETE /inspect", empty)

    def _named_table(self, request: web.Request) -> Table:
        return find_table(self.store, request.match_info["database"], request.match_info["table"])

    # --- faults

    async def _get_faults(self, _request: web.Request) -> web.Response:
        return _json({"plan": msgspec.to_builtins(self.faults.plan), "injected": dict(self.faults.injected)})

    async def _put_faults(self, request: web.Request) -> web.Response:
        try:
            self.faults.set(msgspec.json.decode(await request.read(), type=Plan))
        except msgspec.MsgspecError as error:
            known = ", ".join(Plan.__struct_fields__)
            return _json({"message": f"Not a plan of faults: {error}. Known fields: {known}."}, 400)
        return await self._get_faults(request)

    async def _clear_faults(self, request: web.Request) -> web.Response:
        self.faults.clear()
        return await self._get_faults(request)

    # --- retention

    async def _sweeping(self, _application: web.Application) -> AsyncIterator[None]:
        async def forever() -> None:
            while True:
                await asyncio.sleep(_SWEEP_EVERY_S)
                await self._sweep()

        task = asyncio.create_task(forever())
        yield
        task.cancel()

    async def _sweep(self) -> None:
        """Delete what is past its retention, in steps between which requests are served."""
        try:
            for table in list(self.store.tables.values()):
                for _ in self.store.sweep(table, self._now_ns()):
                    await self._commits.durable()
        except sqlite3.Error as error:
            self._commits.lose(error)
        except ServiceError:
            log.warning("records past their retention could not be deleted; trying again later")


def _decode(decoder: msgspec.json.Decoder[Any], body: bytes) -> Any:
    try:
        return decoder.decode(body or b"{}")
    except msgspec.MsgspecError as error:
        code = "SerializationException"
        raise ServiceError(code, f"The request could not be read: {error}") from None


def _json(content: object, status: int = 200) -> web.Response:
    headers = {"Content-Type": "application/x-amz-json-1.0", "x-amzn-RequestId": uuid.uuid4().hex.upper()}
    return web.Response(body=msgspec.json.encode(content), status=status, headers=headers)


def _reset(request: web.Request) -> web.StreamResponse:
    """Drop the connection with a TCP reset; the response returned goes nowhere."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        transport.abort()
    return web.Response()
