"""A viewer at the demo page: what is done there, what the page saw of it, and what was stored of it."""

import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import BrowserContext, Page, TimeoutError

from local.aws.tables import DATABASE
from tests.browser.running import RunningStack

Row = dict[str, Any]


class Sent(NamedTuple):
    """A beacon as the page sent it: its event's name (in CMCD `e` and `sta`) and its number."""

    name: str
    seq: int


class Viewing:
    """One page with one player, in a session of its own."""

    def __init__(
        self, context: BrowserContext, running: RunningStack, player: str, by: str, session: str
    ) -> None:
        self.running, self.player, self.by, self.session = running, player, by, session
        self.page: Page = context.new_page()
        query = urlencode({"player": player, "by": by, "session": session})
        self.page.goto(f"{running.url}/player/?{query}")
        self.seen: Row = {}
        self.told_meanwhile: Row = {}
        self.sent: list[Sent] = []
        self.posts = 0
        self.answers: set[int] = set()

    def ready(self) -> None:
        """Wait until the player has loaded so much that play begins at once."""
        self.until("document.querySelector('video').readyState >= 3")

    def do(self, script: str) -> None:
        """Do something to `video`."""
        self.page.evaluate(f"video => {{ {script} }}", self.page.query_selector("video"))

    def until(self, condition: str, patience_s: float = 90.0) -> None:
        """Wait until a condition of the page holds; else fail with what the page shows."""
        try:
            self.page.wait_for_function(condition, timeout=patience_s * 1000, polling=50)
        except TimeoutError:
            shown = " ".join(self.page.inner_text("body").split())
            pytest.fail(f"{self}: not within {patience_s:.0f} s: {condition}\n{shown[:2_000]}")

    def told(self, condition: Callable[[Row], object], patience_s: float = 60.0) -> None:
        """Wait until the row of its view, who still watches, meets a condition."""
        self.told_meanwhile = self._row(condition, patience_s, lambda: self.page.wait_for_timeout(500))

    def leave(self) -> None:
        """Close the tab, after a last look at what the page saw and sent; the rest is sent as it goes."""
        self.until("[...demo.posts].every(({ status }) => status !== undefined)")
        self.seen = self.page.evaluate("demo.stopwatch.seen")
        loaded = self.page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
        self.seen["manifests"] = sum(name.endswith(("/master.m3u8", "/manifest.mpd")) for name in loaded)
        posts = self.page.evaluate(
            "[...demo.posts].map(({ body, status }) => ({ body, status: status ?? -1 }))"
        )
        self.posts = len(posts)
        self.answers = {post["status"] for post in posts}
        self.sent = [beacon for post in posts for beacon in beacons_of(post["body"])]
        self.page.close()

    def stored(self) -> list[Row]:
        """Measures of its stored beacons, each with its event's name."""
        return [
            {**row["measures"], "event": row["measure_name"]} for row in self._inspect("beacon-blog-table")
        ]

    def rows(self) -> list[Row]:
        """Measures of its session rows, one a view."""
        return [row["measures"] for row in self._inspect("sessions")]

    def final_row(self, patience_s: float = 90.0) -> Row:
        """The row of its one view, once the viewer is known to be gone."""
        return self._row(lambda row: row.get("final"), patience_s, lambda: time.sleep(1))

    def _row(self, condition: Callable[[Row], object], patience_s: float, pause: Callable[[], object]) -> Row:
        deadline = time.monotonic() + patience_s
        while not any(condition(row) for row in self.rows()):
            if time.monotonic() > deadline:
                pytest.fail(f"{self}: no such row within {patience_s:.0f} s; found {self.rows()}")
            pause()
        (row,) = self.rows()
        return row

    def _inspect(self, table: str) -> list[Row]:
        url = f"{self.running.store.url}/inspect/{DATABASE}/{table}"
        with urllib.request.urlopen(f"{url}?session_id={quote(self.session)}", timeout=20) as answer:
            return [json.loads(line) for line in answer]

    def __str__(self) -> str:
        return f"{self.player} by {self.by}"


def beacons_of(body: str) -> list[Sent]:
    """The beacons of a request's body."""
    if body.startswith("{"):
        return [Sent(event["type"], event["seq"]) for event in json.loads(body)["events"]]
    return [_of_line(line) for line in body.strip().splitlines()]


def _of_line(line: str) -> Sent:
    keys = dict(part.partition("=")[::2] for part in line.split(",") if "=" in part)
    return Sent(keys["e"] + keys.get("sta", "") if keys["e"] == "ps" else keys["e"], int(keys.get("sn", -1)))


def together(viewings: list[Viewing], act: Callable[[Viewing], object], then_s: float = 0.0) -> None:
    """Everybody does it, one right behind the other; then time passes."""
    for viewing in viewings:
        act(viewing)
    if then_s:
        viewings[0].page.wait_for_timeout(then_s * 1000)
