"""The web server of `make run`: whatever a client does, it answers the next one and nothing is printed."""

import asyncio
import http.client
import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import web

from local.processes.children import StartError
from local.web import WebServer, health_routes
from local.web import server as web_server
from tests.local.hostile import GET, dripped_s, requests, send_and_leave

REQUESTS = {
    **requests(b"/health", b"/echo"),
    "a slow page": GET % b"/slow",
    "a long page": GET % b"/long",
}


async def slow(_request: web.Request) -> web.Response:
    await asyncio.sleep(0.05)
    return web.Response(text="slow")


async def long(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    for _ in range(100):
        await response.write(bytes(1_000_000))
    return response


async def echo(request: web.Request) -> web.Response:
    return web.Response(body=await request.read())


async def broken(_request: web.Request) -> web.Response:
    message = "a fault of ours"
    raise ValueError(message)


async def broken_midway(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse()
    await response.prepare(request)
    await response.write(b"the first half")
    return await broken(request)


@pytest.fixture
def server() -> Iterator[WebServer]:
    pages = [web.get("/slow", slow), web.get("/long", long), web.post("/echo", echo)]
    health = health_routes(lambda: (True, "12 beacons consumed"))
    made = WebServer(0, [*health, *pages, web.get("/broken", broken), web.get("/midway", broken_midway)])
    yield made
    made.close()


def ask(server: WebServer, path: str, method: str = "GET") -> tuple[int, Any]:
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@pytest.mark.parametrize("reset", [False, True], ids=["closes", "resets"])
@pytest.mark.parametrize("sent", REQUESTS.values(), ids=REQUESTS)
def test_a_client_that_sends_anything_and_hangs_up_disturbs_nobody(
    server: WebServer,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    sent: bytes,
    reset: bool,
) -> None:
    send_and_leave(server.port, sent, reset=reset)
    assert ask(server, "/health")[0] == 200
    server.close()
    assert (caplog.text, *capfd.readouterr()) == ("", "", "")


def test_clients_that_never_finish_their_request_keep_nobody_waiting(
    server: WebServer, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    clients = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(100)]
    for client in clients:
        client.sendall(b"GET /health HTTP/1.1\r\nX-Header: ")
    assert ask(server, "/health")[0] == 200
    server.close()
    for client in clients:
        client.close()
    assert (caplog.text, *capfd.readouterr()) == ("", "", "")


def test_a_head_that_does_not_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web_server, "_HEAD_S", 0.5)
    made = WebServer(0, health_routes(lambda: (True, "")))
    try:
        assert dripped_s(made.port, b"/health", patience_s=10) < 5
    finally:
        made.close()


def test_a_path_that_is_not_there_is_answered_with_those_that_are(server: WebServer) -> None:
    assert ask(server, "/nowhere") == (
        404,
        {"error": "found /nowhere; there is /broken, /echo, /health, /long, /midway, /slow"},
    )


def test_a_method_that_is_not_taken_is_answered_with_those_that_are(server: WebServer) -> None:
    assert ask(server, "/health", "PUT") == (405, {"error": "found PUT; /health takes GET, HEAD"})


def test_a_page_that_fails_is_answered_with_500_and_logged(
    server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    status, answer = ask(server, "/broken")
    assert (status, list(answer)) == (500, ["error"])
    assert "a fault of ours" in caplog.text


def test_a_page_that_fails_midway_ends_the_connection_and_is_logged(
    server: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        urllib.request.urlopen(f"http://127.0.0.1:{server.port}/midway", timeout=10) as answer,
        pytest.raises(http.client.IncompleteRead),
    ):
        answer.read()
    assert "a fault of ours" in caplog.text
    assert ask(server, "/health")[0] == 200


def test_a_port_that_is_taken_is_one_clear_sentence(server: WebServer) -> None:
    with pytest.raises(StartError, match=rf"^port {server.port} \(the web server\) cannot be used: .+$"):
        WebServer(server.port, [])


def test_a_closed_server_frees_its_port(server: WebServer) -> None:
    server.close()
    WebServer(server.port, []).close()


@pytest.mark.parametrize(("healthy", "status"), [(True, 200), (False, 503)])
def test_health_says_why(healthy: bool, status: int) -> None:
    server = WebServer(0, health_routes(lambda: (healthy, "the reason")))
    try:
        assert ask(server, "/health") == (status, {"healthy": healthy, "reason": "the reason"})
    finally:
        server.close()
