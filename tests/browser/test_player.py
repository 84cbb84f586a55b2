"""Real players in a real browser: what was sent is stored once, and a session's row is what the page saw."""

import uuid

import pytest
from playwright.sync_api import Browser

from tests.browser.demo_page import Viewing, together
from tests.browser.running import RunningStack

pytestmark = [pytest.mark.browser, pytest.mark.e2e]

SDK = ("hls.js", "dash.js", "Shaka", "video.js", "native")
CMCD = ("hls.js", "dash.js", "Shaka")
WITHIN_MS = 150
FORCED_MS = 2_900
"""The page holds the network until the picture has stood still for 3 s, as far as its clock can tell."""
FAR_S = {"native": 12}
"""Where to seek. A browser that loads one small file does not ask for a later part of it: it waits."""

EVENTS_OF_THE_ORIGIN = {
    "play_request": "plays",
    "pause": "pauses",
    "volume_change": "volumes",
    "manifest_loaded": "manifests",
}


def viewing_of(browser: Browser, running: RunningStack, players: tuple[str, ...], by: str) -> list[Viewing]:
    """Everybody plays, turns the volume, pauses, seeks, stalls and closes the tab, at the same time."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, service_workers="block")
    viewings = [Viewing(context, running, player, by, f"{by}-{uuid.uuid4()}") for player in players]
    together(viewings, Viewing.ready)
    together(viewings, lambda one: one.do("video.play()"), then_s=6)
    together(viewings, lambda one: one.do("video.volume = 0.5"), then_s=1.5)
    together(viewings, lambda one: one.do("video.volume = 0.8"), then_s=1.5)
    together(viewings, lambda one: one.do("video.pause()"), then_s=2)
    together(viewings, lambda one: one.do("video.play()"), then_s=2)
    together(viewings, lambda one: one.do(f"video.currentTime = {FAR_S.get(one.player, 20)}"), then_s=1)
    # What stands still before the seek has ended is no stall.
    together(viewings, lambda one: one.until("demo.stopwatch.seen.playing"), then_s=2)
    together(viewings, lambda one: one.page.click("#stall"))
    # Not a shorter one of its own: what lasts when the tab is closed the page has not counted yet.
    together(
        viewings,
        lambda one: one.until(f"demo.stopwatch.seen.stall_ms >= {FORCED_MS} && demo.stopwatch.seen.playing"),
    )
    together(viewings, lambda one: one.told(lambda row: row.get("stall_count")))
    together(viewings, Viewing.leave)
    context.close()
    return viewings


@pytest.fixture(scope="module")
def viewings(browser: Browser, running: RunningStack) -> dict[str, Viewing]:
    *players, native = SDK
    by_sdk = viewing_of(browser, running, tuple(players), "sdk")
    by_cmcd = viewing_of(browser, running, CMCD, "cmcd")
    # One file is loaded further with every second that others take, and only then runs dry.
    alone = viewing_of(browser, running, (native,), "sdk")
    return {str(viewing): viewing for viewing in (*by_sdk, *by_cmcd, *alone)}


ALL = [f"{player} by sdk" for player in SDK] + [f"{player} by cmcd" for player in CMCD]


@pytest.mark.parametrize("name", ALL)
def test_every_beacon_was_accepted_and_is_stored_once(viewings: dict[str, Viewing], name: str) -> None:
    viewing = viewings[name]
    viewing.final_row()
    assert viewing.answers == {204}
    stored = sorted(row["seq"] for row in viewing.stored() if row["seq"] >= 0)
    sent = sorted(beacon.seq for beacon in viewing.sent)
    assert stored[: len(sent)] == sent
    assert stored == list(range(len(stored)))


@pytest.mark.parametrize("name", ALL)
def test_the_stall_is_in_the_row_of_the_session_while_it_is_watched(
    viewings: dict[str, Viewing], name: str
) -> None:
    row = viewings[name].told_meanwhile
    assert not row["final"]
    assert row["stall_count"] > 0


@pytest.mark.parametrize("name", ALL)
def test_the_tab_that_closed_is_a_viewer_who_left(viewings: dict[str, Viewing], name: str) -> None:
    viewing = viewings[name]
    viewing.final_row()
    ends = [row.get("end_reason") for row in viewing.stored() if row["event"] == "end"]
    assert ends == ["quit"]


@pytest.mark.parametrize("name", [f"{player} by sdk" for player in SDK])
def test_the_session_row_is_what_the_page_saw(viewings: dict[str, Viewing], name: str) -> None:
    viewing = viewings[name]
    row, seen = viewing.final_row(), viewing.seen
    assert row["outcome"] == "played"
    assert row["startup_ms"] == pytest.approx(seen["startup_ms"], abs=WITHIN_MS)
    assert row["stall_count"] == seen["stalls"] > 0
    assert row["stall_ms"] == pytest.approx(seen["stall_ms"], abs=WITHIN_MS)
    assert (row["pause_count"], row["seek_count"]) == (seen["pauses"], seen["seeks"])
    assert row["completeness"] == 1


@pytest.mark.parametrize("name", [f"{player} by sdk" for player in SDK])
def test_the_events_of_the_origin_are_counted_as_they_happened(
    viewings: dict[str, Viewing], name: str
) -> None:
    viewing = viewings[name]
    viewing.final_row()
    events = [row["event"] for row in viewing.stored()]
    happened = {event: viewing.seen[seen] for event, seen in EVENTS_OF_THE_ORIGIN.items()}
    assert {event: events.count(event) for event in happened} == happened


@pytest.mark.parametrize("name", [f"{player} by cmcd" for player in CMCD])
def test_a_player_that_speaks_cmcd_is_measured_by_one_url(viewings: dict[str, Viewing], name: str) -> None:
    viewing = viewings[name]
    row, seen = viewing.final_row(), viewing.seen
    assert row.get("stall_count") == seen["stalls"] > 0, f"{row}\n{viewing.sent}"
    assert row["stall_ms"] == pytest.approx(seen["stall_ms"], abs=WITHIN_MS)
