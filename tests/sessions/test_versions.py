"""Other versions of a player, read as they speak: recordings of Shaka before 5.2, and of 5.2.4."""

import msgspec
import pytest

from beacon_job.sessions.players.rules import STALL_MIN_MS
from tests.sessions.driving import T0, VERSIONS, beacon, rows, run, told, truth
from tests.sessions.golden import rows_found

OLD = [name for name in VERSIONS if "5.2" not in name]
UNHEARD = "shakadbg-5.1.8/e1_manifest_404"
"""One `w`, and nothing behind it."""


def true_stalls(view):
    return [took for _, took in view["stalls"] if took >= STALL_MIN_MS]


@pytest.mark.parametrize("name", OLD)
def test_stalls_of_shaka_before_5_2_are_exact_or_unknown_and_none_is_invented(name):
    for row, view in zip(rows_found(name), truth(name)["views"], strict=True):
        assert row.stall_count in (None, len(true_stalls(view)))
        assert row.stall_ms is None or abs(row.stall_ms - sum(true_stalls(view))) <= 150


def test_nearly_all_of_them_are_known():
    first = [rows_found(name)[0] for name in OLD]
    assert sum(row.stall_count is None for row in first) == 3  # two failures that are never told, and e1


@pytest.mark.parametrize("name", [name for name in OLD if name != UNHEARD])
def test_startup_seeks_and_pauses_of_shaka_before_5_2_are_right(name):
    row, view = rows_found(name)[0], truth(name)["views"][0]
    assert (row.player, row.player_version) == ("shaka-player", "4.16 to 5.1")
    assert abs(row.startup_ms - view["startup_ms"]) <= 100
    assert (row.seek_count, row.pause_count) == (view["seek_count"], view["pause_count"])
    assert row.beacons_expected is None


def test_a_second_load_of_which_only_its_beginning_is_told_is_unobservable_and_no_loss_in_the_first():
    first, second = rows_found("shakadbg-5.1.8/l1_second_load")
    assert (first.outcome, first.stall_count, first.unknown_ms) == ("played", 0, 0)
    assert (second.outcome, second.play_ms, second.stall_count, second.startup_ms) == ("unknown", *[None] * 3)
    assert second.unknown_ms == second.end_ms - second.start_ms > 8_000
    assert "R17" in second.quirks


def test_of_a_load_that_fails_before_any_state_nothing_is_known():
    (row,) = rows_found(UNHEARD)
    assert (row.player, row.outcome, row.play_ms, row.stall_count) == ("unknown", "unknown", None, None)


def test_a_click_soon_after_the_load_is_no_startup_from_the_load():
    (row,) = rows_found("shakadbg-5.2.4/f6_click_soon")
    assert (row.startup_ms, row.intent_ms, row.outcome, row.stall_count) == (None, None, "played", 0)


def test_a_start_at_once_is():
    (row,) = rows_found("shaka-5.2.4/a2_clean_autoplay")
    assert abs(row.startup_ms - truth("shaka-5.2.4/a2_clean_autoplay")["views"][0]["startup_ms"]) <= 100


def old_shaka(story):
    """A story on a target whose numbers it shares with others."""
    return [msgspec.structs.replace(item, dims={}, seq=3 * item.seq + 1) for item in told(story)]


def test_w_before_and_behind_every_buffering_changes_nothing():
    quiet = rows(run(old_shaka("w0 d30 s4000 p4200 t9000 r12000 p13000 t15000")))[0]
    loud = rows(run(old_shaka("w0 d30 w31 s4000 p4200 w4201 t9000 r12000 w12001 p13000 w13001 t15000")))[0]
    for row in (quiet, loud):
        assert (row.startup_ms, row.stall_count, row.stall_ms, row.play_ms) == (200, 1, 1_000, 9_800)


def test_an_s_right_behind_d_was_asked_for_by_the_load():
    (row,) = rows(run(old_shaka("w0 d30 w31 s130 p4400 t9000")))
    assert (row.intent_ms - T0, row.startup_ms) == (0, 4_400)
    (row,) = rows(run(old_shaka("w0 d30 w31 s131 p4400 t9000")))
    assert (row.intent_ms - T0, row.startup_ms) == (131, 4_269)


def test_the_next_load_begins_with_d_though_nothing_is_numbered():
    story = [msgspec.structs.replace(item, dims={}, seq=-1) for item in told("w0 d30 s40 p300 t5000 d9000")]
    later = [beacon("", at, -1, event="response", target="bulk", response_code=200) for at in (9_100, 14_000)]
    first, second = rows(run([*story, *later]))
    assert (first.play_ms, second.play_ms, second.media_ok) == (8_700, None, 2)
    assert second.end_ms - second.start_ms == 5_000
