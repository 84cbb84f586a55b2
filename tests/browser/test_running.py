"""What the tests of this folder stand on: a stack that answers, a browser that tells on its pages."""

import pytest
from playwright.sync_api import Page

from tests.browser.running import RunningStack

pytestmark = pytest.mark.browser


@pytest.mark.e2e
def test_the_stack_serves_its_pages(running: RunningStack, page: Page) -> None:
    page.goto(f"{running.url}/health")
    assert '"healthy": true' in page.inner_text("body")


def test_what_a_page_must_not_do_is_told(page: Page, complaints: list[str], tolerated: list[str]) -> None:
    tolerated += ["https://example.org/away", "a fault of the page"]
    page.set_content(
        "<img src='https://example.org/away'><script>throw Error('a fault of the page')</script>"
    )
    page.wait_for_timeout(200)
    assert any("asked for https://example.org/away" in text for text in complaints)
    assert any("a fault of the page" in text for text in complaints)
