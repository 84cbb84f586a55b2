"""No statement reaches a file, the network, a setting or DuckDB's own catalog, and none runs without end."""

import time
from collections.abc import Iterator
from contextlib import closing

import duckdb
import pytest

from local.timestream.query.dialect import Statement
from local.timestream.query.engine import Engine
from local.timestream.query.functions import DIRECT, UNSUPPORTED
from local.timestream.query.limits import Limits
from local.timestream.query.rewrites import REWRITES
from local.timestream.query.translate import translate
from local.timestream.rules.errors import ServiceError

OURS = (
    DIRECT.keys()
    | REWRITES.keys()
    | UNSUPPORTED
    | {"now", "ago", "current_timestamp", "current_date", "trim"}
)

with duckdb.connect() as _connection:
    FUNCTIONS = _connection.execute(
        "SELECT DISTINCT function_name, function_type FROM duckdb_functions()"
    ).fetchall()
    VIEWS = _connection.execute("SELECT schema_name, view_name FROM duckdb_views()").fetchall()
    SETTINGS = [name for (name,) in _connection.execute("SELECT name FROM duckdb_settings()").fetchall()]
    PRAGMAS = sorted({name for name, kind in FUNCTIONS if kind == "pragma"})
TABLE_FUNCTIONS = sorted({name for name, kind in FUNCTIONS if kind in ("table", "table_macro")})
OTHER_FUNCTIONS = sorted(
    {name for name, kind in FUNCTIONS if kind not in ("table", "table_macro", "pragma")} - OURS
)
STATEMENTS = [
    "COPY (SELECT 1) TO '/tmp/x'",
    "COPY video.events FROM '/etc/passwd'",
    "ATTACH '/tmp/x.db'",
    "DETACH x",
    "INSTALL httpfs",
    "LOAD httpfs",
    "FORCE INSTALL httpfs",
    "UPDATE EXTENSIONS",
    "EXPORT DATABASE '/tmp/x'",
    "IMPORT DATABASE '/tmp/x'",
    "CALL duckdb_settings()",
    "SET threads = 1",
    "RESET threads",
    "CHECKPOINT",
    "VACUUM",
    "CREATE SECRET s (TYPE s3)",
    "CREATE MACRO f(x) AS x",
    "CREATE TYPE t AS ENUM ('a')",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "BEGIN",
    "USE memory",
    "FROM duckdb_settings()",
    "PIVOT x ON y",
    "SUMMARIZE SELECT 1",
    "DESCRIBE SELECT 1",
    "SHOW ALL TABLES",
    "ALTER TABLE t ADD COLUMN x INT",
    "TRUNCATE t",
    "MERGE INTO t USING u ON 1",
    "SELECT * FROM '/etc/passwd'",
    'SELECT * FROM "/etc/passwd"',
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT getvariable('x')",
    "SELECT COLUMNS(*) FROM video.events",
    "SELECT * EXCLUDE (time) FROM video.events",
    "SELECT * REPLACE (1 AS time) FROM video.events",
    "SELECT 1 INTO OUTFILE '/tmp/x'",
    "SELECT ?",
    "SELECT $1",
    "SELECT * FROM video.events ORDER BY ALL",
    "SELECT list(x FOR x IN [1])",
    "SELECT {'a': 1}",
    "SELECT x::JSON",
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT * FROM r",
    "WITH a AS (WITH duckdb_settings AS (SELECT 1) SELECT 1) SELECT * FROM duckdb_settings",
    "SELECT * FROM memory.main.x",
    'SELECT * FROM "table 1"',
    'SELECT * FROM "records of table 1"',
    "SELECT * FROM query('SELECT 1')",
    "SELECT 1; DROP TABLE x",
]


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = Engine(Limits())
    yield engine
    engine.close()


def run(engine: Engine, text: str) -> object:
    statement = Statement(text)
    translation = translate(statement, {}, 0)
    with closing(engine.cursor()) as cursor:
        return engine.run(cursor, statement, translation)


def refused(engine: Engine, text: str) -> str:
    with pytest.raises(ServiceError) as error:
        run(engine, text)
    assert error.value.status == 400
    return error.value.message


@pytest.mark.parametrize("statement", STATEMENTS)
def test_a_statement_that_is_not_timestreams_is_refused(engine: Engine, statement: str) -> None:
    refused(engine, statement)


