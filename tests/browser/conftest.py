"""One `make run` and one Chromium for all tests of this folder, and a page that leaves 127.0.0.1 nowhere.

Both end with the folder's last test (scope `package`): the tests behind it start stacks and event loops of
their own.
"""

import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, expect, sync_playwright

from tests.browser.running import RunningStack
from tests.browser.truths import Truths
from tests.e2e.conftest import wait_for

CHROMIUM = shutil.which("chromium")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
expect.set_options(timeout=30_000)
"""A busy machine proves nothing."""
KNOWN_SESSIONS = 6
"""So many are over, and their last rows written, four minutes after the start or so."""
WIDE, NARROW = (1280, 800), (390, 844)
"""Sizes of a laptop's and of a telephone's window."""


@pytest.fixture(scope="package")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """The local stack with synthetic viewers, once beacons are consumed. Tests that ask for it are `e2e`."""
    stack = RunningStack(tmp_path_factory.mktemp("running"))
    try:
        stack.wait()
        yield stack
    finally:
        stack.end()


@pytest.fixture(scope="package")
def truths(running: RunningStack) -> Truths:
    """What is true of viewers who have left, once there are some."""
    found = Truths(running.settings.home, running.store)
    wait_for("some viewers have left", lambda: len(found.known()) >= KNOWN_SESSIONS, 420)
    return found


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Headless Chromium."""
    if not CHROMIUM:
        pytest.skip("there is no `chromium` on the path; on Debian and Ubuntu: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def tolerated() -> list[str]:
    """What a test expects in the console: a complaint that holds one of these texts does not fail it."""
    return []


@pytest.fixture
def complaints() -> list[str]:
    """What the browser has told so far: errors in the console, and requests to somewhere else."""
    return []


@pytest.fixture
def context(browser: Browser, complaints: list[str], tolerated: list[str]) -> Iterator[BrowserContext]:
    """A browser without cookies and memory.

    Afterwards fails the test for errors in the console, for exceptions that nobody caught and for requests to
    somewhere else than 127.0.0.1, which are not let through.
    """

    def stay_here(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.hostname == "127.0.0.1" or address.scheme in ("blob", "data"):
            route.fallback()
        else:
            complaints.append(f"asked for {route.request.url}")
            route.abort()

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(f"{message.text} ({message.location.get('url', '')})")

    made = browser.new_context(viewport={"width": WIDE[0], "height": WIDE[1]}, service_workers="block")
    made.route("**/*", stay_here)
    made.on("console", listen)
    made.on("weberror", lambda error: complaints.append(str(error.error)))
    yield made
    made.close()
    assert [text for text in complaints if not any(part in text for part in tolerated)] == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """An empty page, 1280 pixels wide."""
    return context.new_page()
