"""The service's API over HTTP: AWS JSON 1.0 at `POST /`, the operation's name in `X-Amz-Target`.

One thread does everything but reading for /inspect: SQLite takes one writer anyway, and no lock is needed.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import msgspec
from aiohttp import web

from local.timestream.control.catalog import Catalog
from local.timestream.control.catalog_request import Answer, Request, table_arn
from local.timestream.endpoints import describe_endpoints
from local.timestream.faults import Faults
from local.timestream.own_paths import OwnPaths
from local.timestream.query.service import QueryService
from local.timestream.responses import errors_in_words, json_response, reset
from local.timestream.rules import wire
from local.timestream.rules.errors import ServiceError, unknown_operation, unreadable
from local.timestream.storage.commits import GroupCommit
from local.timestream.storage.ingest import write_records
from local.timestream.storage.sqlite import Storage

log = logging.getLogger("timestream")

_TARGET_PREFIX = "Timestream_20181101."
_MOST_BODY_BYTES = 16 * 2**20
_SWEEP_EVERY_S = 30


class Server:
    """The stand-in over one SQLite file. `now_ns` is the service's clock."""

    def __init__(self, storage: Storage, now_ns: Callable[[], int] = time.time_ns) -> None:
        self.address = ""
        """http://host:port; known once the server listens."""
        self._storage = storage
        self._now_ns = now_ns
        self._faults = Faults()
        self._commits = GroupCommit(storage)
        self._own_paths = OwnPaths(storage, self._commits, self._faults, now_ns)
        self._query = QueryService(storage, now_ns)
        catalog = Catalog(storage)
        self._operations: dict[str, Callable[[Request, float], Answer]] = {
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
        }

    def application(self) -> web.Application:
        """The routes, ready to be served."""
        application = web.Application(client_max_size=_MOST_BODY_BYTES, middlewares=[errors_in_words])
        application.add_routes([web.post("/", self._operation), *self._own_paths.routes()])
        application.cleanup_ctx.extend([self._sweeping, self._querying])
        return application

    async def _operation(self, request: web.Request) -> web.StreamResponse:
        target = request.headers.get("X-Amz-Target", "")
        operation = target.removeprefix(_TARGET_PREFIX)
        body = await request.read()
        if operation == target:
            raise self._unknown(target)
        if operation == "WriteRecords":
            return await self._write_records(_decode(wire.write_records, body), request)
        if operation == "DescribeEndpoints":
            return json_response(self._endpoints(request))
        if operation in self._query.names:
            if denied := self._faults.denied(operation, "*"):
                raise denied
            return json_response(await self._query.answer(operation, body))
        return json_response(await self._control(operation, _decode(wire.control, body)))

    def _endpoints(self, request: web.Request) -> Answer:
        if denied := self._faults.denied("DescribeEndpoints", "*"):
            raise denied
        return describe_endpoints(self.address, request.headers.get("User-Agent", ""))

    async def _control(self, operation: str, members: Request) -> Answer:
        handler = self._operations.get(operation)
        if handler is None:
            raise self._unknown(operation)
        if denied := self._faults.denied(operation, "*"):
            raise denied
        return await self._commits.durably(lambda: handler(members, self._now_ns() / 10**9))

    def _unknown(self, operation: str) -> ServiceError:
        # The service's answer has no message, so the log has to say it.
        known = ", ".join(["WriteRecords", "DescribeEndpoints", *self._query.names, *self._operations])
        log.info("unknown operation %r; known are %s, each behind '%s'", operation, known, _TARGET_PREFIX)
        return unknown_operation(operation)

    async def _write_records(self, write: wire.WriteRecords, request: web.Request) -> web.StreamResponse:
        arn = table_arn(str(write.database_name), str(write.table_name))
        if denied := self._faults.denied("WriteRecords", arn):
            raise denied
        fate = self._faults.fate(len(write.records or ()))
        if fate.delay_s:
            await asyncio.sleep(fate.delay_s)
        if fate.error:
            raise fate.error
        if fate.reset == "before":
            return reset(request)

        def store() -> Answer:
            return write_records(self._storage, write, self._now_ns(), fate.rejected)

        if fate.reset == "after":
            with suppress(ServiceError):
                await self._commits.durably(store)
            return reset(request)
        return json_response(await self._commits.durably(store))

    async def _querying(self, _application: web.Application) -> AsyncIterator[None]:
        async with self._query.running():
            yield

    async def _sweeping(self, _application: web.Application) -> AsyncIterator[None]:
        async def forever() -> None:
            while True:
                await asyncio.sleep(_SWEEP_EVERY_S)
                await self._own_paths.sweep()

        task = asyncio.create_task(forever())
        yield
        task.cancel()


def _decode(decoder: msgspec.json.Decoder[Any], body: bytes) -> Any:
    try:
        return decoder.decode(body or b"{}")
    except wire.UNREADABLE as error:
        raise unreadable(error) from None
