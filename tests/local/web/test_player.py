"""The demo page's routes: its files, the players of npm, and a network that can be disturbed."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.web import WebServer, player_routes
from local.web.player import NPM, PLAYER
from tests.places import ROOT

ENDPOINT = "http://127.0.0.1:8090/Default"
NO_MODULES = Path("/nonexistent")


@pytest.fixture
def server() -> Iterator[WebServer]:
    made = WebServer(0, player_routes(ENDPOINT))
    yield made
    made.close()


def ask(
    server: WebServer, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> tuple:
    url = f"http://127.0.0.1:{server.port}/player/{path}"
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.read(), error.headers


def disturb(server: WebServer, viewer: str, **network: object) -> tuple:
    return ask(server, f"media/{viewer}", "PUT", json.dumps(network).encode())


@pytest.mark.parametrize(
    ("path", "kind"), [("", "text/html"), ("video.js", "text/javascript"), ("demo/page.css", "text/css")]
)
def test_the_page_and_its_modules_are_served(server: WebServer, path: str, kind: str) -> None:
    status, content, headers = ask(server, path)
    assert (status, headers.get_content_type()) == (200, kind)
    assert content == (PLAYER / (path or "index.html")).read_bytes()


@pytest.mark.parametrize(
    "path", ["clip/make.sh", "tsconfig.json", "../pyproject.toml", "%2e%2e/Makefile", "absent.js"]
)
def test_nothing_else_of_the_disk_is_served(server: WebServer, path: str) -> None:
    assert ask(server, path)[0] == 404


def test_the_page_is_told_where_beacons_go(server: WebServer) -> None:
    assert json.loads(ask(server, "config.json")[1]) == {"endpoint": ENDPOINT, "missing": ""}


@pytest.mark.parametrize("name", NPM)
def test_the_players_come_from_node_modules(server: WebServer, name: str) -> None:
    if not (ROOT / "node_modules").is_dir():
        pytest.skip("node_modules is missing: npm ci")
    assert ask(server, f"npm/{name}")[0] == 200


def test_without_node_modules_one_sentence_says_what_to_do() -> None:
    server = WebServer(0, player_routes(ENDPOINT, modules=NO_MODULES))
    told = json.loads(ask(server, "config.json")[1])["missing"]
    status, content, _ = ask(server, "npm/hls.js")
    server.close()
    assert "npm ci" in told
    assert (status, json.loads(content)) == (404, {"error": told})


@pytest.mark.parametrize(("wanted", "begin", "end"), [("bytes=0-99", 0, 100), ("bytes=100-", 100, None)])
def test_media_is_served_by_byte_range(server: WebServer, wanted: str, begin: int, end: int | None) -> None:
    whole = (PLAYER / "clip" / "track2.mp4").read_bytes()
    status, content, headers = ask(server, "media/a/track2.mp4", Range=wanted)
    assert (status, content) == (206, whole[begin:end])
    assert headers["Content-Range"] == f"bytes {begin}-{(end or len(whole)) - 1}/{len(whole)}"


def test_a_range_beyond_the_end_is_416(server: WebServer) -> None:
    assert ask(server, "media/a/track2.mp4", Range="bytes=99999999-")[0] == 416


def test_what_one_viewer_disturbs_no_other_sees(server: WebServer) -> None:
    assert disturb(server, "a", status=500)[0] == 204
    assert ask(server, "media/a/track0.mp4")[0] == 500
    assert ask(server, "media/a/master.m3u8")[0] == 200
    assert ask(server, "media/b/track0.mp4")[0] == 200
    disturb(server, "a")
    assert ask(server, "media/a/track0.mp4")[0] == 200


def test_a_slow_network_takes_its_time(server: WebServer) -> None:
    disturb(server, "a", kbps=80)
    began_s = time.monotonic()
    ask(server, "media/a/track2.mp4", Range="bytes=0-4999")
    assert time.monotonic() - began_s > 0.3


def test_a_long_file_is_paced_behind_its_lead(server: WebServer) -> None:
    url = f"http://127.0.0.1:{server.port}/player/media/a/clip.mp4"
    with urllib.request.urlopen(url, timeout=10) as answer:
        began_s = time.monotonic()
        answer.read(60_000)
        lead_s = time.monotonic() - began_s
        answer.read(10_000)
        assert lead_s < 0.3 < time.monotonic() - began_s


@pytest.mark.parametrize("body", [b"{", b'{"speed": 5}', b'{"held": "yes"}'])
def test_a_network_that_is_none_is_refused_in_words(server: WebServer, body: bytes) -> None:
    status, content, _ = ask(server, "media/a", "PUT", body)
    assert status == 400
    assert "held, kbps, delay_ms, status" in json.loads(content)["error"]
