"""What lies between two facts, and what a fact says beside its state."""

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
