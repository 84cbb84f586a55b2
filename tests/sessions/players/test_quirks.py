"""Each known lie of a player: shown by a recording, and what is made of it by a session told in a few
words."""

import msgspec
import pytest

from beacon_job.sessions.players import rules
from beacon_job.sessions.players.fingerprint import SDK, SIGNS, named, player_of, traces
from beacon_job.sessions.players.profile import PROFILES, Profile
from beacon_job.sessions.players.quirk import MACHINE, Quirk
from beacon_job.sessions.players.registry import ENTRIES, ids_of
from beacon_job.sessions.results.rows import SessionRow
from beacon_job.types.beacon import Beacon
from tests.sessions.driving import LATER, RECORDINGS, T0, VERSIONS, beacon, recorded, rows, run, told
from tests.sessions.golden import pairs, rows_found

BY_ID = {entry.id: entry for entry in ENTRIES}


def only(story: str, player: str = "another") -> SessionRow:
    (row,) = rows(run(told(story, player=player)))
    return row


def with_measures(story: str, player: str, extra: dict[int, dict[str, object]]) -> SessionRow:
    """The story with measures on some of its words (by position)."""
    beacons = [
        msgspec.structs.replace(item, measures={**item.measures, **extra.get(position, {})})
        for position, item in enumerate(told(story, player=player))
    ]
    (row,) = rows(run(beacons))
    return row


# The registry.


def test_entries_are_numbered_once_and_in_order():
    ids = [entry.id for entry in ENTRIES]
    assert ids == [f"R{n:02}" for n in range(1, 24)] + [f"N{n:02}" for n in range(1, 31)]
    assert len(BY_ID) == len(ids)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_an_entry_names_recordings_that_are_here_and_says_what_is_made_of_it(entry):
    assert set(entry.seen_in) <= {*RECORDINGS, *LATER, *VERSIONS}
    assert entry.does
    assert entry.if_trusted
    assert entry.made_of_it


MARKED_IN = [
    *[("R01", name) for name in BY_ID["R01"].seen_in],
    *[("R06", name) for name in BY_ID["R06"].seen_in],
    *[("R07", "dashjs/a2_clean_autoplay"), ("R07", "dashjs/f1_slow_autoplay")],
    *[("R10", name) for name in BY_ID["R10"].seen_in],
    *[("R12", name) for name in BY_ID["R12"].seen_in],
    *[("R13", name) for name in BY_ID["R13"].seen_in],
    *[("R14", name) for name in BY_ID["R14"].seen_in],
    *[("R15", name) for name in BY_ID["R15"].seen_in],
    *[("R19", name) for name in BY_ID["R19"].seen_in],
    *[("R23", name) for name in BY_ID["R23"].seen_in],
    *[(quirk, name) for quirk in ("N01", "N02", "N03", "N04", "N05", "N07") for name in BY_ID[quirk].seen_in],
    *[(quirk, name) for quirk in ("N12", "N15", "N16", "N24") for name in BY_ID[quirk].seen_in],
]


@pytest.mark.parametrize(("quirk", "name"), MARKED_IN)
def test_a_session_is_marked_with_the_quirks_its_recording_shows(quirk, name):
    assert any(quirk in row.quirks for row in rows_found(name))


def test_a_plain_session_is_marked_with_nothing():
    assert only("s0 p400 t5000 a9000 p12000").quirks == ()


def test_every_entry_that_sessions_are_marked_with_is_dealt_with_in_the_machine():
    marks = [entry.mark for entry in ENTRIES if entry.mark]
    assert sorted(marks) == sorted(Quirk)
    assert all(entry.where == MACHINE for entry in ENTRIES if entry.mark)
    assert ids_of(Quirk.WAITED_FOR_VIEWER | Quirk.SEEK_HIDES_PAUSE) == ("R03", "N07")


