"""How a view starts: states before the first movement, and what of the startup can be known."""

import msgspec
import pytest

from tests.sessions.driving import T0, beacon, rows, run, told, totals


def only(story, player="another", **measures_at):
    beacons = told(story, player=player)
    for position, measures in measures_at.items():
        index = int(position.removeprefix("at"))
        beacons[index] = msgspec.structs.replace(
            beacons[index], measures={**beacons[index].measures, **measures}
        )
    (row,) = rows(run(beacons))
    return row


def page(event, at_ms, **measures):
    made = beacon("", at_ms, -1, event=event, target="", **measures)
    return msgspec.structs.replace(made, source="page", dims={"player": "a page"})


def test_what_pauses_has_played_before_since_when_nobody_knows():
    row = only("t0 r20 p1100 a5000 t9000", "shaka-player")
    assert (row.outcome, row.startup_ms, row.play_ms, row.pause_ms) == ("played", None, None, None)
    assert "is missing" in row.unobservable["startup_ms"]
    assert "buffer is full" in row.unobservable["play_ms"]


@pytest.mark.parametrize("story", ["s0 a1000 s4000 p5000 t9000", "s0 a1000 p5000 t9000"])
def test_a_pause_before_the_start_is_no_startup_and_no_pause_of_what_played(story):
    row = only(story)
    assert row.pause_count == 0
    assert row.startup_ms == (2_000 if "s4000" in story else 1_000)


def test_seeking_before_anything_moved_changes_nothing():
    assert only("s0 k500 p1000 t5000").startup_ms == 1_000


def test_a_failure_before_the_start_is_told_once():
    row = only("s0 f1000 f2000 t5000")
    assert (row.failed_ms, row.waited_ms) == (4_000, 1_000)


@pytest.mark.parametrize(("range_ms", "startup_ms"), [(0, 0), (500, 500), (501, None)])
def test_a_player_that_tells_its_load_has_a_startup_where_load_and_movement_are_close(range_ms, startup_ms):
    assert only(f"s0 p{range_ms} t5000", "dash.js").startup_ms == startup_ms


@pytest.mark.parametrize(("range_ms", "startup_ms"), [(500, 500), (501, None)])
def test_a_preload_that_plays_without_a_request_is_a_load(range_ms, startup_ms):
    row = only(f"d100 p{100 + range_ms} t5000")
    assert row.startup_ms == startup_ms
    assert startup_ms is not None or "when it loaded" in row.unobservable["startup_ms"]


@pytest.mark.parametrize(("late_ms", "known"), [(100, True), (101, False)])
def test_a_start_later_than_the_buffer_was_full_waited_for_the_viewer(late_ms, known):
    row = only("t0 r20 p200 t5000", "shaka-player", at3={"startup_hint_ms": 180 + late_ms})
    assert row.startup_ms == (180 + late_ms if known else None)


def test_only_the_first_msd_tells_the_startup():
    row = only(
        "t0 r20 p234 t5000 t10000", "shaka-player", at3={"startup_hint_ms": 213}, at4={"startup_hint_ms": 400}
    )
    assert row.startup_ms == 214


def test_pressing_play_again_does_not_end_what_plays():
    story = [page("started", 0), page("playing", 1_000), page("started", 3_000), page("pause", 6_000)]
    outputs = run(story)
    (row,) = rows(outputs)
    played_ms = sum(ms for (_, name), ms in totals(outputs).items() if name == "media_ms")
    assert (row.intent_ms - T0, played_ms, row.pause_count) == (0, 5_000, 1)


def test_pressing_play_in_a_pause_ends_it():
    story = [page("started", 0), page("paused", 2_000), page("started", 5_000), page("paused", 9_000)]
    (row,) = rows(run(story))
    assert (row.pause_count, row.pause_ms) == (2, 3_000)


@pytest.mark.parametrize(("hint_ms", "startup_ms"), [(7_990, 7_990), (8_000, 8_000), (8_001, None)])
def test_msd_that_began_before_the_load_is_no_wait(hint_ms, startup_ms):
    assert only("s0 p8000 t12000", "dash.js", at1={"startup_hint_ms": hint_ms}).startup_ms == startup_ms


@pytest.mark.parametrize(("waits_ms", "stalls"), [(96, 0), (249, 0), (250, None), (1_000, None)])
def test_whether_it_waits_after_or_before_the_start_matters_where_that_could_be_a_stall(waits_ms, stalls):
    story = f"t0 r20 p1100 r1117 p{1_117 + waits_ms} t6000 t11000"
    row = only(story, "shaka-player", at5={"startup_hint_ms": 1_080 + waits_ms})
    assert (row.stall_count, row.stall_ms) == (stalls, stalls)
    assert stalls is not None or "begun to play" in row.unobservable["stall_count"]


def test_what_waits_before_the_start_and_never_goes_on_may_have_stalled():
    row = only("t0 r20 p1100 r1117 t1217", "shaka-player")
    assert row.stall_count is None
