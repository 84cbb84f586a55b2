"""Panels of the board, as they are found on the page."""

from playwright.sync_api import Locator, Page, expect


def panel(page: Page, title: str) -> Locator:
    """The panels with this title."""
    return page.get_by_role("region", name=title, exact=True).and_(page.locator(".panel"))


def table(page: Page, title: str) -> Locator:
    """The rows of a table that has some. A panel asks only when it is in view."""
    found = panel(page, title)
    found.evaluate("panel => panel.scrollIntoView()")
    shown = found.locator("tbody tr")
    expect(shown).not_to_have_count(0)
    return shown


def rows(page: Page, title: str) -> list[dict[str, str]]:
    """A table as it is shown: title of the column -> text."""
    shown = table(page, title)
    heads = panel(page, title).locator("thead th").all_inner_texts()
    return [dict(zip(heads, row.locator("td").all_inner_texts(), strict=True)) for row in shown.all()]


def ms_text(page: Page, ms: int) -> str:
    """How the page writes a duration."""
    return str(page.evaluate("ms => import('/board/page/format.js').then(it => it.format(ms, 'ms'))", ms))
