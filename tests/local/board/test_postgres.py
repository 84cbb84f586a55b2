"""PostgreSQL as the board's data source, on a real server."""

import json

import pytest

from local.board import PostgresSource, SourceError
from local.postgres.server import READER, Server, url
from local.processes.ports import free_port


@pytest.fixture
def source(postgres: Server, database: str) -> PostgresSource:
    return PostgresSource(url(postgres.port, READER, database))


def test_an_answer_comes_as_a_typed_frame(source: PostgresSource) -> None:
    sql = (
        "SELECT '2026-11-28 12:00:00.5+00'::timestamptz AS time, 'cdn-a'::text AS cdn,"
        " 250::bigint AS stall_ms, sum(0.5::numeric) AS share, true AS fatal, NULL::bigint AS nothing,"
        " '{\"a\": 1}'::jsonb AS more"
    )
    (frame,) = source.frames(sql, {"format": "table"})
    assert [(field.name, field.type, field.values) for field in frame.fields] == [
        ("time", "time", [1_795_867_200_500.0]),
        ("cdn", "string", ["cdn-a"]),
        ("stall_ms", "number", [250]),
        ("share", "number", [0.5]),
        ("fatal", "boolean", [True]),
        ("nothing", "number", [None]),
        ("more", "string", ['{"a": 1}']),
    ]


def test_a_time_series_has_a_field_for_each_of_its_series(source: PostgresSource) -> None:
    sql = (
        "SELECT to_timestamp(t) AS time, cdn, t * 2 AS n"
        " FROM (VALUES (1, 'a'), (1, 'b'), (2, 'a')) AS x (t, cdn) ORDER BY 1"
    )
    (frame,) = source.frames(sql, {"format": "time_series"})
    found = {json.dumps(field.labels): field.values for field in frame.fields}
    assert found == {"{}": [1_000.0, 2_000.0], '{"cdn": "a"}': [2, 4], '{"cdn": "b"}': [2, None]}


def test_a_statement_that_is_refused_is_told_with_the_servers_words(source: PostgresSource) -> None:
    with pytest.raises(SourceError, match=r'^relation "nowhere" does not exist$'):
        source.frames("SELECT * FROM nowhere", {})
    with pytest.raises(SourceError, match=r"^permission denied"):
        source.frames("DELETE FROM events", {})


def test_an_answer_that_no_panel_shows_is_refused(source: PostgresSource) -> None:
    with pytest.raises(
        SourceError, match=r"^the answer has more than 50,000 rows; choose a shorter time range$"
    ):
        source.frames("SELECT generate_series(1, 50001)", {})


def test_a_server_that_is_not_there_is_told_at_once() -> None:
    with pytest.raises(SourceError, match="refused"):
        PostgresSource(url(free_port(), READER)).frames("SELECT 1", {})
