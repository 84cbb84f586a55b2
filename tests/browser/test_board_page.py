"""The board's page, on a store that answers what a test tells it to."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from local.board import board_routes
from local.web import WebServer
from tests.browser.conftest import NARROW
from tests.browser.panels import panel
from tests.e2e.conftest import wait_for
from tests.local.board.store import Store, number, text, times

pytestmark = pytest.mark.browser

NOW_MS = int(time.time()) * 1000
MINUTE_MS = 60_000


@pytest.fixture
def store() -> Store:
    moments = times(*(NOW_MS - minutes * MINUTE_MS for minutes in (5, 4, 3, 2, 1)))
    return Store(
        headline=[number("ratio", 0.0123), number("n", 40), number("completeness", 0.98)],
        viewers=[
            moments,
            number("active", 20, 21, 22, 23, 24, cdn="cdn-a"),
            number("active", 3, 4, 5, 6, 7, cdn="cdn-b"),
            number("n", 20, 21, 22, 23, 24, cdn="cdn-a"),
            number("n", 3, 4, 5, 6, 7, cdn="cdn-b"),
        ],
        sessions=[
            text("session_id", "s-1", "s-2", "s-3"),
            number("stall_ms", 1500, None, 250),
            text("cdn", "cdn-b", "cdn-a", "cdn-a"),
            number("n", 30, 12, 4),
        ],
        groups=[text("cdn", "cdn-a", "cdn-b"), number("ratio", 0.01, 0.02), number("n", 30, 4)],
        names=[text("cdn", "cdn-a", "cdn-b")],
        states=[
            times(NOW_MS - 3 * MINUTE_MS, NOW_MS - 2 * MINUTE_MS, NOW_MS),
            text("state", "play", "stall", None),
        ],
    )


@pytest.fixture
def server(store: Store) -> Iterator[WebServer]:
    made = WebServer(0, board_routes(store))
    yield made
    made.close()


@pytest.fixture
def board(server: WebServer, page: Page) -> Page:
    page.clock.install()
    page.goto(f"http://127.0.0.1:{server.port}/board")
    expect(panel(page, "Sessions").locator("tbody tr")).to_have_count(3)
    return page


def refresh(board: Page) -> None:
    """Let the time of a refresh pass."""
    board.clock.fast_forward(5_000)


def test_a_figure_comes_with_n_and_completeness(board: Page) -> None:
    headline = panel(board, "Rebuffer ratio")
    expect(headline.locator("strong")).to_have_text("1.23 %")
    expect(headline.locator("small")).to_have_text("n 40 · 98.0 % complete")


def test_a_figure_from_too_few_is_hatched(board: Page, store: Store) -> None:
    groups = panel(board, "Groups").locator("tbody tr")
    expect(groups.nth(0).locator(".few")).to_have_count(0)
    expect(groups.nth(1).locator(".few")).to_have_text(["2.00 %", "4"])
    expect(panel(board, "Sessions").locator(".few")).to_have_count(0)
    expect(panel(board, "Viewers").locator(".legend .few")).to_have_text("7")
    board.get_by_label("too few below n =").select_option("1")
    expect(board.locator(".few")).to_have_count(0)
    store.answers["headline"][1].values[0] = 0.5
    refresh(board)
    expect(panel(board, "Rebuffer ratio").locator("small")).to_contain_text("too few")


def test_what_is_not_known_is_no_zero(board: Page, store: Store) -> None:
    expect(panel(board, "Sessions").locator("tbody tr", has_text="s-2").locator(".unknown")).to_have_text(
        "unknown"
    )
    store.answers["headline"][0].values[0] = None
    refresh(board)
    expect(panel(board, "Rebuffer ratio").locator("strong")).to_have_text("unknown")


def test_the_page_goes_on_without_being_loaded_again(board: Page, store: Store) -> None:
    board.evaluate("window.untouched = true")
    store.answers["headline"][0].values[0] = 0.5
    refresh(board)
    expect(panel(board, "Rebuffer ratio").locator("strong")).to_have_text("50.00 %")
    assert board.evaluate("window.untouched")


def test_a_panel_without_rows_says_so(board: Page, store: Store) -> None:
    store.answers["sessions"] = [text("session_id")]
    refresh(board)
    expect(panel(board, "Sessions").locator(".said")).to_have_text("Nothing in this range.")


def test_a_store_that_does_not_answer_is_told_and_recovers(
    board: Page, store: Store, tolerated: list[str]
) -> None:
    tolerated.append("502 (Bad Gateway)")
    store.trouble = "Timestream does not answer"
    refresh(board)
    expect(panel(board, "Viewers").locator(".said")).to_have_text(store.trouble)
    expect(board.get_by_role("status")).to_contain_text("4 panels have no answer")
    expect(panel(board, "Sessions").locator("tbody tr")).to_have_count(3)
    store.trouble = ""
    refresh(board)
    expect(board.locator(".panel.failed")).to_have_count(0)
    expect(board.get_by_role("status")).to_contain_text("As of")


def test_a_click_on_a_group_filters_and_a_second_one_lets_go(board: Page, store: Store) -> None:
    group = panel(board, "Viewers").get_by_role("button", name="cdn-b")
    group.click()
    expect(board.locator(".filter.set summary")).to_have_text("CDNcdn-b")
    assert "var-cdn=cdn-b" in board.url
    wait_for("a question about the group", lambda: any("cdn IN ('cdn-b')" in sql for sql in store.asked), 10)
    group.click()
    expect(board.locator(".filter.set")).to_have_count(0)


def test_a_click_on_a_session_opens_it_and_back_returns(board: Page, store: Store) -> None:
    board.get_by_role("button", name="s-1").click()
    lanes = panel(board, "States").locator("ol li")
    expect(lanes).to_have_count(2)
    expect(lanes.nth(1)).to_contain_text("stalled")
    assert "session_id = 's-1'" in store.asked[-1]
    board.go_back()
    expect(panel(board, "Sessions").locator("tbody tr")).to_have_count(3)


def test_an_address_shows_the_same_to_a_colleague(server: WebServer, page: Page, store: Store) -> None:
    page.goto(
        f"http://127.0.0.1:{server.port}/board?dashboard=other&from=1764000000000&to=1764003600000&var-session=s-9"
    )
    expect(page.get_by_label("session")).to_have_value("s-9")
    expect(page.locator("#live")).to_have_text("Paused")
    expect(panel(page, "States").locator("ol")).to_be_visible()
    assert store.asked == [
        "SELECT * FROM states WHERE time BETWEEN from_milliseconds(1764000000000)"
        " AND from_milliseconds(1764003600000) AND session_id = 's-9'"
    ]


def test_a_stretch_of_a_chart_can_be_chosen(board: Page) -> None:
    over = panel(board, "Viewers").locator(".u-over")
    box = over.bounding_box()
    assert box
    board.mouse.move(box["x"] + 0.25 * box["width"], box["y"] + 20)
    board.mouse.down()
    board.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 20, steps=5)
    board.mouse.up()
    expect(board.locator("#live")).to_have_text("Paused")
    board.get_by_text("Paused").click()
    expect(board.get_by_label("Time range")).to_have_value("now-30m now")


def test_everything_is_reached_by_the_keyboard(board: Page, store: Store) -> None:
    board.keyboard.press("Tab")
    expect(board.get_by_text("Skip to the figures")).to_be_focused()
    board.locator(".filter summary").focus()
    board.keyboard.press("Enter")
    box = board.get_by_role("checkbox", name="cdn-b")
    expect(box).to_be_visible()
    board.keyboard.press("Tab")
    board.keyboard.press("Tab")
    board.keyboard.press("Tab")
    expect(box).to_be_focused()
    board.keyboard.press("Space")
    expect(board.locator(".filter.set summary")).to_have_text("CDNcdn-b")
    board.keyboard.press("Escape")
    expect(board.locator(".filter summary")).to_be_focused()
    board.locator(".chart").focus()
    for _ in range(2):
        board.keyboard.press("ArrowLeft")
    expect(panel(board, "Viewers").locator("caption")).not_to_have_text("latest")
    expect(panel(board, "Viewers").locator("tr", has_text="cdn-a").locator("td").first).to_have_text("23")


def test_the_focus_stays_while_the_picture_goes_on(board: Page, store: Store) -> None:
    board.get_by_role("button", name="s-2").focus()
    store.answers["sessions"][1].values[1] = 700
    refresh(board)
    expect(panel(board, "Sessions")).to_contain_text("700 ms")
    expect(board.get_by_role("button", name="s-2")).to_be_focused()


def test_a_table_is_sorted_by_its_headings(board: Page) -> None:
    rows = panel(board, "Sessions").locator("tbody tr")
    board.get_by_role("button", name="stalled").click()
    expect(rows.first).to_contain_text("s-1")
    board.get_by_role("button", name="stalled").click()
    expect(rows.first).to_contain_text("s-3")
    expect(rows.last).to_contain_text("s-2")


def test_a_theme_that_was_chosen_is_kept(board: Page) -> None:
    def ground() -> object:
        return board.evaluate("getComputedStyle(document.body).backgroundColor")

    light = ground()
    for _ in range(2):
        board.locator("#theme").click()
    expect(board.locator("#theme")).to_have_text("Theme: dark")
    dark = ground()
    board.reload()
    assert light != dark == ground()


def test_nothing_is_wider_than_a_telephone(board: Page) -> None:
    board.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    assert board.evaluate("document.documentElement.scrollWidth") == NARROW[0]
