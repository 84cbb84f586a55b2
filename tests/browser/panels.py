"""Panels of the board, as they are found on the page."""

from playwright.sync_api import Locator, Page


def panel(page: Page, title: str) -> Locator:
    """The panels with this title."""
    return page.get_by_role("region", name=title, exact=True).and_(page.locator(".panel"))


def rows(page: Page, title: str) -> list[dict[str, str]]:
    """A table as it is shown: title of the column -> text."""
    found = panel(page, title)
    heads = found.locator("thead th").all_inner_texts()
    return [
        dict(zip(heads, row.locator("td").all_inner_texts(), strict=True))
        for row in found.locator("tbody tr").all()
    ]
