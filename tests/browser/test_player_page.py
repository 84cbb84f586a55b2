"""The demo page by itself: it plays, and its beacons go to the endpoint that its field names."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from local.web import WebServer, player_routes
from tests.browser.collector import Collector

pytestmark = pytest.mark.browser


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.close()


@pytest.fixture
def url(collector: Collector) -> Iterator[str]:
    """The page's address; its endpoint is the collector's stage `one`. Tests ask for it before the page, so
    that it ends behind it."""
    server = WebServer(0, player_routes(f"{collector.url}/one"))
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
    assert page.get_attribute("#board", "href") == "/board?dashboard=session&var-session=66454545556"


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


def test_the_buttons_disturb_the_network_and_it_is_told(
    url: str, page: Page, collector: Collector, tolerated: list[str]
) -> None:
    tolerated.append("500 (Internal Server Error)")
    page.goto(f"{url}?player=hls.js")
    play(page)
    page.click("#stall")
    page.wait_for_function("demo.stopwatch.seen.stalls === 1")
    page.wait_for_function("demo.stopwatch.seen.playing")
    page.click("#fail")
    assert collector.wait(lambda: "error" in collector.types("/one/v1/beacons"), page)
    page.click("#fail")
    told = [kind for kind in collector.types("/one/v1/beacons") if str(kind).startswith("stall")]
    assert told == ["stall_start", "stall_end"]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("by", ["player=hls.js&by=sdk", "player=dash.js&by=cmcd"])
def test_nothing_runs_over_the_edge(url: str, page: Page, width: int, by: str) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{url}?{by}&session={'6' * 64}")
    play(page)
    page.wait_for_selector("#list .answer.good")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_closing_the_tab_is_told(url: str, page: Page, collector: Collector) -> None:
    page.goto(f"{url}?player=native")
    play(page)
    page.wait_for_selector("#list .answer.good")
    page.close()
    assert collector.wait(lambda: "end" in collector.types("/one/v1/beacons"))
    assert collector.events("/one/v1/beacons")[-1]["data"]["end_reason"] == "quit"  # type: ignore[index]


def test_an_endpoint_that_does_not_answer_is_shown(url: str, page: Page, tolerated: list[str]) -> None:
    tolerated.append("net::ERR")
    nowhere = urlsplit(url)._replace(netloc="127.0.0.1:9", path="/Default").geturl()
    page.goto(f"{url}?player=native&endpoint={nowhere}")
    play(page)
    page.wait_for_selector("#door.bad")
    assert page.inner_text("#door") == "no answer"
