"""What the page of dead letters asks for, and who may not."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from local.aws import kinesis
from local.dead_letters import dead_letter_routes
from local.dead_letters.streams import Streams
from local.web import WebServer
from tests.local.dead_letters.letters import envelope, records, send_bad


@pytest.fixture
def server(client: Any) -> Iterator[WebServer]:
    made = WebServer(0, dead_letter_routes(lambda: Streams(client)))
    yield made
    made.close()


def ask(
    server: WebServer, path: str, body: object = None, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    told = {"Content-Type": "application/json", **(headers or {})}
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}/dead-letters{path}", data, told)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def test_the_newest_letters_are_listed(client: Any, server: WebServer) -> None:
    sent = [send_bad(client, b"bad %d" % n) for n in range(3)]
    status, found = ask(server, "/letters?newest=2")
    assert (status, found["all_read"]) == (200, False)
    assert [entry["sequence_number"] for entry in found["entries"]] == [sent[2], sent[1]]
    assert found["entries"][0]["preview"] == "bad 2"


def test_one_letter_is_shown_with_its_bytes(client: Any, server: WebServer) -> None:
    number = send_bad(client, envelope(b"no beacon"))
    status, whole = ask(server, f"/letters/{number}")
    assert (status, whole["entry"]["path"]) == (200, "/v1/beacons")
    assert [layer["text"] for layer in whole["layers"]][1:] == ["no beacon"]
    assert ask(server, "/letters/12") == (404, {"error": "there is no dead letter 12"})


def test_letters_are_put_back(client: Any, server: WebServer) -> None:
    number = send_bad(client, envelope(b"no beacon"))
    status, outcome = ask(server, "/reinject", {"letters": [number, "12"]})
    assert status == 200
    assert outcome == {"sentence": "put 1 record for 1 dead letter", "refused": [], "missing": ["12"]}
    assert len(records(client)) == 2


@pytest.mark.parametrize(
    ("headers", "said"),
    [
        ({"Origin": "http://evil.example"}, "Origin 'http://evil.example'"),
        ({"Origin": "null"}, "Origin 'null'"),
        ({"Origin": "http://127.0.0.1:1"}, "Origin 'http://127.0.0.1:1'"),
        ({"Content-Type": "text/plain"}, "Content-Type 'text/plain'"),
        ({"Host": "evil.example:8080", "Origin": "http://evil.example:8080"}, "Host 'evil.example:8080'"),
    ],
)
def test_a_page_of_another_site_puts_nothing_back(
    client: Any, server: WebServer, headers: dict[str, str], said: str
) -> None:
    number = send_bad(client, envelope(b"no beacon"))
    status, answer = ask(server, "/reinject", {"letters": [number]}, headers)
    assert status == 403
    assert said in answer["error"]
    assert len(records(client)) == 1


def test_a_page_of_another_site_reads_nothing(server: WebServer) -> None:
    assert ask(server, "/letters", headers={"Host": "evil.example"})[0] == 403


@pytest.mark.parametrize("newest", ["0", "1001", "x", "9" * 5000])
def test_how_many_are_read_has_a_limit(server: WebServer, newest: str) -> None:
    status, answer = ask(server, f"/letters?newest={newest}")
    assert status == 400
    assert "expected a whole number from 1 to 1000" in answer["error"]


@pytest.mark.parametrize("body", [[], {}, {"letters": []}, {"letters": [1]}, {"letters": ["1"] * 1001}])
def test_a_wish_that_is_none_is_answered_with_what_is_expected(server: WebServer, body: Any) -> None:
    status, answer = ask(server, "/reinject", body)
    assert status == 400
    assert "expected" in answer["error"]


def test_a_kinesis_that_does_not_answer_is_said() -> None:
    server = WebServer(0, dead_letter_routes(lambda: Streams(kinesis.client("http://127.0.0.1:1"))))
    try:
        status, answer = ask(server, "/letters")
    finally:
        server.close()
    assert status == 502
    assert answer["error"].startswith("Kinesis cannot be used: ")


@pytest.mark.parametrize("name", ["", "/page.css", "/page.js", "/letters.js", "/content.js"])
def test_the_page_asks_nobody_else(server: WebServer, name: str) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/dead-letters{name}", timeout=10) as answer:
        assert answer.headers["Content-Security-Policy"] == "default-src 'self'; img-src data:"
        assert b"://" not in answer.read()
