"""The operations of `timestream-query`, over the records in SQLite and their mirror in DuckDB."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, suppress
from typing import Any, TypeVar

import msgspec

from local.timestream.query import catalog, wire
from local.timestream.query.columns import Columns, view_name
from local.timestream.query.dialect import Statement
from local.timestream.query.engine import Answer, Engine
from local.timestream.query.errors import invalid, unsupported
from local.timestream.query.freshness import Freshness
from local.timestream.query.limits import Limits
from local.timestream.query.pages import Result, Results, new_query_id, page
from local.timestream.query.settings import AccountSettings
from local.timestream.query.translate import translate
from local.timestream.query.values import column_info
from local.timestream.rules.errors import ServiceError, throttled, unreadable
from local.timestream.rules.wire import UNREADABLE
from local.timestream.storage.sqlite import Storage
from local.timestream.storage.table import Table

_REFUSED = tuple(
    f"{verb}ScheduledQuer{end}"
    for verb, end in (
        ("Create", "y"),
        ("Delete", "y"),
        ("Describe", "y"),
        ("Execute", "y"),
        ("List", "ies"),
        ("Update", "y"),
    )
)
_WORKERS = 2
_CATCH_UP_EVERY_S = 2

_Made = TypeVar("_Made")


class QueryService:
    """Query and what belongs to it. Lives in the event loop's thread; `now_ns` is the service's clock."""

    def __init__(self, storage: Storage, now_ns: Callable[[], int], limits: Limits | None = None) -> None:
        self._storage = storage
        self._now_ns = now_ns
        self._limits = limits or Limits()
        self._engine: Engine | None = None
        self._freshness: Freshness | None = None
        self._results = Results(self._limits)
        self._settings = AccountSettings()
        self._waiting = 0
        self._workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="query")
        self._operations: dict[str, Callable[[bytes], Any]] = {
            "Query": self._query,
            "PrepareQuery": self._prepare,
            "CancelQuery": self._cancel,
            "DescribeAccountSettings": self._describe_settings,
            "UpdateAccountSettings": self._update_settings,
        }

    @property
    def names(self) -> list[str]:
        """The operations that `answer` knows, those it refuses by name included."""
        return [*self._operations, *_REFUSED]

    async def answer(self, operation: str, body: bytes) -> dict[str, Any]:
        """The answer to one request. Raises ServiceError."""
        if operation in _REFUSED:
            unsupported(f"{operation}: a scheduled query")
        answer: dict[str, Any] = await self._operations[operation](body)
        return answer

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While the server runs: read what was stored before, and keep the mirror near what is written."""

        async def forever() -> None:
            if any(table.counters.records for table in self._storage.tables.values()):
                await self._ready()[1].load_all()
            while True:
                await asyncio.sleep(_CATCH_UP_EVERY_S)
                if self._freshness is not None:
                    with suppress(ServiceError):
                        await self._freshness.catch_up()

        task = asyncio.create_task(forever())
        try:
            yield
        finally:
            task.cancel()
            self._workers.shutdown()
            self._let_go()

    # --- operations

    async def _query(self, body: bytes) -> dict[str, Any]:
        request = _decode(wire.decode_query, body)
        text = wire.check_query(request)
        if request.next_token is not None:
            result, place = self._results.of_token(request.next_token, text, time.monotonic())
            return page(result, place, request.max_rows)
        result = self._results.same_request(request.client_token, text)
        if result is None:
            result = await self._result(text)
            self._results.keep(result, request.client_token, time.monotonic())
        return page(result, 0, request.max_rows)

    async def _prepare(self, body: bytes) -> dict[str, Any]:
        text = wire.check_prepare(_decode(wire.decode_query, body))
        result = await self._result(text, run=False)
        columns = [{**column, "Aliased": False} for column in result.column_info]
        return {"QueryString": text, "Columns": columns, "Parameters": []}

    async def _cancel(self, body: bytes) -> dict[str, Any]:
        query_id = wire.check_cancel(_decode(wire.decode_query, body))
        if not self._results.cancel(query_id):
            message = f"Query {query_id} does not exist, or its result is no longer kept"
            raise invalid(message)
        return {"CancellationMessage": f"Query {query_id} was cancelled."}

    async def _describe_settings(self, _body: bytes) -> dict[str, Any]:
        return self._settings.describe()

    async def _update_settings(self, body: bytes) -> dict[str, Any]:
        return self._settings.update(_decode(wire.decode_settings, body))

    # --- one statement

    async def _result(self, text: str, *, run: bool = True) -> Result:
        if self._waiting >= self._limits.queries:
            raise throttled()
        self._waiting += 1
        try:
            statement = Statement(text)
            listing = catalog.read_listing(statement)
            if listing is not None:
                columns, rows = await self._listed(statement, listing)
                return Result(new_query_id(), text, columns, [tuple(row) for row in rows], None, None)
            answer = await self._answered(statement, run=run)
        finally:
            self._waiting -= 1
        columns = column_info(answer.names, answer.shapes, answer.rows)
        return Result(new_query_id(), text, columns, answer.rows, answer.shapes, answer.scanned_bytes)

    async def _answered(self, statement: Statement, *, run: bool) -> Answer:
        tables = dict(self._storage.tables)
        views = {key: view_name(table.id) for key, table in tables.items()}
        now_ns = self._now_ns()
        translation = await self._work(lambda: translate(statement, views, now_ns))
        engine, freshness = self._ready()
        wanted = [tables[key] for key in sorted(translation.tables)]
        await freshness.bring_up(wanted, self._limits.patience_s)

        def work() -> Answer:
            with closing(engine.cursor()) as cursor:
                return (engine.run if run else engine.columns)(cursor, statement, translation)

        try:
            return await self._work(work)
        except ServiceError as error:
            if error.status == 500:
                self._let_go()
            raise

    async def _listed(self, statement: Statement, listing: catalog.Listing) -> catalog.Result:
        names = self._storage.database_names()
        if listing.kind == "databases":
            return catalog.show_names("Database", names, listing.like)
        if listing.database not in names:
            raise statement.error_at(str(listing.database), f"Schema '{listing.database}' does not exist")
        if listing.kind == "tables":
            tables = [name for database, name in self._storage.tables if database == listing.database]
            return catalog.show_names("Table", tables, listing.like)
        table = self._storage.tables.get((str(listing.database), str(listing.table)))
        if table is None:
            message = f"Table '{listing.database}.{listing.table}' does not exist"
            raise statement.error_at(str(listing.table), message)
        if listing.kind == "describe":
            columns = Columns(table.id, dict(table.schema.columns), 0)
            return catalog.describe(columns.types, columns.shown())
        dimensions = await self._work(lambda: self._dimensions_of(table))
        return catalog.show_measures(dict(table.schema.measure_names), dimensions, listing.like)

    def _dimensions_of(self, table: Table) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        with closing(self._storage.reader()) as reader:
            for measure, dimension in reader.execute(
                "SELECT DISTINCT measure_name, key FROM series, json_each(dimensions)"
                " WHERE table_id=? ORDER BY measure_name, key",
                (table.id,),
            ):
                found.setdefault(measure, []).append(dimension)
        return found

    # --- threads and DuckDB

    async def _work(self, work: Callable[[], _Made]) -> _Made:
        return await asyncio.get_running_loop().run_in_executor(self._workers, work)

    def _ready(self) -> tuple[Engine, Freshness]:
        if self._engine is None or self._freshness is None:
            self._engine = Engine(self._limits)
            self._freshness = Freshness(self._storage, self._engine.mirror, self._now_ns)
        return self._engine, self._freshness

    def _let_go(self) -> None:
        """Of DuckDB and all tables in it; the next query begins anew."""
        if self._freshness is not None:
            self._freshness.close()
        if self._engine is not None:
            self._engine.close()
        self._storage.journal.forget_all()
        self._engine = self._freshness = None


def _decode(decoder: msgspec.json.Decoder[Any], body: bytes) -> Any:
    try:
        return decoder.decode(body or b"{}")
    except UNREADABLE as error:
        raise unreadable(error) from None
