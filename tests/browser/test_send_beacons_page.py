"""Every example of docs/send-beacons.md plays in a browser, and its beacons arrive."""

import re
from collections.abc import Iterator

import pytest
from aiohttp import web
from playwright.sync_api import Page

from local.web import WebServer, player_routes
from tests.browser.collector import Collector
from tests.places import ROOT

pytestmark = pytest.mark.browser

TEXT = (ROOT / "docs" / "send-beacons.md").read_text()
EXAMPLE = re.compile(r"^([^\n:,.]*(?:[.]js)?)[^\n]*:\n\n```html\n(.*?)```", re.MULTILINE | re.DOTALL)
EXAMPLES = {
    f"{'CMCD' if 'cmcd.js' in html else 'SDK'}, {title}": html for title, html in EXAMPLE.findall(TEXT)
}
"""By way and player, as the line above each names it."""

MODULES = {
    "hls.js": "npm/hls.js",
    "dashjs": "npm/dash.js",
    "shaka-player": "data:text/javascript,export default shaka",
    "shaka-player/dist/shaka-player.compiled.debug.js": "data:text/javascript,export default shaka",
    "video.js": "data:text/javascript,export default videojs",
}
"""What a bundler would find, or a build that puts a name into the page."""

SCRIPTS = {
    "shaka-player.compiled.debug.js": "npm/shaka-player.debug.js",
    '"shaka-player"': "npm/shaka-player.js",
    '"video.js"': "npm/video.js",
}


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.close()


def page_of(example: str, base: str, endpoint: str) -> str:
    """The example as a page of its own, with the addresses of this machine."""
    addresses = {
        "https://abcdef.execute-api.eu-central-1.amazonaws.com/Default": endpoint,
        "https://cdn.example/beacon/": base,
        "https://films.example/film-1/": f"{base}media/example/",
    }
    for there, here in addresses.items():
        example = example.replace(there, here)
    modules = ", ".join(
        f'"{name}": "{where if where.startswith("data:") else base + where}"'
        for name, where in MODULES.items()
    )
    scripts = "".join(
        f'<script src="{base}{file}"></script>' for name, file in SCRIPTS.items() if name in example
    )
    return f'<!doctype html><script type="importmap">{{"imports": {{{modules}}}}}</script>{scripts}{example}'


def test_there_is_an_example_for_every_player() -> None:
    players = {"hls.js", "dash.js", "Shaka Player"}
    expected = {f"SDK, {name}" for name in players | {"Any media element", "video.js"}}
    assert set(EXAMPLES) == expected | {f"CMCD, {name}" for name in players}


@pytest.fixture(params=EXAMPLES)
def example(request: pytest.FixtureRequest, collector: Collector) -> Iterator[tuple[str, str]]:
    """Way and player of an example, and where it is a page. Asked for before the page, to end behind it."""
    served: dict[str, str] = {}

    async def show(_request: web.Request) -> web.Response:
        return web.Response(text=served["html"], content_type="text/html")

    server = WebServer(0, [web.get("/player/example.html", show), *player_routes(collector.url)])
    base = f"http://127.0.0.1:{server.port}/player/"
    served["html"] = page_of(EXAMPLES[request.param], base, f"{collector.url}/Default")
    yield request.param, f"{base}example.html"
    server.close()


def test_an_example_sends_what_a_viewer_does(
    example: tuple[str, str], page: Page, collector: Collector
) -> None:
    name, url = example
    page.goto(url)
    page.wait_for_function("document.querySelector('video').readyState >= 3")
    page.evaluate("document.querySelector('video').play()")
    if name.startswith("SDK"):
        assert collector.wait(lambda: "playing" in collector.types("/Default/v1/beacons"), page)
        page.close()
        assert collector.wait(lambda: "end" in collector.types("/Default/v1/beacons"))
        events = collector.events("/Default/v1/beacons")
        assert [event["seq"] for event in events] == list(range(len(events)))
    else:
        lines = collector.bodies.setdefault("/Default/v1/cmcd/state", [])
        assert collector.wait(lambda: any("sta=p" in line for line in lines), page)
        page.close()
        assert collector.wait(lambda: any("sta=q" in line for line in lines))
        assert len({re.search('sid="[^"]*"', line)[0] for line in lines}) == 1  # type: ignore[index]