@pytest.mark.parametrize("name", TABLE_FUNCTIONS)
def test_no_table_function_of_duckdb_is_reached(engine: Engine, name: str) -> None:
    for arguments in ("", "'/etc/passwd'", "1"):
        if name != "unnest":
            refused(engine, f"SELECT * FROM {name}({arguments})")
        refused(engine, f'SELECT * FROM "{name}"({arguments})')
        refused(engine, f"SELECT * FROM video.{name}({arguments})")


def test_no_other_function_of_duckdb_is_reached(engine: Engine) -> None:
    words = [name for name in OTHER_FUNCTIONS if name.replace("_", "a").isalnum()]
    assert len(words) > 500
    for name in words:
        refused(engine, f"SELECT {name}()")
        refused(engine, f"SELECT {name}('x')")


@pytest.mark.parametrize("name", PRAGMAS)
def test_no_pragma_is_run(engine: Engine, name: str) -> None:
    refused(engine, f"PRAGMA {name}")
    refused(engine, f"CALL {name}()")


def test_no_view_or_table_of_duckdb_is_read(engine: Engine) -> None:
    for schema, view in VIEWS:
        for name in (f"{schema}.{view}", view, f'"{schema}"."{view}"', f"system.{schema}.{view}"):
            refused(engine, f"SELECT * FROM {name}")


@pytest.mark.parametrize("name", SETTINGS)
def test_no_setting_can_be_changed(engine: Engine, name: str) -> None:
    refused(engine, f"SET {name} = 1")


def test_duckdb_itself_is_locked(engine: Engine) -> None:
    for statement in (
        "COPY (SELECT 1) TO '/tmp/x'", "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM glob('/*')",
        "SELECT * FROM read_text('/etc/passwd')", "ATTACH '/tmp/x.db'", "LOAD httpfs", "INSTALL httpfs",
        "SET enable_external_access = true", "SET lock_configuration = false", "SET memory_limit = '100GB'",
        "EXPORT DATABASE '/tmp/x'",
    ):  # fmt: skip
        with pytest.raises(duckdb.Error):
            engine.cursor().execute(statement)


def test_a_query_that_runs_too_long_is_stopped() -> None:
    items = " CROSS JOIN ".join(f"UNNEST(sequence(1, 10000)) AS t{place}(x{place})" for place in range(4))
    started = time.monotonic()
    with closing(Engine(Limits(time_s=0.5))) as engine:
        assert "longer than 0.5 s" in refused(engine, f"SELECT sum(x0 * x1 + x2 * x3) FROM {items}")
    assert time.monotonic() - started < 10


def test_a_query_that_needs_too_much_memory_is_stopped() -> None:
    items = " CROSS JOIN ".join(f"UNNEST(sequence(1, 10000)) AS t{place}(x{place})" for place in range(2))
    with closing(Engine(Limits(memory_mb=100))) as engine:
        assert "memory" in refused(engine, f"SELECT count(DISTINCT x0 * 10000 + x1) FROM {items}")


def test_a_result_of_too_many_rows_is_stopped() -> None:
    with closing(Engine(Limits(rows=1000))) as engine:
        assert "1000 rows" in refused(engine, "SELECT x FROM UNNEST(sequence(1, 9999)) AS t(x)")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT " + "(" * 100 + "1" + ")" * 100,
        "SELECT " + " + ".join(["1"] * 1000),
        "SELECT " + "upper(" * 59 + "'a'" + " || 'b')" * 59,
        "SELECT " + " / ".join(["2.0"] * 100),
        "SELECT " + ", ".join(["1"] * 30_000),
        "SELECT " + "NOT " * 500 + "TRUE",
        "SELECT " + "- " * 500 + "1",
        "SELECT " + "CASE WHEN 1 = 1 THEN " * 70 + "1" + " END" * 70,
        "SELECT " + "(SELECT " * 70 + "1" + ")" * 70,
        "SELECT reduce(sequence(1, 60), 'x', (s, x) -> s || s, s -> s)",
        "SELECT transform(sequence(1, 9999), x -> sequence(1, 9999))",
        "SELECT lpad('x', 1000000000, 'y')",
        "SELECT repeat('x', 1000000000)",
        "WITH "
        + ", ".join(
            f"a{n} AS (SELECT s || s AS s FROM a{n - 1})" if n else "a0 AS (SELECT 'x' AS s)"
            for n in range(40)
        )
        + " SELECT length(s) FROM a39",
    ],
)
def test_a_statement_that_grows_without_end_is_refused_at_once(engine: Engine, text: str) -> None:
    started = time.monotonic()
    refused(engine, text)
    assert time.monotonic() - started < 10
