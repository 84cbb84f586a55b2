"""The schema, on a real server: applied once, by anybody who may; every name of the job has its column."""

import threading
import typing
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from beacon_job.decode.vocabulary.fields import DIMENSIONS, FIELDS
from beacon_job.gather.gatherer import PIPELINE_SUMS
from beacon_job.sessions.results.histogram import HISTOGRAM_AT, STARTUP_BOUNDS_MS, bucket_name
from beacon_job.sessions.results.ledger import SUMS
from beacon_job.sessions.results.rows import SessionRow
from beacon_job.stores.postgres.migrate import TABLES, maintain, migrate, migrations
from beacon_job.types.events import EVENTS
from beacon_job.types.settings import CONTENT
from local.postgres.server import ADMINISTRATOR, READER, WRITER, Server, url

TYPES = {"int": "bigint", "float": "double precision", "bool": "boolean", "text": "text", "str": "text"}
ADDED = {"time", "time_rest_ns", "row_id", "version", "measure_name", "more"}
"""Columns of every table that are neither dimension nor measure."""
EVENT_DIMENSIONS = {"session_id", "source", "target", *DIMENSIONS}


@pytest.fixture
def owner(postgres: Server, database: str) -> typing.Iterator[psycopg.Connection]:
    with psycopg.connect(url(postgres.port, ADMINISTRATOR, database), autocommit=True) as connection:
        yield connection


def columns(owner: psycopg.Connection, table: str) -> dict[str, str]:
    found = owner.execute(
        "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
        [table],
    )
    return {
        name: kind.replace("timestamp with time zone", "timestamptz")
        for name, kind in found
        if name not in ADDED
    }


def test_every_field_of_a_beacon_has_its_column(owner: psycopg.Connection) -> None:
    texts = dict.fromkeys((*EVENT_DIMENSIONS, "state"), "text")
    fields = {field.name: TYPES[field.type] for field in FIELDS.values()}
    of_its_own = {"seq": "bigint", "client_time": "timestamptz", "clock_correction_ms": "bigint"}
    assert columns(owner, "events") == texts | fields | of_its_own


def test_every_sum_and_count_has_its_column(owner: psycopg.Connection) -> None:
    histogram = [bucket_name(HISTOGRAM_AT + n) for n in range(len(STARTUP_BOUNDS_MS))]
    dims = dict.fromkeys((EVENT_DIMENSIONS | {CONTENT}) - {"session_id"}, "text")
    sums = (*SUMS, *histogram, *EVENTS, *PIPELINE_SUMS)
    assert columns(owner, "qoe") == dims | dict.fromkeys(sums, "bigint")


def test_every_figure_of_a_session_has_its_column(owner: psycopg.Connection) -> None:
    figures = {}
    for name, hint in typing.get_type_hints(SessionRow).items():
        [kind] = [kind for kind in typing.get_args(hint) or [hint] if kind is not type(None)][:1]
        figures[name] = TYPES.get(getattr(kind, "__name__", ""), "text")
    for name in ("dims", "version", "start_ms"):
        del figures[name]
    texts = dict.fromkeys((*DIMENSIONS, "view", "quirks", "unobservable", "unobservable_why"), "text")
    assert columns(owner, "sessions") == figures | texts | {"known_ms": "bigint"}


def test_what_was_applied_is_not_applied_again(owner: psycopg.Connection) -> None:
    assert list(migrate(owner, "public")) == []
    assert list(migrate(owner, "elsewhere")) == [migration.name for migration in migrations()]
    assert list(migrate(owner, "elsewhere")) == []


def test_several_may_migrate_at_once(postgres: Server, database: str) -> None:
    applied: list[str] = []

    def one() -> None:
        with psycopg.connect(url(postgres.port, ADMINISTRATOR, database), autocommit=True) as connection:
            applied.extend(migrate(connection, "together"))

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(applied) == [migration.name for migration in migrations()]


def test_an_owner_who_is_no_superuser_may_migrate(postgres: Server, owner: psycopg.Connection) -> None:
    name = owner.info.dbname
    owner.execute("CREATE ROLE landlord LOGIN CREATEROLE")
    owner.execute(SQL("GRANT CREATE ON DATABASE {} TO landlord").format(Identifier(name)))
    try:
        with psycopg.connect(url(postgres.port, "landlord", name), autocommit=True) as landlord:
            assert len(list(migrate(landlord, "own"))) == len(migrations())
            assert maintain(landlord, "own", "qoe", keep_days=3, ahead_days=1)
    finally:
        owner.execute("DROP OWNED BY landlord CASCADE; DROP ROLE landlord")


@pytest.mark.parametrize("table", TABLES)
def test_the_writer_owns_nothing_and_the_reader_changes_nothing(
    postgres: Server, database: str, table: str
) -> None:
    name = Identifier(table)
    for role, forbidden in (
        (READER, (SQL("INSERT INTO {} (time) VALUES (now())"), SQL("UPDATE {} SET version = 2"))),
        (WRITER, (SQL("DELETE FROM {}"), SQL("TRUNCATE {}"), SQL("ALTER TABLE {} ADD COLUMN x int"))),
    ):
        with psycopg.connect(url(postgres.port, role, database), autocommit=True) as connection:
            connection.execute(SQL("SELECT FROM {}").format(name))
            for statement in (*forbidden, SQL("DROP TABLE {}")):
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement.format(name))


def put(owner: psycopg.Connection, days_ago: int) -> str:
    """A row of `qoe` of that day; the name of the partition it belongs to."""
    day = datetime.now(UTC).date() - timedelta(days=days_ago)
    owner.execute(
        "INSERT INTO qoe (time, time_rest_ns, row_id, version, measure_name)"
        " VALUES (%s::date + interval '1 hour', 0, gen_random_uuid(), 1, 'sessions')",
        [day],
    )
    return f"qoe_{day:%Y%m%d}"


def where(owner: psycopg.Connection) -> list[str]:
    """The partition of each row of `qoe`."""
    return [name for (name,) in owner.execute("SELECT tableoid::regclass::text FROM qoe ORDER BY time")]


def test_days_are_made_ahead(owner: psycopg.Connection) -> None:
    maintain(owner, "public", "qoe", keep_days=7, ahead_days=9)
    expected = put(owner, -9)
    assert where(owner) == [expected]


def test_rows_of_a_day_that_was_not_made_are_kept_and_get_their_day(owner: psycopg.Connection) -> None:
    expected = put(owner, 5)
    assert where(owner) == ["qoe_default"]
    maintain(owner, "public", "qoe", keep_days=7, ahead_days=1)
    assert where(owner) == [expected]
    assert maintain(owner, "public", "qoe", keep_days=7, ahead_days=1) == []


def test_days_that_are_not_kept_are_dropped_wherever_their_rows_are(owner: psycopg.Connection) -> None:
    kept = put(owner, 5)
    maintain(owner, "public", "qoe", keep_days=7, ahead_days=1)
    put(owner, 6)
    put(owner, 4)
    maintain(owner, "public", "qoe", keep_days=4, ahead_days=1)
    assert kept not in where(owner)
    assert len(where(owner)) == 1
    assert not owner.execute("SELECT FROM pg_class WHERE relname = %s", [kept]).rowcount
