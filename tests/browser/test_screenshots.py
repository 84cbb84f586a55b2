"""The board as README shows it, over half an hour of synthetic viewers, in both widths and themes.

With SCREENSHOTS=docs/images the pictures are written there.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from local.board import TimestreamSource, board_routes
from local.timestream.testing import TimestreamServer
from local.web import WebServer
from tests.browser.conftest import NARROW, WIDE
from tests.browser.panels import ms_text, panel, rows
from tests.browser.viewing import LENGTH_MS, MINUTE_MS, Viewing
from tests.places import ROOT

pytestmark = pytest.mark.browser

MOST_BYTES = 150_000
CLOSED_MS = 3 * MINUTE_MS
"""After its last beacon a session is closed, and its row final."""
SETTLED_MS = 3_000
"""After which every panel in view has been asked for and drawn."""


@pytest.fixture(scope="module")
def viewing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Viewing]:
    folder = tmp_path_factory.mktemp("viewing")
    with TimestreamServer(folder) as server, pytest.MonkeyPatch.context() as patch:
        yield Viewing(server, patch)


@pytest.fixture(scope="module")
def url(viewing: Viewing) -> Iterator[str]:
    server = WebServer(0, board_routes(TimestreamSource(viewing.url)))
    yield f"http://127.0.0.1:{server.port}/board?from={viewing.end_ms - LENGTH_MS}&to={viewing.end_ms}"
    server.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    wanted = os.environ.get("SCREENSHOTS")
    return ROOT / wanted if wanted else tmp_path


def test_sessions_show_what_is_true_of_them(viewing: Viewing, url: str, page: Page) -> None:
    page.goto(url)
    shown = {row["session"]: row for row in rows(page, "Sessions that stalled most")}
    sure = [
        truth
        for truth in viewing.truths
        if truth.session_id in shown and not truth.lost_inside and truth.heard_ms < viewing.end_ms - CLOSED_MS
    ]
    assert len(sure) > 10
    for truth in sure:
        if "stall_ms" not in truth.unobservable:
            assert shown[truth.session_id]["stalls"] == str(truth.stall_count)
            assert shown[truth.session_id]["stalled"] == ms_text(page, truth.stall_ms)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_board_is_shown(
    viewing: Viewing,
    url: str,
    browser: Browser,
    folder: Path,
    size: tuple[int, int],
    theme: Literal["light", "dark"],
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=theme)
    page = context.new_page()
    page.goto(url)
    expect(panel(page, "Concurrency").locator("canvas")).to_be_visible()
    keep(page, folder / f"board-{theme}-{size[0]}.png")
    session = max(
        (truth for truth in viewing.truths if "stall_ms" not in truth.unobservable),
        key=lambda truth: truth.stall_count,
    )
    words = {"dashboard": "session", "from": "now-1h", "to": "now", "var-session": session.session_id}
    page.goto(f"{url.partition('?')[0]}?{urlencode(words)}")
    expect(panel(page, "What it did").locator("li").first).to_be_visible()
    keep(page, folder / f"session-{theme}-{size[0]}.png")
    context.close()


def keep(page: Page, file: Path) -> None:
    """A picture of what is in view, small enough for a repository; nothing is wider than the window."""
    page.wait_for_timeout(SETTLED_MS)
    assert page.locator(".panel.failed").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    file.parent.mkdir(exist_ok=True)
    page.screenshot(path=file)
    assert file.stat().st_size < MOST_BYTES
