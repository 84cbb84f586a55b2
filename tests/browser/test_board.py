"""The board on the running stack: what it shows is what is true of the synthetic viewers, and goes on."""

import os
import re
import signal
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from beacon_job.types.sums import WINDOW_MS
from tests.browser.panels import ms_text, panel, rows, table
from tests.browser.running import RunningStack
from tests.browser.truths import Truths
from tests.e2e.conftest import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

MENDED_MS = 90_000
"""In which a store that was killed is noticed, started again and answers."""

BACK = 15
"""Steps along a chart: further than the truth about concurrency goes back."""


@pytest.fixture
def board(running: RunningStack, truths: Truths, page: Page) -> Page:
    page.goto(f"{running.url}/board?from=now-15m&to=now")
    return page


def test_sessions_show_what_is_true_of_them(board: Page, truths: Truths) -> None:
    known = truths.known()
    shown = [row for row in rows(board, "Sessions that stalled most") if row["session"] in known]
    assert shown
    for row in shown:
        true = known[row["session"]]
        for column, name in (("stalled", "stall_ms"), ("startup", "startup_ms"), ("played", "play_ms")):
            if name in true:
                assert row[column] == ms_text(board, true[name]), row
        if "stall_count" in true:
            assert row["stalls"] == str(true["stall_count"]), row


def test_concurrency_is_what_is_true_of_it(board: Page, running: RunningStack) -> None:
    board.get_by_label("Time range").select_option("now-5m now")
    chart = panel(board, "Concurrency")
    expect(chart.locator("caption")).to_have_text("latest")
    chart.locator(".chart").focus()

    def agrees() -> bool:
        """Whether, of the buckets whose truth is told, the oldest that is shown agrees with it."""
        board.keyboard.press("Escape")
        true = running.viewers()["watching"]
        shown = []
        for _ in range(BACK):
            board.keyboard.press("ArrowLeft")
            if (window := str(_window(chart))) in true:
                active = chart.locator("tr", has_text="active").locator("td").first
                shown.append((float(active.inner_text()), true[window]))
        return bool(shown) and shown[-1][0] == pytest.approx(shown[-1][1], abs=0.2)

    wait_for("measured and true concurrency agree", agrees)


def _window(chart: Locator) -> int:
    """The bucket of 10 s that the chart's list is about; -1 where that is the latest."""
    caption = chart.locator("caption").inner_text()
    if caption == "latest":
        return -1
    told = datetime.combine(datetime.now(), datetime.strptime(caption, "%H:%M:%S").time())  # noqa: DTZ005, DTZ007
    return int(told.timestamp() * 1000) // WINDOW_MS


def test_the_picture_goes_on_without_being_loaded_again(board: Page) -> None:
    board.evaluate("window.untouched = true")
    chart = panel(board, "Concurrency").locator(".chart")
    before = chart.get_attribute("aria-label")
    expect(chart).not_to_have_attribute("aria-label", before or "")
    assert board.evaluate("window.untouched")


def test_a_session_opens_with_its_stalls_where_they_were(board: Page, truths: Truths) -> None:
    def stalled() -> dict[str, dict[str, Any]]:
        shown = {row["session"] for row in rows(board, "Sessions that stalled most")}
        known = truths.known()
        return {session: known[session] for session in shown & {*known} if known[session].get("stall_ms")}

    wait_for("a viewer who stalled has left", lambda: bool(stalled()), 420)
    session, true = next(iter(stalled().items()))
    board.get_by_role("button", name=session).click()
    stretches = panel(board, "What it did").locator("li[data-state=stall] .unseen")
    expect(stretches.first).to_be_attached()
    told = [re.search(r"([\d.]+) s$", text) for text in stretches.all_text_contents()]
    assert len(told) == true["stall_count"]
    assert sum(float(found[1]) for found in told if found) * 1000 == pytest.approx(true["stall_ms"], abs=100)
    assert f"var-session={session}" in board.url
    board.reload()
    expect(stretches).to_have_count(len(told))


def test_a_click_on_a_group_filters_by_it(board: Page) -> None:
    groups = table(board, "By group")
    count = groups.count()
    assert count > 1
    groups.get_by_role("button", name="cdn-b").click()
    expect(groups).to_have_count(1)
    expect(board.locator(".filter.set summary")).to_have_text("cdncdn-b")
    table(board, "Sessions that stalled most")
    others = panel(board, "Sessions that stalled most").locator("td", has_text=re.compile("^cdn-[ac]$"))
    expect(others).to_have_count(0)
    groups.get_by_role("button", name="cdn-b").click()
    expect(groups).to_have_count(count)


def test_an_address_shows_a_colleague_the_same(board: Page, context: BrowserContext) -> None:
    board.get_by_role("button", name="Live").click()
    board.locator(".filter summary", has_text="cdn").click()
    board.get_by_role("checkbox", name="cdn-a").check()
    expect(table(board, "By group")).to_have_count(1)
    other = context.new_page()
    other.goto(board.url)
    expect(table(other, "By group")).to_have_count(1)
    expect(other.locator(".filter.set summary")).to_have_text("cdncdn-a")
    # Figures of the same stretch of time still grow: the last rows of its viewers are yet to come.
    assert [row["group"] for row in rows(other, "By group")] == ["cdn-a"]
    assert parse_qs(urlsplit(other.url).query) == parse_qs(urlsplit(board.url).query)


def test_a_store_that_stops_is_told_and_comes_back(
    board: Page, running: RunningStack, tolerated: list[str]
) -> None:
    tolerated.append("502 (Bad Gateway)")
    standin = running.processes.pid(running.store.name)
    assert standin
    os.kill(standin, signal.SIGKILL)
    said = panel(board, "Rebuffer ratio").locator(".said")
    expect(said.first).to_contain_text("does not answer")
    expect(board.locator(".panel.failed")).to_have_count(0, timeout=MENDED_MS)
    expect(board.get_by_role("status")).to_contain_text("As of")
