"""The demo page by itself: it plays, and its beacons go to the endpoint that its field names."""

import json
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from playwright.sync_api import Page

from local.web import WebServer, player_routes

pytestmark = pytest.mark.browser

CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "content-type"}


class Collector:
    """Keeps what is posted to it, by the path it was posted to."""

    def __init__(self) -> None:
        self.bodies: dict[str, list[str]] = {}
        routes = [web.post("/{path:.*}", self._take), web.options("/{path:.*}", self._allow)]
        self.server = WebServer(0, routes)

    async def _take(self, request: web.Request) -> web.Response:
        self.bodies.setdefault(request.path, []).append(await request.text())
        return web.Response(status=204, headers=CORS)

    async def _allow(self, _request: web.Request) -> web.Response:
        return web.Response(status=204, headers=CORS)

    def types(self, path: str) -> list[str]:
        """Events of the SDK that came to a path."""
        return [event["type"] for body in self.bodies.get(path, []) for event in json.loads(body)["events"]]


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.server.close()


@pytest.fixture
def url(collector: Collector) -> Iterator[str]:
    """The page's address; its endpoint is the collector's stage `one`. Tests ask for it before the page, so
    that it ends behind it."""
    server = WebServer(0, player_routes(f"http://127.0.0.1:{collector.server.port}/one"))
    yield f"http://127.0.0.1:{server.port}/player/"
    server.close()


def play(page: Page) -> None:
    page.wait_for_function("document.querySelector('video').readyState >= 3")
    page.evaluate("document.querySelector('video').play()")
    page.wait_for_function("demo.stopwatch.seen.startup_ms !== null")


def test_pressing_play_sends_beacons_and_lists_them_with_their_answers(
    url: str, page: Page, collector: Collector
) -> None:
    page.goto(f"{url}?player=native&session=66454545556")
    play(page)
    page.wait_for_selector("#list .answer.good")
    assert {"session_start", "play_request", "playing"} <= set(collector.types("/one/v1/beacons"))
    assert {"session_start", "play_request", "playing"} <= set(page.locator("#list b").all_inner_texts())
    assert page.get_attribute("#board", "href") == "/board?session=66454545556"


def test_another_endpoint_takes_effect_at_once(url: str, page: Page, collector: Collector) -> None:
    page.goto(f"{url}?player=native")
    play(page)
    page.wait_for_selector("#list .answer.good")
    page.fill("#endpoint", page.input_value("#endpoint").replace("/one", "/two"))
    page.evaluate("document.querySelector('video').dispatchEvent(new Event('waiting'))")
    page.wait_for_function(
        "[...demo.posts].some(({ url, status }) => url.includes('/two/') && status === 204)"
    )
    assert "stall_start" in collector.types("/two/v1/beacons")


def test_closing_the_tab_is_told(url: str, page: Page, collector: Collector) -> None:
    page.goto(f"{url}?player=native")
    play(page)
    page.wait_for_selector("#list .answer.good")
    page.close()
    deadline = time.monotonic() + 10
    while "end" not in collector.types("/one/v1/beacons") and time.monotonic() < deadline:
        time.sleep(0.05)
    last = json.loads(collector.bodies["/one/v1/beacons"][-1])["events"][-1]
    assert (last["type"], last["data"]["end_reason"]) == ("end", "quit")


def test_an_endpoint_that_does_not_answer_is_shown(url: str, page: Page, tolerated: list[str]) -> None:
    tolerated.append("net::ERR")
    nowhere = urlsplit(url)._replace(netloc="127.0.0.1:9", path="/Default").geturl()
    page.goto(f"{url}?player=native&endpoint={nowhere}")
    play(page)
    page.wait_for_selector("#door.bad")
    assert page.inner_text("#door") == "no answer"