def test_every_flag_of_a_profile_names_its_quirk_and_is_used_by_a_player():
    assert set(PROFILES) == {"hls.js", "dash.js", "shaka-player", "shaka-player 4"}
    for flag in range(len(Profile._fields)):
        assert any(profile[flag] for profile in PROFILES.values())


# What is made of them.


def test_r01_rebuffering_within_a_seek_is_the_seek():
    row = only("s0 p400 k5000 r5010 p5900 t9000", "hls.js")
    assert (row.stall_count, row.seek_count, row.seek_ms) == (0, 1, 900)


def test_r03_a_start_long_after_the_buffer_was_full_is_unobservable():
    row = with_measures("d0 s10 t5000 p8000", "hls.js", {2: {"buffer_ms": 10_000}})
    assert (row.startup_ms, row.intent_ms, row.outcome) == (None, None, "played")
    assert "waited for the viewer" in row.unobservable["startup_ms"]


def test_r03_a_slow_network_is_startup():
    assert with_measures("d0 s10 t5000 p8000", "hls.js", {2: {"buffer_ms": 900}}).startup_ms == 7_990


def test_r06_an_error_code_that_sticks_is_one_error():
    story = told("s0 p400", player="dash.js")
    sticky = [
        beacon("p", at, seq, event="heartbeat", error_code="27")
        for seq, at in ((3, 5_000), (4, 10_000), (5, 15_000))
    ]
    error = beacon("p", 3_000, 2, event="error", error_code="27")
    (row,) = rows(run([*story, error, *sticky]))
    assert (row.errors, row.outcome) == (1, "played")


def test_r07_msd_is_no_startup_of_dash_js():
    row = with_measures("s0 p1500 t5000", "dash.js", {2: {"startup_hint_ms": 2_654}})
    assert row.startup_ms is None


def test_r07_msd_on_the_first_movement_tells_when_dash_js_was_asked_however_long_after_the_load():
    row = with_measures("s0 p8500 t12000", "dash.js", {1: {"startup_hint_ms": 900}})
    assert (row.intent_ms - T0, row.startup_ms, row.play_ms) == (7_600, 900, 3_500)
    assert "R07" in row.quirks


def test_r07_msd_on_the_first_wait_tells_when_dash_js_was_asked():
    row = with_measures("s10 r3002 p4000 t5000", "dash.js", {1: {"startup_hint_ms": 2}})
    assert (row.intent_ms - T0, row.startup_ms, row.play_ms) == (3_000, 1_000, 1_000)


def test_r07_after_a_pause_in_startup_msd_tells_nothing():
    row = with_measures("s10 a822 p4038 t5000", "dash.js", {2: {"startup_hint_ms": 2}})
    assert (row.intent_ms, row.startup_ms) == (None, None)


def test_r07_r10_waiting_with_the_clock_of_msd_started_at_load_is_autoplay():
    row = with_measures("s10 r400 p3000 t5000", "dash.js", {0: {"startup_hint_ms": 1}})
    assert (row.startup_ms, row.stall_count) == (2_990, 0)


def test_r10_waiting_that_does_not_tell_since_when_leaves_startup_unobservable():
    row = only("s10 r1600 p3000 t5000", "dash.js")
    assert (row.startup_ms, row.stall_count) == (None, 0)


def test_r10_waiting_within_a_seek_is_the_seek():
    row = only("s0 p300 k5000 w5002 p6800 t9000", "dash.js")
    assert (row.stall_count, row.seek_ms) == (0, 1_800)


def test_r11_a_session_in_which_only_the_load_is_told_is_no_attempt():
    outputs = run(told("t0 s5", player="dash.js"))
    assert not any("attempts" in item.sums for item in outputs.contributions)
    assert rows(outputs)[0].outcome == "unknown"


def test_r12_r13_startup_of_shaka_is_read_from_msd_where_load_and_movement_are_close():
    row = with_measures("t0 r20 p234 t5004", "shaka-player", {3: {"startup_hint_ms": 213}})
    assert (row.startup_ms, row.play_ms) == (214, 4_770)


