"""What lies between two facts, and what a fact says beside its state."""

import msgspec
import pytest

from tests.sessions.driving import beacon, rows, run, told


def only(beacons):
    (row,) = rows(run(beacons))
    return row


@pytest.mark.parametrize(
    ("missing", "sta", "known"),
    [(1, "", True), (1, "p", True), (1, "a", False), (2, "", False), (2, "p", False)],
)
def test_one_lost_record_hides_a_change_only_if_another_state_follows_two_hide_any(missing, sta, known):
    story = told("s0 p400 t5000 t10000", player="another")
    after = beacon(sta, 11_000, 4 + missing, event="rendition_change" if sta != "a" else "")
    row = only([*story, after, beacon(sta, 12_000, 5 + missing, event="rendition_change")])
    assert (row.stall_count is not None) is known


def test_lost_records_before_the_first_movement_hide_no_state_that_stays():
    row = only([item for item in told("d0 d10 s1000 p1400 t5000") if item.seq != 1])
    assert (row.startup_ms, row.stall_count) == (400, 0)


def test_a_playhead_that_advanced_as_it_should_proves_that_it_played():
    story = told("s0 p400 t5000 t10000", player="another")
    story[3] = beacon("p", 10_000, 3, event="heartbeat", playhead_ms=9_600)
    proof = beacon("p", 20_000, 7, event="heartbeat", playhead_ms=19_600)
    stopped = beacon("p", 20_000, 7, event="heartbeat", playhead_ms=15_000)
    assert only([*story, proof]).play_ms == 19_600
    assert only([*story, stopped]).play_ms is None


@pytest.mark.parametrize(("silence_ms", "slept"), [(45_000, False), (45_001, True)])
def test_a_silence_of_more_than_45_s_while_playing_is_unknown(silence_ms, slept):
    row = only(told(f"s0 p400 a1000 p2000 a{2_000 + silence_ms}", player="another"))
    assert row.unknown_ms == (silence_ms if slept else 0)


def test_dropped_frames_are_those_since_the_counter_was_first_told_or_reset():
    counts = [10, 15, 3, 7]
    beats = [
        beacon("p", 5_000 * n, n, event="heartbeat" if n else "", dropped_frames=count)
        for n, count in enumerate(counts)
    ]
    assert only(beats).dropped_frames == 9


def at(beacons, *more):
    """The records with others between them, numbered anew."""
    mixed = sorted([*beacons, *more], key=lambda item: item.client_ms)
    return [
        msgspec.structs.replace(item, seq=seq, tiebreak=seq, dims=beacons[0].dims)
        for seq, item in enumerate(mixed)
    ]


def test_time_within_advertisements_is_that_between_their_beginning_and_end():
    story = told("s0 p400 t5000 t10000 a15000", player="another")
    on, off = beacon("p", 3_000, 0, event="ad_start"), beacon("p", 8_000, 0, event="ad_end")
    row = only(at(story, on, off))
    assert (row.ad_ms, row.play_ms) == (5_000, 14_600)


def test_media_runs_at_the_rate_that_was_told():
    story = told("s0 p400 t5400 t10400", player="another")
    story[2] = beacon("p", 5_400, 2, event="heartbeat", rate=2.0)
    row = only(at(story))
    assert (row.play_ms, row.media_ms) == (10_000, 15_000)


def test_time_in_the_background_is_that_between_two_changes():
    story = told("s0 p400 t5000 t20000", player="another")
    away = beacon("p", 6_000, 0, event="visibility", hidden=True)
    back = beacon("p", 9_000, 0, event="visibility", hidden=False)
    row = only(at(story, away, back))
    assert (row.hidden_ms, row.background_start) == (3_000, False)


@pytest.mark.parametrize(
    ("story", "played"), [("s0 p400 k5000", 4_600 + 3_000), ("s0 p400 a4000 k5000", 3_600)]
)
def test_the_end_of_a_seek_goes_back_to_what_was_before(story, played):
    done = beacon("", 6_000, 0, event="seek_end")
    row = only(at(told(story, player="another"), done, beacon("", 9_000, 0, event="heartbeat")))
    assert (row.seek_count, row.seek_ms, row.play_ms) == (1, 1_000, played)


@pytest.mark.parametrize(("fatal", "outcome"), [(True, "playback_failed"), (False, "played")])
def test_an_error_fails_a_view_only_if_it_is_fatal(fatal, outcome):
    error = beacon("", 5_000, 0, event="error", fatal=fatal)
    row = only(at(told("s0 p400", player="another"), error, beacon("", 9_000, 0, event="heartbeat")))
    assert (row.outcome, row.errors) == (outcome, 1)
    assert row.failed_ms == (4_000 if fatal else 0)


@pytest.mark.parametrize(("off_ms", "proved"), [(-250, True), (250, True), (-251, False), (251, False)])
def test_the_playhead_proves_that_it_played_within_a_quarter_of_a_second(off_ms, proved):
    story = told("s0 p400 t5000 t10000", player="another")
    story[3] = beacon("p", 10_000, 3, event="heartbeat", playhead_ms=9_600)
    later = beacon("p", 20_000, 7, event="heartbeat", playhead_ms=19_600 + off_ms)
    assert (only([*story, later]).play_ms is not None) is proved


def test_a_stall_that_a_gap_cuts_counts_on_both_sides_once():
    story = told("s0 p400 t1000 r5000 t6000 t100000 p101000 t102000", player="another")
    row = only(story)
    assert (row.stall_count, row.stall_ms, row.unknown_ms) == (1, 2_000, 94_000)


@pytest.mark.parametrize("event", ["ad_start", "visibility", "rendition_change"])
def test_only_the_end_of_a_seek_ends_it(event):
    story = told("s0 p400 k5000 p7000 t9000", player="another")
    row = only(at(story, beacon("", 6_000, 0, event=event)))
    assert (row.seek_count, row.seek_ms) == (1, 2_000)
