"""The board over HTTP, on a store that remembers what it was asked."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from local.board import board_routes
from local.board.routes import NO_CHARTS
from local.web import WebServer
from tests.local.board.store import DASHBOARDS, EXAMPLE, Store, number, text

RANGE = {"dashboard": "example", "from": "1000", "to": "3601000"}
PANEL = RANGE | {"panel": "1", "points": "100"}


@pytest.fixture
def store() -> Store:
    fields = [text("cdn", "cdn-a", None), number("n", 1.5, float("nan"))]
    return Store(viewers=fields, names=fields)


@pytest.fixture
def board(store: Store, tmp_path: Path) -> Iterator[WebServer]:
    for name in ("uPlot.esm.js", "uPlot.min.css"):
        (tmp_path / name).write_text("of uPlot")
    made = WebServer(0, board_routes(store, tmp_path))
    yield made
    made.close()


def get(server: WebServer, path: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def ask(server: WebServer, path: str, words: Mapping[str, Any]) -> tuple[int, Any]:
    status, text = get(server, f"{path}?{urlencode(words, doseq=True)}")
    return status, json.loads(text)


def test_the_page_comes_with_its_modules_and_its_charts(board: WebServer) -> None:
    assert get(board, "/board")[0] == 200
    for name in ("main.js", "panels/table.js", "board.css", "uplot/uPlot.esm.js"):
        assert get(board, f"/board/page/{name}")[0] == 200, name


@pytest.mark.parametrize("name", ["../routes.py", "..%2froutes.py", "panels", "nothing.js"])
def test_no_other_file_is_served(board: WebServer, name: str) -> None:
    assert get(board, f"/board/page/{name}")[0] == 404


def test_without_charts_the_page_says_what_to_install(store: Store, tmp_path: Path) -> None:
    server = WebServer(0, board_routes(store, tmp_path / "nowhere"))
    assert get(server, "/board") == (503, NO_CHARTS)
    server.close()


def test_dashboards_are_handed_over_as_grafana_has_them(board: WebServer) -> None:
    _, found = ask(board, "/board/dashboards", {})
    assert found.keys() == {path.stem for path in DASHBOARDS.iterdir()}
    assert found["example"] == EXAMPLE


def test_a_panel_runs_its_own_sql_with_range_interval_and_variables(board: WebServer, store: Store) -> None:
    status, found = ask(board, "/board/frames", PANEL | {"var-cdn": ["cdn-a", "it's"]})
    assert status == 200
    assert store.asked == [
        "SELECT 30000 FROM viewers WHERE time BETWEEN from_milliseconds(1000) AND from_milliseconds(3601000)"
        " AND cdn IN ('cdn-a','it''s')"
    ]
    assert found["interval_ms"] == 30_000


def test_what_is_no_number_of_json_is_null(board: WebServer) -> None:
    _, found = ask(board, "/board/frames", PANEL)
    assert [field["values"] for field in found["frames"][0]["fields"]] == [["cdn-a", None], [1.5, None]]


def test_a_variable_has_the_values_of_its_query(board: WebServer, store: Store) -> None:
    assert ask(board, "/board/values", RANGE | {"variable": "cdn"}) == (200, {"values": ["cdn-a", None]})
    assert store.asked[0].startswith("SELECT cdn FROM names WHERE time BETWEEN")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"dashboard": "nowhere"}, "dashboard 'nowhere' is not known; there is example, other"),
        ({"panel": "5"}, "panel '5' is not known; there is 2, 1, 4, 3"),
        ({"panel": "1000"}, "panel '1000' is not known; there is 2, 1, 4, 3"),
        ({"from": "yesterday"}, "from: found 'yesterday'; expected a whole number from 0 to 253402300799999"),
        ({"from": "3601000"}, "from: found 3601000; expected less than `to`, which is 3601000"),
        ({"points": "0"}, "points: found '0'; expected a whole number from 1 to 10000"),
        ({"var-min_n": "DROP"}, "min_n is 'DROP'; this dashboard offers 10, 1"),
    ],
)
def test_what_is_asked_wrongly_is_told_in_one_sentence(
    board: WebServer, store: Store, changed: Mapping[str, str], sentence: str
) -> None:
    assert ask(board, "/board/frames", {**PANEL, **changed}) == (400, {"error": sentence})
    assert store.asked == []


def test_a_store_that_does_not_answer_is_told(board: WebServer, store: Store) -> None:
    store.trouble = "Timestream does not answer"
    assert ask(board, "/board/frames", PANEL) == (502, {"error": "Timestream does not answer"})


def test_a_page_of_another_site_is_refused(board: WebServer, store: Store) -> None:
    status, _ = get(board, f"/board/frames?{urlencode(PANEL)}", Host="example.org")
    assert (status, store.asked) == (403, [])