def test_r13_n12_what_lies_between_a_full_buffer_and_msd_is_no_play():
    row = with_measures("t0 r20 p234 t5003 t10003", "shaka-player", {4: {"startup_hint_ms": 8_000}})
    assert (row.startup_ms, row.play_ms) == (None, 1_983)


def test_r12_the_load_of_shaka_is_its_first_r_however_early_the_reporter_spoke():
    row = with_measures("t0 r7000 p7200 t12000", "shaka-player", {3: {"startup_hint_ms": 210}})
    assert (row.startup_ms, row.play_ms) == (210, 4_790)


def test_r15_an_error_state_of_shaka_goes_on_playing():
    row = with_measures(
        "t0 r20 p234 t5000 f9000 t10000 t15000", "shaka-player", {3: {"startup_hint_ms": 213}}
    )
    assert (row.play_ms, row.failed_ms, row.outcome) == (14_766, 0, "played")


def test_r15_a_freeze_of_shaka_after_an_error_that_never_ends_is_a_failure():
    row = with_measures(
        "t0 r20 p234 t5000 f9000 r15000 t20000", "shaka-player", {3: {"startup_hint_ms": 213}}
    )
    assert (row.stall_count, row.failed_ms, row.outcome) == (0, 5_000, "playback_failed")


def test_r16_changes_of_volume_change_nothing():
    story = told("s0 p400 t5000 t10000")
    noise = [beacon("p", 6_000 + n * 50, n, event="unmute", target="volume", muted=False) for n in range(10)]
    assert rows(run([*story, *noise]))[0].play_ms == rows(run(story))[0].play_ms


def test_r19_a_heartbeat_is_no_attempt():
    outputs = run(told("t0 t5000"))
    assert not any("attempts" in item.sums for item in outputs.contributions)


def test_r22_a_view_ends_with_its_last_beacon():
    row = only("s0 p400 t5000 t10000")
    assert (row.end_ms - T0, row.play_ms) == (10_000, 9_600)


def test_r23_missing_records_that_may_hide_a_change_make_counts_unobservable():
    story = told("s0 p400 t5000 t10000 a11000 p12000 t15000 t20000 t25000")
    (row,) = rows(run([item for item in story if item.seq not in (4, 5, 6)]))
    assert (row.stall_count, row.pause_count, row.play_ms, row.unknown_ms) == (None, None, None, 10_000)


def test_missing_heartbeats_hide_nothing():
    story = told("s0 p400 t5000 t10000 t15000 t20000 t25000")
    (row,) = rows(run([item for item in story if item.seq not in (4, 5)]))
    assert (row.stall_count, row.play_ms, row.unknown_ms) == (0, 24_600, 0)


def test_n01_msd_alone_tells_that_it_began_to_play():
    silent = [
        beacon("", 0, 0, event="heartbeat"),
        beacon("", 60, 1, event="rendition_change", bitrate_kbps=864),
        beacon("", 5_000, 2, event="heartbeat", startup_hint_ms=261),
    ]
    (row,) = rows(run(silent))
    assert (row.player, row.startup_ms, row.outcome) == ("shaka-player", 261, "played")
    assert (row.stall_count, row.play_ms, row.unknown_ms) == (None, None, 4_739)


def test_n02_a_freeze_of_hls_js_that_never_ends_is_unknown():
    row = only("s0 p400 t5000 r9000 t14000", "hls.js")
    assert (row.stall_count, row.failed_ms, row.outcome, row.unknown_ms) == (None, None, "unknown", 5_000)


def test_n02_a_freeze_that_ends_is_a_stall():
    row = only("s0 p400 t5000 r9000 t14000 p15000", "hls.js")
    assert (row.stall_count, row.stall_ms) == (1, 6_000)


def test_n03_a_request_after_the_failure_is_no_new_start():
    row = only("d0 f40 s60 t5000", "hls.js")
    assert (row.outcome, row.failed_ms) == ("start_failed", 4_960)


