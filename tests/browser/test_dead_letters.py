"""The page of dead letters: what a person sees and does there, over known letters and on the stack."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from local.aws import kinesis
from local.dead_letters import dead_letter_routes
from local.dead_letters.letter import Letter, read_letter
from local.dead_letters.reinjection import Original
from local.dead_letters.streams import Found
from local.processes.children import StartError
from local.stack.stack import STREAM
from local.web import WebServer
from tests.browser.conftest import NARROW
from tests.browser.running import RunningStack
from tests.local.dead_letters.letters import bad_of, envelope

pytestmark = pytest.mark.browser

HOSTILE = b"<img src=x onerror=\"document.title='obeyed'\"><script>document.title='obeyed'</script>"
RECORDS = [envelope(HOSTILE), envelope(b"\xff\xfe\x00\x01"), b"", b"one bad record\n" + b"x" * 100_000]


class Streams:
    """Letters that are known, in place of a Kinesis."""

    def __init__(self) -> None:
        self.letters = [
            read_letter(bad_of(data, number=str(n)), str(n), 1_795_456_002_000)
            for n, data in enumerate(RECORDS)
        ]
        self.put_again: list[bytes] = []
        self.away = False

    def newest(self, count: int) -> Found:
        if self.away:
            message = "the emulator has gone"
            raise StartError(message)
        return Found(self.letters[:count], all_read=True)

    def letter(self, number: str) -> Letter | None:
        return self.letters[int(number)]

    def original(self, _shard: str, _number: str) -> Original | None:
        return None

    def put(self, records: list[Original]) -> None:
        self.put_again += [record.data for record in records]


@pytest.fixture
def streams() -> Streams:
    return Streams()


@pytest.fixture
def letters(streams: Streams, page: Page) -> Iterator[Page]:
    """The page over these streams."""
    server = WebServer(0, dead_letter_routes(lambda: streams))  # type: ignore[arg-type, return-value]
    page.goto(f"http://127.0.0.1:{server.port}/dead-letters")
    yield page
    server.close()


def test_letters_are_listed_with_reason_and_counted(letters: Page) -> None:
    expect(letters.locator("#status")).to_have_text("The newest 4 dead letters.")
    assert letters.locator("#reasons button").all_inner_texts() == ["unknown_form 2", "not_text 1", "empty 1"]
    assert letters.locator(".reason").all_inner_texts() == [
        "unknown_form",
        "not_text",
        "empty",
        "unknown_form",
    ]


def test_a_reason_can_be_chosen_and_let_go(letters: Page) -> None:
    chosen = letters.get_by_role("button", name="not_text 1")
    chosen.click()
    expect(letters.locator("#letters li")).to_have_count(1)
    expect(chosen).to_have_attribute("aria-pressed", "true")
    chosen.click()
    expect(letters.locator("#letters li")).to_have_count(4)


def test_a_letter_opens_by_the_keyboard_and_shows_its_bytes(letters: Page) -> None:
    letters.locator("summary").nth(1).focus()
    letters.keyboard.press("Enter")
    expect(letters.locator("pre.hex")).to_contain_text("000000  ff fe 00 01")
    expect(letters.locator("dl")).to_contain_text("Player/1 (TV)")


def test_what_a_sender_wrote_is_text_and_nothing_else(letters: Page) -> None:
    letters.locator("summary").first.click()
    expect(letters.locator("pre.text").nth(1)).to_have_text(HOSTILE.decode())
    assert letters.title() == "Beacon: dead letters"


def test_letters_are_put_back_when_the_person_agrees_and_not_before(letters: Page, streams: Streams) -> None:
    letters.get_by_role("button", name="not_text 1").click()
    for answer, put in (("Cancel", []), ("Re-inject", [RECORDS[1]])):
        letters.locator("#reinject").click()
        expect(letters.locator("#question")).to_have_text("Re-inject this dead letter?")
        letters.locator("dialog").get_by_role("button", name=answer).click()
        expect(letters.locator("dialog")).to_be_hidden()
        if put:
            expect(letters.locator("#status")).to_have_text("put 1 record for 1 dead letter")
        assert streams.put_again == put


def test_what_cannot_be_put_back_is_said(letters: Page) -> None:
    letters.locator("#reinject").click()
    letters.locator("dialog").get_by_role("button", name="Re-inject").click()
    status = letters.locator("#status")
    expect(status).to_contain_text("put 2 records for 2 dead letters; 2 letters cannot be re-injected")
    expect(status).to_contain_text("what the letter holds was cut off")


def test_no_letters_and_a_stream_that_is_away_are_said(
    letters: Page, streams: Streams, tolerated: list[str]
) -> None:
    tolerated.append("502")
    streams.away = True
    letters.get_by_role("button", name="Refresh").click()
    expect(letters.locator("#status.failed")).to_have_text("the emulator has gone")
    streams.away, streams.letters = False, []
    letters.get_by_role("button", name="Refresh").click()
    expect(letters.locator("#status")).to_have_text("There are no dead letters.")


def test_on_a_telephone_nothing_is_wider_than_the_window(letters: Page) -> None:
    letters.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    letters.locator("summary").first.click()
    expect(letters.locator("pre.text").first).to_be_visible()
    assert letters.evaluate("document.documentElement.scrollWidth") <= NARROW[0]


@pytest.mark.e2e
def test_a_record_that_nobody_can_read_appears_and_comes_back_once_it_is_put_again(
    running: RunningStack, page: Page
) -> None:
    body = b"nobody can read this, whoever tries"
    client = kinesis.client(running.settings.kinesis_url)
    client.put_record(StreamName=STREAM, PartitionKey="mine", Data=envelope(body))
    page.goto(f"{running.url}/dead-letters")
    mine = page.locator("#letters li", has_text=body.decode())
    _until(page, lambda: mine.count() == 1)
    mine.locator("summary").click()
    mine.get_by_role("button", name="Re-inject this one").click()
    page.locator("dialog").get_by_role("button", name="Re-inject").click()
    expect(page.locator("#status")).to_have_text("put 1 record for 1 dead letter")
    _until(page, lambda: mine.count() == 2)


def _until(page: Page, seen: Callable[[], Any]) -> None:
    for _ in range(60):
        page.get_by_role("button", name="Refresh").click()
        page.wait_for_timeout(500)
        if seen():
            return
    pytest.fail("not within 30 s")
