"""awswrangler asks the stand-in as it asks the service: types, NULLs, pages, nothing, and errors."""

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

import pytest

from local.timestream.testing import TimestreamServer
from tests.local.timestream.query.conftest import DUMMY, NOW_NS, client
from tests.local.timestream.query.known import write_all
from tests.places import ROOT

PYTHON = ROOT / ".beacon" / "clients" / "bin" / "python"
PROGRAM = Path(__file__).parent / "wrangle.py"
MISSING = f"there is no {PYTHON.relative_to(ROOT)}: local/setup.sh --tests makes it"

Ask = Callable[..., list[Any]]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Give requests to the program, over known data; what it answers to each."""
    assert PYTHON.exists(), MISSING
    with TimestreamServer(tmp_path_factory.mktemp("data"), lambda: NOW_NS) as server:
        write = client(server, "timestream-write")
        write.create_database(DatabaseName="video")
        write.create_table(DatabaseName="video", TableName="events")
        write_all(write)
        environment = {
            **os.environ,
            "AWS_ENDPOINT_URL_TIMESTREAM_QUERY": server.url,
            "AWS_ENDPOINT_URL_TIMESTREAM_WRITE": server.url,
            "AWS_DEFAULT_REGION": DUMMY["region_name"],
            "AWS_ACCESS_KEY_ID": DUMMY["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": DUMMY["aws_secret_access_key"],
        }
        program = subprocess.Popen(
            [PYTHON, PROGRAM], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        with program as running:
            assert running.stdin and running.stdout
            yield partial(_asked, running.stdin, running.stdout)
            running.stdin.close()


def _asked(sends: IO[str], hears: IO[str], *requests: dict[str, Any]) -> list[Any]:
    answers = []
    for request in requests:
        print(json.dumps(request), file=sends, flush=True)
        answers.append(json.loads(hears.readline()))
    return answers


def test_every_type_becomes_one_of_pandas(ask: Ask) -> None:
    (found,) = ask(
        {
            "sql": "SELECT BIGINT '7' AS a, 7 AS b, 1.5 AS c, true AS d, 'text' AS e, DATE '2026-11-30' AS f,"
            " TIME '01:02:03.004' AS g, TIMESTAMP '2026-11-30 01:02:03.000004' AS h, ARRAY[1, 2] AS i"
        }
    )
    assert found["columns"] == list("abcdefghi")
    assert found["rows"] == [
        [
            "7",
            "7",
            "1.5",
            "True",
            "'text'",
            "datetime.date(2026, 11, 30)",
            "datetime.time(1, 2, 3, 4000)",
            "Timestamp('2026-11-30 01:02:03.000004')",
            "\"[{'ScalarValue': '1'}, {'ScalarValue': '2'}]\"",
        ]
    ]
    assert found["types"][:5] == ["int64", "int64", "float64", "bool", "string"]


def test_rows_of_a_table_come_with_their_nulls(ask: Ask) -> None:
    (found,) = ask(
        {"sql": "SELECT session_id, startup_ms, code FROM video.events WHERE cdn = 'west' ORDER BY time"}
    )
    assert found["rows"] == [
        ["'s2'", "2150.0", None],
        ["'s2'", None, None],
        ["'s2'", None, '"it\'s 404"'],
    ]


def test_an_empty_answer_is_an_empty_frame(ask: Ask) -> None:
    found, chunks = ask(
        {"sql": "SELECT * FROM video.events WHERE cdn = 'north'"},
        {"sql": "SELECT * FROM video.events WHERE cdn = 'north'", "chunked": True},
    )
    assert (found["columns"], found["rows"], chunks) == ([], [], [])


def test_chunks_are_pages_of_one_query(ask: Ask) -> None:
    (chunks,) = ask(
        {
            "sql": "SELECT measure_name FROM video.events ORDER BY time",
            "chunked": True,
            "pagination_config": {"PageSize": 2},
        }
    )
    assert [[cell for (cell,) in chunk["rows"]] for chunk in chunks] == [
        ["'started'", "'stall'"],
        ["'started'", "'stall'"],
        ["'failed'"],
    ]
    assert len({chunk["attrs"]["QueryId"] for chunk in chunks}) == 1
    assert ["NextToken" in chunk["attrs"] for chunk in chunks] == [True, True, False]


def test_no_more_items_come_than_are_wanted(ask: Ask) -> None:
    wanted = {"MaxItems": 3, "PageSize": 2}
    (found,) = ask({"sql": "SELECT cdn FROM video.events ORDER BY time", "pagination_config": wanted})
    assert len(found["rows"]) == 3


def test_what_is_wrong_raises_the_services_error(ask: Ask) -> None:
    wrong, unload = ask(
        {"sql": "SELECT nothing FROM video.events"},
        {"call": "unload_to_files", "sql": "SELECT 1", "path": "s3://bucket/path/"},
    )
    assert wrong.startswith("ValidationException: An error occurred (ValidationException)")
    assert "line 1:8: Column 'nothing' does not exist" in wrong
    assert "UNLOAD is not supported by this stand-in" in unload


def test_a_frame_that_was_written_is_read_back(ask: Ask) -> None:
    refused, found, tables = ask(
        {
            "call": "write",
            "df": {"time": ["2026-11-30 00:50:00"] * 2, "load": [0.5, 1.5], "host": ["h1", "h2"]},
            "database": "video",
            "table": "hosts",
            "time_col": "time",
            "measure_col": "load",
            "dimensions_cols": ["host"],
        },
        {"sql": "SELECT host, measure_value::double FROM video.hosts WHERE measure_name = 'load' ORDER BY 1"},
        {"call": "list_tables", "database": "video"},
    )
    assert refused == []
    assert found["rows"] == [["'h1'", "0.5"], ["'h2'", "1.5"]]
    assert tables == ["events", "hosts"]