def test_n04_a_freeze_of_dash_js_after_an_error_is_a_failure():
    story = told("s0 p400 t5000 r13000 t15000", player="dash.js")
    error = msgspec.structs.replace(
        beacon("p", 10_000, 0, event="error", target="other", error_code="27"), dims=story[0].dims
    )
    before = [item for item in story if item.client_ms < error.client_ms]
    after = [item for item in story if item.client_ms > error.client_ms]
    numbered = [
        msgspec.structs.replace(item, seq=n, tiebreak=n, target="state")
        for n, item in enumerate([*before, error, *after])
    ]
    (row,) = rows(run(numbered))
    assert (row.stall_count, row.failed_ms, row.outcome) == (0, 2_000, "playback_failed")


def test_n05_the_first_state_of_dash_js_is_no_request():
    row = only("s30 t5000 p8070 t10000", "dash.js")
    assert (row.startup_ms, row.intent_ms, row.play_ms) == (None, None, 1_930)


def test_n07_time_after_a_seek_while_paused_is_unknown():
    row = only("s0 p300 a6000 k7000 t10000 p11000 t15000", "dash.js")
    assert (row.seek_count, row.seek_ms, row.pause_ms, row.unknown_ms) == (1, None, None, 4_000)


@pytest.mark.parametrize("bounce", ["a20000 e20001", "e20000 a20002 e20003"])
def test_n11_the_bounce_at_the_end_is_one_end(bounce):
    row = only(f"s0 p300 t15000 {bounce} t25000", "dash.js")
    assert (row.pause_count, row.pause_ms, row.outcome) == (0, 0, "ended")
    assert row.ended_ms == 5_000


def test_n12_without_msd_nobody_knows_whether_it_played():
    row = only("t0 r20 p1100 t5000 t10000", "shaka-player")
    assert (row.play_ms, row.outcome, row.unknown_ms) == (None, "unknown", 8_900)


def test_n15_playing_after_a_stall_in_a_pause_is_unknown_too():
    row = with_measures(
        "t0 r20 p234 t5000 r6000 a8000 p9000 t10000", "shaka-player", {3: {"startup_hint_ms": 213}}
    )
    assert (row.stall_count, row.stall_ms, row.play_ms, row.pause_ms) == (1, 2_000, None, None)


def test_n15_playing_after_a_seek_while_paused_is_unknown_until_it_pauses_again():
    row = with_measures(
        "t0 r20 p234 t5000 a6000 k7000 r7010 p9000 t10000 a15000 p16000 t20000",
        "shaka-player",
        {3: {"startup_hint_ms": 213}},
    )
    assert (row.seek_count, row.play_ms, row.pause_ms) == (1, None, None)
    assert row.unknown_ms == 6_000


def test_n16_numbers_that_start_again_open_the_next_view():
    first, second = told("s0 p400 t5000 t8000"), told("s8500 p8600 t13000")
    one, two = rows(run([*first, *second]))
    assert (one.view, two.view, two.startup_ms) == (0, 1, 100)
    assert one.play_ms == 8_100  # until the next load
    assert [(view.beacons_received, view.beacons_expected) for view in (one, two)] == [(4, 4), (3, 3)]


def test_n17_records_that_come_many_times_count_once():
    story = told("s0 p400 t5000 a7000 p8000 t10000")
    (row,) = rows(run(story * 5))
    assert (row.beacons_received, row.pause_count) == (6, 1)


def test_n19_order_is_by_number():
    story = told("d0 s5 p400 t5000")
    late = [msgspec.structs.replace(item, recv_at_ms=T0 + 9_000 - item.seq) for item in story]
    assert rows(run(late))[0].startup_ms == 395


def test_n20_a_batch_that_arrives_late_is_no_wrong_clock():
    story = told("s0 p400 t5000 t10000")
    late = [msgspec.structs.replace(item, recv_at_ms=T0 + 25_000) for item in story]
    assert rows(run(late))[0].offset_ms == 0


