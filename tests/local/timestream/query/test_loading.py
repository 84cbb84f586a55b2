"""What was stored before a start is read in steps, in the background, and takes little memory."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pytest
from botocore.exceptions import ClientError

from local.timestream.query import loading, service
from local.timestream.query.columns import Columns
from local.timestream.query.engine import Engine
from local.timestream.query.freshness import Freshness
from local.timestream.query.limits import Limits
from local.timestream.query.loading import Loading
from local.timestream.query.mirror import ROWS_PER_GROUP, Mirror
from local.timestream.storage.journal import Put
from local.timestream.storage.sqlite import Storage
from local.timestream.testing import TimestreamServer
from tests.local.timestream.query.conftest import NOW_NS, client
from tests.local.timestream.query.test_visible import record, scalars

STORED = 300
COLUMNS = Columns(1, {"cdn": "DIMENSION", "stall_ms": "BIGINT"}, 0)
SERIES = {1: ('{"cdn":"east"}', "stall")}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """What a server leaves behind: 300 records in one table, one in another."""
    with TimestreamServer(tmp_path, lambda: NOW_NS) as server:
        write = client(server, "timestream-write")
        write.create_database(DatabaseName="video")
        for table, count in (("events", STORED), ("few", 1)):
            write.create_table(DatabaseName="video", TableName=table)
            for place in range(0, count, 100):
                records = [record(1, ago_ms=n) for n in range(place, min(count, place + 100))]
                write.write_records(DatabaseName="video", TableName=table, Records=records)
    return tmp_path


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], list[int]]:
    """Make every step of reading take so many seconds; the list grows by the tables whose step is done."""
    step = Loading.step

    def slow_down(seconds: float) -> list[int]:
        done: list[int] = []

        def slow_step(self: Loading) -> bool:
            time.sleep(seconds)
            more = step(self)
            done.append(self._columns.table_id)
            return more

        monkeypatch.setattr(Loading, "step", slow_step)
        monkeypatch.setattr(loading, "ROWS_PER_GROUP", 20)
        return done

    return slow_down


def count(query: Any, table: str) -> str | None:
    return scalars(query.query(QueryString=f"SELECT count(*) FROM video.{table}"))[0][0]


def test_tables_are_read_at_the_start_the_smallest_first(data: Path, slowly: Any) -> None:
    done = slowly(0)
    with TimestreamServer(data, lambda: NOW_NS):
        deadline = time.monotonic() + 10
        while len(done) < 2 + STORED / 20 + 1 and time.monotonic() < deadline:
            time.sleep(0.01)
    few, events = done[0], done[-1]
    assert done == [few] * 2 + [events] * (STORED // 20 + 1)


def test_a_table_that_a_query_asked_for_first_is_not_read_again(data: Path, slowly: Any) -> None:
    done = slowly(0)

    async def ask_and_read_all() -> None:
        with closing(Storage(data)) as storage, closing(Engine(Limits())) as engine:
            freshness = Freshness(storage, engine.mirror, lambda: NOW_NS)
            await freshness.bring_up(storage.tables.values(), 10)
            await freshness.load_all()
            freshness.close()

    asyncio.run(ask_and_read_all())
    assert len(done) == 2 + STORED // 20 + 1


def test_what_is_written_while_a_table_is_read_is_seen(data: Path, slowly: Any) -> None:
    slowly(0.02)
    with TimestreamServer(data, lambda: NOW_NS) as server:
        write, query = client(server, "timestream-write"), client(server, "timestream-query")
        records = [record(2, ago_ms=10_000 + n) for n in range(50)] + [record(3, ago_ms=5, Version=2)]
        write.write_records(DatabaseName="video", TableName="events", Records=records)
        assert count(query, "events") == str(STORED + 50)


def test_a_query_waits_so_long_and_other_tables_answer(
    data: Path, slowly: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    slowly(0.2)
    monkeypatch.setattr(service, "Limits", lambda: Limits(patience_s=1))
    with TimestreamServer(data, lambda: NOW_NS) as server:
        query = client(server, "timestream-query")
        with pytest.raises(ClientError) as raised:
            count(query, "events")
        assert raised.value.response["Error"] == {
            "Code": "ThrottlingException",
            "Message": "The table is still being read into memory, for more than 1 s; try again",
        }
        assert count(query, "few") == "1"


def test_a_server_that_is_stopped_while_it_reads_ends_at_once(data: Path, slowly: Any) -> None:
    slowly(0.1)
    with TimestreamServer(data, lambda: NOW_NS):
        began_s = time.monotonic()
    assert time.monotonic() - began_s < 1


def test_more_than_fits_into_memory_is_said(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_much(*_: Any) -> None:
        message = "out of memory"
        raise duckdb.OutOfMemoryException(message)

    monkeypatch.setattr(Mirror, "add", too_much)
    said = pytest.raises(ClientError, match="The tables hold more than fits into the memory")
    with TimestreamServer(data, lambda: NOW_NS) as server, said:
        count(client(server, "timestream-query"), "events")


def filled(groups: int) -> Engine:
    engine = Engine(Limits())
    engine.mirror.begin(COLUMNS)
    for group in range(groups):
        start = group * ROWS_PER_GROUP
        rows = [(start + n, 1, f'{{"stall_ms":{n}}}') for n in range(ROWS_PER_GROUP)]
        engine.mirror.add(COLUMNS, rows, SERIES)
    engine.mirror.complete(1)
    return engine


def asked(engine: Engine, sql: str) -> Any:
    with closing(engine.cursor()) as cursor:
        return cursor.execute(sql).fetchall()[0][0]


def held_bytes(engine: Engine) -> int:
    return int(asked(engine, "SELECT sum(memory_usage_bytes) FROM duckdb_memory()"))


def test_a_table_takes_a_fraction_of_the_memory_of_its_values_and_gives_it_back() -> None:
    with closing(filled(2)) as engine:
        rows = asked(engine, 'SELECT count(*) FROM "table 1"')
        assert rows == 2 * ROWS_PER_GROUP
        before = held_bytes(engine)
        assert before < rows * 16
        gone = Columns(1, COLUMNS.types, kept_from_ns=rows)
        puts = [Put(rows + n, 1, *SERIES[1], '{"stall_ms":1}', replaces=False) for n in range(60_000)]
        engine.mirror.apply(gone, puts)
        assert asked(engine, 'SELECT count(*) FROM "table 1"') == 60_000
        assert held_bytes(engine) < before


def test_queries_go_on_while_rows_are_compressed() -> None:
    with closing(filled(1)) as engine:
        ended, answers = threading.Event(), []

        def ask() -> None:
            while not ended.is_set():
                answers.append(
                    asked(engine, 'SELECT count(*) FROM "table 1" a JOIN "table 1" b USING (time)')
                )

        asking = threading.Thread(target=ask)
        asking.start()
        for place in range(3):
            start = ROWS_PER_GROUP + place * 60_000
            puts = [Put(start + n, 1, *SERIES[1], '{"stall_ms":1}', replaces=False) for n in range(60_000)]
            engine.mirror.apply(COLUMNS, list(puts))
        ended.set()
        asking.join()
        assert answers == sorted(answers)
        assert asked(engine, 'SELECT count(*) FROM "table 1"') == ROWS_PER_GROUP + 180_000


def test_a_table_is_read_while_somebody_else_is_in_a_transaction() -> None:
    connection = duckdb.connect()
    mirror = Mirror(connection)
    mirror.begin(COLUMNS)
    other = connection.cursor()
    other.execute("BEGIN")
    other.execute("CREATE VIEW theirs AS SELECT 1")
    mirror.add(COLUMNS, [(NOW_NS, 1, '{"stall_ms":5}')], SERIES)
    other.execute("ROLLBACK")
    assert connection.execute("SELECT stall_ms FROM 'table 1'").fetchall() == [(5,)]
