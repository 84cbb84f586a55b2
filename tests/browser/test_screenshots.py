"""The board as README shows it, in both widths and themes.

With SCREENSHOTS=docs/images the pictures are written there.
"""

import os
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import NARROW, WIDE
from tests.browser.panels import panel
from tests.browser.running import RunningStack
from tests.browser.truths import Truths
from tests.places import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

MOST_BYTES = 150_000
RANGE = "from=now-15m&to=now&var-min_n=5"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    wanted = os.environ.get("SCREENSHOTS")
    return ROOT / wanted if wanted else tmp_path


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_board_is_shown(
    running: RunningStack,
    truths: Truths,
    browser: Browser,
    folder: Path,
    size: tuple[int, int],
    theme: Literal["light", "dark"],
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=theme)
    page = context.new_page()
    page.goto(f"{running.url}/board?{RANGE}")
    expect(panel(page, "Rebuffer ratio").last.locator("canvas")).to_be_visible()
    keep(page, folder / f"board-{theme}-{size[0]}.png")
    stalled = next(session for session, true in truths.known().items() if true.get("stall_ms"))
    page.goto(f"{running.url}/board?dashboard=session&from=now-1h&to=now&var-session={stalled}")
    expect(panel(page, "What it did").locator("li").first).to_be_visible()
    keep(page, folder / f"session-{theme}-{size[0]}.png")
    context.close()


def keep(page: Page, file: Path) -> None:
    """A picture of what is in view, small enough for a repository; nothing is wider than the window."""
    page.wait_for_function("document.querySelectorAll('.panel[aria-busy=true]').length === 0 || scrollY > 0")
    width = page.evaluate("innerWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.screenshot(path=file)
    assert file.stat().st_size < MOST_BYTES