def test_n24_a_freeze_shorter_than_250_ms_is_play():
    row = only("s0 p400 r5000 p5249 r9000 p9250 t10000")
    assert (row.stall_count, row.stall_ms) == (1, 250)


# Rules.


def test_the_first_movement_is_neither_before_the_buffer_was_full_nor_after_now():
    assert rules.first_movement(buffered_ms=500, load_ms=0, hint_ms=213, now_ms=5_000) == 500
    assert rules.first_movement(buffered_ms=200, load_ms=0, hint_ms=8_000, now_ms=10_000) == 8_000
    assert rules.first_movement(buffered_ms=200, load_ms=0, hint_ms=90_000, now_ms=10_000) == 10_000


@pytest.mark.parametrize(
    ("lost", "beats", "same", "hidden"),
    [(1, 0, True, False), (2, 0, True, True), (1, 0, False, True), (1, 1, False, False), (4, 2, True, True)],
)
def test_it_takes_two_records_to_hide_a_change_there_and_back(lost, beats, same, hidden):
    assert rules.hidden_changes(lost, beats, same) is hidden


# Fingerprints.


def test_a_player_that_is_named_wins_over_what_it_sounds_like():
    dash = traces(recorded("dashjs/a1_clean_click")[0]) | traces(recorded("dashjs/a1_clean_click")[1])
    assert player_of("", dash)[0] == "dash.js"
    assert player_of("HLS.js", dash)[0] == "hls.js"
    assert named("My Player") == "My Player"


def test_a_player_that_fits_no_sign_is_unknown_and_read_by_the_standard():
    plain = [msgspec.structs.replace(item, dims={}) for item in told("s0 p400 r5000 p7000 f9000 t12000")]
    (row,) = rows(run(plain))
    assert (row.player, row.stall_count, row.outcome) == ("unknown", 1, "playback_failed")


def test_an_sdk_leaves_no_trace_but_its_own():
    assert traces(Beacon("playing", "s", T0, T0, "sdk", state="starting")) == SDK


def test_signs_state_how_sure_they_are():
    assert all(50 <= sign.certainty <= 100 and sign.why for sign in SIGNS)


def test_the_version_is_a_range_unless_the_sender_tells_it():
    assert {pair.row.player_version for pair in pairs("hlsjs")} == {">=1.7"}
    (row,) = rows(
        run(
            [
                msgspec.structs.replace(item, dims={"player_version": "1.7.4"})
                for item in recorded("hlsjs/b1_stall")
            ]
        )
    )
    assert row.player_version == "1.7.4"


def test_n25_a_seek_of_hls_js_in_a_stall_is_its_own_once_media_has_come():
    buffers = {1: {"buffer_ms": 2_000}, 2: {"buffer_ms": 2_000}}
    story = "s0 p400 r5000 {}k6500 r6510 p6700 t9000"
    nudged = with_measures(story.format("t6000 "), "hls.js", {**buffers, 3: {"buffer_ms": 100}})
    assert (nudged.stall_count, nudged.stall_ms, nudged.seek_count) == (1, 1_700, 0)
    assert "N25" in nudged.quirks
    sought = with_measures(story.format(""), "hls.js", {**buffers, 3: {"buffer_ms": 2_000}})
    assert (sought.stall_count, sought.stall_ms, sought.seek_count) == (1, 1_500, 1)


def test_n26_waiting_after_a_pause_is_a_stall():
    row = only("s0 p400 r5000 a6000 r9000 p11000 t12000", "hls.js")
    assert (row.stall_count, row.stall_ms, row.pause_count, row.pause_ms) == (2, 3_000, 1, 3_000)


def test_n11_a_pause_and_a_play_right_before_the_end_are_the_end():
    row = only("s0 p400 k5000 a5020 p5030 e5036 t9000", "hls.js")
    assert (row.seek_count, row.pause_count, row.outcome) == (1, 0, "ended")
