"""The session machine, one behaviour a test; times in ms since the session's first beacon."""

import msgspec
import pytest

from beacon_job.replay.offline import END_OF_TIME_MS
from beacon_job.sessions.bucket import FORMAT, Bucket, advance, apply, decode_bucket, encode_bucket, next_due
from beacon_job.sessions.evaluate import GRID_MS
from beacon_job.sessions.facts import decode_beacons, encode_beacons
from beacon_job.sessions.results.outputs import Outputs
from beacon_job.sessions.results.rows import session_point
from beacon_job.sessions.settings import Settings
from beacon_job.sessions.view.stretches import MAX_CHANGES
from tests.sessions.driving import T0, add, arriving, beacon, rows, run, told, totals

SETTINGS = Settings()


def only(story, **more):
    (row,) = rows(run(told(story, **more)))
    return row


def arrive(bucket, beacons, watermark_ms, settings=SETTINGS):
    return apply(bucket, decode_beacons(encode_beacons(beacons)), watermark_ms, settings)


def sdk(event, at_ms, seq, state="", **measures):
    made = beacon("", at_ms, seq, event=event, target="", **measures)
    return msgspec.structs.replace(made, source="sdk", state=state, dims={"player": "video.js"})


# States.


def test_startup_is_the_request_to_the_first_movement():
    row = only("d0 s1000 p1400 t5000")
    assert (row.intent_ms - T0, row.startup_ms, row.play_ms) == (1_000, 400, 3_600)


def test_a_request_that_never_plays_is_abandoned_and_has_no_startup():
    row = only("s0 t5000")
    assert (row.outcome, row.startup_ms, row.waited_ms) == ("abandoned", None, 5_000)


def test_a_visitor_who_never_asks_is_no_attempt():
    row = only("d0 t5000")
    assert (row.outcome, row.intent_ms) == ("unknown", None)
    assert row.unobservable["intent_ms"] == "playback was never asked for"


def test_a_fatal_error_before_the_first_movement_is_a_failed_start():
    sums = totals(run(told("s0 f3000 t5000")))
    assert only("s0 f3000 t5000").outcome == "start_failed"
    assert sum(value for (_, field), value in sums.items() if field == "vsf") == 1


def test_a_recovered_error_resumes():
    row = only("s0 p400 f5000 p8000 t10000")
    assert (row.outcome, row.failed_ms, row.play_ms) == ("played", 3_000, 6_600)


def test_a_replay_after_the_end_is_no_seek():
    row = only("s0 p400 e20000 k23000 p23100 t25000")
    assert (row.seek_count, row.seek_ms, row.ended_ms, row.outcome) == (0, 100, 3_000, "ended")


def test_who_seeks_back_from_the_end_and_stays_paused_has_sought():
    assert only("s0 p400 e20000 k23000 a23100 p25000 t26000").seek_count == 1


def test_a_freeze_that_is_the_last_that_was_heard_is_neither_a_stall_nor_none():
    row = only("s0 p400 t5000 r8000")
    assert (row.stall_count, row.stall_ms) == (None, None)
    assert "for how long, nobody knows" in row.unobservable["stall_count"]


def test_records_lost_before_the_first_movement_may_hide_a_stall():
    story = told("t0 r20 p234 t5004 t10004 t15004 t20004", player="shaka-player")
    proof = msgspec.structs.replace(story[-1], measures={"startup_hint_ms": 213})
    (row,) = rows(run([*story[:3], proof]))
    assert row.stall_count is None
    assert "lost" in row.unobservable["stall_count"]


def test_scrubbing_is_one_seek():
    assert only("s0 p400 k5000 k5200 k5400 p7000 t9000").seek_count == 1


def test_a_seek_while_paused_splits_the_pause():
    row = only("s0 p400 a5000 k6000 a6800 p9000 t10000")
    assert (row.pause_count, row.pause_ms, row.seek_count, row.seek_ms) == (2, 3_200, 1, 800)


def test_a_pause_ends_a_stall():
    row = only("s0 p400 r5000 a6000 p9000 t10000")
    assert (row.stall_count, row.stall_ms, row.pause_ms) == (1, 1_000, 3_000)


def test_a_viewer_who_leaves_in_a_stall_stalled_to_the_last_beacon():
    row = only("s0 p400 r5000 t10000")
    assert (row.stall_count, row.stall_ms, row.outcome) == (1, 5_000, "played")


def page(event, at_ms, **measures):
    made = beacon("", at_ms, -1, event=event, target="", **measures)
    return msgspec.structs.replace(made, source="page")


def test_play_was_pressed_on_a_page_but_whether_media_moved_is_not_guessed():
    outputs = run([page("started", 0), page("volume_changed", 20_000), page("paused", 30_000)])
    (row,) = rows(outputs)
    assert (row.outcome, row.intent_ms - T0) == ("unknown", 0)
    assert "nothing shows that media moved" in row.unobservable["outcome"]
    marks = {field: value for (_, field), value in totals(outputs).items()}
    assert (marks["attempts"], marks.get("starts", 0), marks.get("ebvs", 0)) == (1, 0, 0)


@pytest.mark.parametrize(
    "told_next",
    [
        [page("paused", 9_000, playhead_ms=8_400)],
        [page("seek_start", 5_000, playhead_ms=40_000), page("paused", 9_000, playhead_ms=43_900)],
        [page("playing", 300)],
        [page("end", 9_000, end_reason="ended")],
    ],
)
def test_a_playhead_that_went_on_or_a_word_of_the_page_shows_that_media_moved(told_next):
    outputs = run([page("started", 0, playhead_ms=0), *told_next])
    (row,) = rows(outputs)
    assert row.outcome in ("played", "ended")
    assert sum(value for (_, field), value in totals(outputs).items() if field == "starts") == 1


def test_a_seek_moves_the_playhead_of_a_page_and_shows_nothing():
    (row,) = rows(run([page("started", 0, playhead_ms=0), page("seek_start", 30_000, playhead_ms=20_000)]))
    assert row.outcome == "unknown"


def test_an_endless_stall_stays_one_stall():
    story = "s0 p400 r5000 " + " ".join(f"t{at}" for at in range(10_000, 900_000, 5_000))
    row = only(story)
    assert (row.stall_count, row.stall_ms) == (1, 890_000)


def test_a_long_pause_is_a_pause_and_keeps_the_session_open():
    outputs = run(told("s0 p400 a5000 p1805000 t1810000"))
    (row,) = rows(outputs)
    assert (row.pause_ms, row.unknown_ms, row.play_ms) == (1_800_000, 0, 9_600)
    assert [row.final for row in outputs.rows].count(True) == 1


def test_a_device_that_slept_played_nothing():
    row = only("s0 p400 t5000 t10000 t610000 t615000")
    assert (row.unknown_ms, row.play_ms, row.stall_count) == (600_000, 14_600, 0)


def test_rare_heartbeats_are_no_sleep():
    row = only("s0 p400 t30000 t60000 t120000 t150000")
    assert (row.unknown_ms, row.play_ms) == (0, 149_600)


def test_a_state_nobody_announced_makes_the_time_before_it_unknown():
    story = told("s0 p400 t5000 t10000")
    told_late = msgspec.structs.replace(story[-1], state="paused")
    (row,) = rows(run([*story[:-1], told_late]))
    assert (row.unknown_ms, row.play_ms, row.pause_count) == (5_000, None, None)


def test_the_playhead_proves_that_nothing_was_hidden():
    story = told("s0 p400 t5000 t10000 r11000 p12000 t15000")
    measured = [
        msgspec.structs.replace(item, measures={"playhead_ms": max(0, item.client_ms - T0 - 400)})
        for item in story
    ]
    kept = [item for item in measured if item.seq not in (3, 4, 5)]
    assert rows(run(kept))[0].unknown_ms == 0
    assert rows(run([item for item in story if item.seq not in (3, 4, 5)]))[0].unknown_ms == 10_000


def test_an_sdk_says_when_seeks_and_stalls_end():
    story = [
        sdk("play_request", 0, 0, "starting"),
        sdk("playing", 400, 1, "playing"),
        sdk("seek_start", 5_000, 2),
        sdk("seek_end", 5_600, 3),
        sdk("stall_start", 7_000, 4),
        sdk("stall_end", 8_000, 5),
        sdk("heartbeat", 10_000, 6),
        sdk("end", 11_000, 7, end_reason="quit"),
    ]
    (row,) = rows(run(story))
    assert (row.seek_ms, row.stall_ms, row.play_ms) == (600, 1_000, 9_000)
    assert (row.player, row.outcome, row.beacons_received) == ("video.js", "played", 8)


def test_a_fatal_error_of_an_sdk_fails_playback():
    story = [
        sdk("play_request", 0, 0),
        sdk("playing", 400, 1),
        sdk("error", 5_000, 2, fatal=True),
        sdk("heartbeat", 9_000, 3),
    ]
    (row,) = rows(run(story))
    assert (row.outcome, row.failed_ms, row.errors) == ("playback_failed", 4_000, 1)


def test_an_error_that_is_not_fatal_changes_nothing():
    story = [
        sdk("play_request", 0, 0),
        sdk("playing", 400, 1),
        sdk("error", 5_000, 2),
        sdk("heartbeat", 9_000, 3),
    ]
    (row,) = rows(run(story))
    assert (row.outcome, row.play_ms, row.errors) == ("played", 8_600, 1)


def test_time_in_ads_is_play_and_told_apart():
    story = [
        sdk("play_request", 0, 0),
        sdk("playing", 400, 1),
        sdk("ad_start", 5_000, 2),
        sdk("ad_end", 20_000, 3),
        sdk("heartbeat", 25_000, 4),
    ]
    (row,) = rows(run(story))
    assert (row.play_ms, row.ad_ms) == (24_600, 15_000)


def test_a_start_in_the_background_is_kept_out_of_startup_percentiles():
    story = [
        sdk("visibility", 0, 0, hidden=True),
        sdk("play_request", 10, 1),
        sdk("playing", 9_000, 2),
        sdk("visibility", 12_000, 3, hidden=False),
        sdk("heartbeat", 15_000, 4),
    ]
    outputs = run(story)
    (row,) = rows(outputs)
    assert (row.background_start, row.hidden_ms) == (True, 3_000)
    fields = {field for _, field in totals(outputs)}
    assert "startup_hidden" in fields
    assert "startup_n" not in fields


def test_bitrate_is_weighted_by_time_and_media_by_rate():
    story = [
        sdk("play_request", 0, 0, bitrate_kbps=400),
        sdk("playing", 0, 1),
        sdk("rendition_change", 10_000, 2, bitrate_kbps=800),
        sdk("rate_change", 20_000, 3, rate=2.0),
        sdk("heartbeat", 40_000, 4),
    ]
    (row,) = rows(run(story))
    assert (row.bitrate_avg_kbps, row.media_ms, row.play_ms) == (700, 60_000, 40_000)


def test_dropped_frames_are_differences_of_a_counter_that_may_be_reset():
    story = [sdk("playing", 0, 0, dropped_frames=7)] + [
        sdk("heartbeat", at, seq, dropped_frames=count)
        for seq, (at, count) in enumerate([(5_000, 10), (10_000, 2), (15_000, 6)], 1)
    ]
    assert rows(run(story))[0].dropped_frames == 7


def test_another_content_opens_the_next_view():
    story = [
        sdk("play_request", 0, 0, content_id="one"),
        sdk("playing", 400, 1, content_id="one"),
        sdk("content_change", 10_000, 2, content_id="two"),
        sdk("play_request", 10_000, 3, content_id="two"),
        sdk("playing", 10_700, 4, content_id="two"),
        sdk("heartbeat", 15_000, 5, content_id="two"),
    ]
    one, two = rows(run(story))
    assert (one.play_ms, two.startup_ms, two.play_ms) == (9_600, 700, 4_300)


# Clocks.


def test_a_clock_off_by_hours_is_placed_by_arrival_and_costs_no_time():
    offset = -7_200_000
    story = [
        msgspec.structs.replace(item, client_ms=item.client_ms - offset, correction_ms=offset)
        for item in told("s0 p400 t5000")
    ]
    (row,) = rows(run(story))
    assert (row.intent_ms, row.startup_ms, row.play_ms) == (T0, 400, 4_600)


@pytest.mark.parametrize("later_ms", [-7_201_000, -7_199_000])
def test_a_session_keeps_the_place_that_its_first_bodies_gave_it(later_ms):
    bucket = Bucket()
    story = told("s0 p400 t15000")
    for watermark_ms, correction_ms, told_then in (
        (10_000, -7_200_000, story[:2]),
        (20_000, later_ms, story[2:]),
    ):
        placed = [
            msgspec.structs.replace(item, client_ms=item.client_ms + 7_200_000, correction_ms=correction_ms)
            for item in told_then
        ]
        arrive(bucket, placed, T0 + watermark_ms)
    (row,) = rows(advance(bucket, END_OF_TIME_MS, SETTINGS))
    assert (row.offset_ms, row.start_ms, row.end_ms) == (-7_200_000, T0, T0 + 15_000)


@pytest.mark.parametrize("step_ms", [-3_600_000, 3_600_000])
def test_a_clock_that_is_set_in_the_middle_costs_at_most_the_time_between_two_beacons(step_ms):
    story = told("s0 p400 t5000 t10000 t15000 t20000")
    stepped = [
        msgspec.structs.replace(item, client_ms=item.client_ms + (step_ms if item.seq >= 4 else 0))
        for item in story
    ]
    (row,) = rows(run(stepped))
    assert (row.play_ms, row.clock_steps, row.unknown_ms) == (14_600, 1, 0)


def test_a_date_in_the_past_floods_nothing():
    story = told("s0 p400 t5000")
    first = msgspec.structs.replace(story[0], client_ms=0)
    assert len(run([first, *story[1:]]).contributions) < 10


# Event time.


def test_nothing_is_given_out_before_the_watermark_has_passed_a_step_of_the_grid():
    bucket = Bucket()
    story = told("s0 p400 t5000")
    assert arrive(bucket, story, T0 + GRID_MS - 2).contributions == []
    outputs = advance(bucket, T0 + GRID_MS - 1, SETTINGS)
    assert {item.emit_ms for item in outputs.contributions} == {T0 + GRID_MS - 1}


def test_an_idle_stream_declares_the_last_viewer_gone():
    bucket = Bucket()
    arrive(bucket, told("s0 p400 t5000"), T0)
    outputs = advance(bucket, T0 + 5_000 + SETTINGS.lost_ms + 2 * GRID_MS, SETTINGS)
    assert [row.final for row in outputs.rows] == [True]


def test_a_viewer_who_comes_back_is_put_right():
    bucket, total = Bucket(), Outputs()
    story = told("s0 t5000 p200000 t205000")
    add(total, arrive(bucket, story[:2], T0 + 180_000))
    assert total.rows[-1].outcome == "abandoned"
    assert sum(item.sums.get("ebvs", 0) for item in total.contributions) == 1
    add(total, arrive(bucket, story[2:], T0 + 210_000))
    add(total, advance(bucket, END_OF_TIME_MS, SETTINGS))
    assert sum(item.sums.get("ebvs", 0) for item in total.contributions) == 0
    assert rows(total)[0].outcome == "played"
    assert totals(total) == totals(run(story))


def test_an_open_session_gives_out_a_row_each_minute_with_rising_version():
    story = told("s0 p400 " + " ".join(f"t{at}" for at in range(5_000, 300_000, 5_000)))
    versions = [row.version for row in run(story).rows]
    assert versions == sorted(set(versions))
    assert 5 <= len(versions) <= 6


def test_how_often_the_row_of_an_open_session_is_given_out_is_a_property():
    story = told("s0 p400 " + " ".join(f"t{at}" for at in range(5_000, 300_000, 5_000)))
    assert 28 <= len(run(story, Settings(snapshot_ms=10_000)).rows) <= 31


def test_a_stall_is_in_the_row_of_the_session_while_it_lasts():
    bucket = Bucket()
    arrive(bucket, told("s0 p400 t5000 t10000"), T0 + 10_000, Settings(snapshot_ms=10_000))
    outputs = arrive(
        bucket, told("s0 p400 t5000 t10000 r12000 t17000")[4:], T0 + 21_000, Settings(snapshot_ms=10_000)
    )
    (row,) = rows(outputs)
    assert (row.final, row.stall_count, row.stall_ms) == (False, 1, 5_000)


def test_the_row_of_a_view_keeps_its_place_from_snapshot_to_final():
    story = told("s0 p400 " + " ".join(f"t{at}" for at in range(5_000, 300_000, 5_000)))
    points = [session_point(row) for row in run(story).rows]
    assert {(point.time_ns, point.measure_name, tuple(sorted(point.dims.items()))) for point in points} == {
        (
            T0 * 1_000_000,
            "session",
            (("session_id", "s"), ("view", "0")),
        )
    }


def test_what_may_become_known_late_is_a_measure_of_the_row_and_no_dimension():
    measures = session_point(only("s0 p400 t5000")).measures
    assert (measures["country"], measures["player"]) == ("DE", "test player")


def test_a_row_leaves_out_what_is_not_observable_and_names_it():
    row = only("s0 p400 t5000 r9000 t14000", player="hls.js")
    measures = session_point(row).measures
    assert "stall_count" not in measures
    assert measures["unobservable"] == "failed_ms,outcome,stall_count,stall_ms"
    assert measures["quirks"] == "N02"


def test_a_beacon_later_than_the_wait_counts_as_received_and_changes_nothing():
    story = told("s0 p400 t5000 t10000 " + " ".join(f"t{at}" for at in range(15_000, 90_000, 5_000)))
    late = arriving([story[3]], [70_000])
    outputs = run([*story[:3], *story[4:], *late])
    (row,) = rows(outputs)
    assert (row.beacons_received, row.beacons_expected) == (len(story), len(story))
    assert sum(value for (_, field), value in totals(outputs).items() if field == "late") == 1


def test_missing_beacons_lower_the_completeness():
    story = told("s0 p400 t5000 t10000 t15000 t20000")
    (row,) = rows(run([item for item in story if item.seq != 3]))
    assert (row.beacons_received, row.beacons_expected, row.completeness) == (5, 6, 0.8333)


def test_targets_are_counted_apart():
    story = told("s0 p400 t5000")
    bulk = [
        msgspec.structs.replace(beacon("p", at, seq, event="response", target="bulk"), dims=story[0].dims)
        for seq, at in ((0, 600), (1, 700), (3, 900))
    ]
    (row,) = rows(run([*story, *bulk]))
    assert (row.beacons_received, row.beacons_expected) == (6, 7)


def test_the_viewer_group_is_that_of_the_dimensions():
    outputs = run(told("s0 p400 t5000"))
    assert {item.group for item in outputs.contributions} == {("test player", "", "DE", "", "")}


# Bounds and bytes.


def test_a_flood_of_made_up_ids_cannot_exhaust_memory():
    settings = Settings(max_sessions=50)
    bucket, evicted, total = Bucket(), 0, Outputs()
    for number in range(300):
        flood = told(f"s{number * 100} p{number * 100 + 50}", session_id=f"flood {number}")
        outputs = arrive(bucket, flood, T0 + number * 100 - 5_000, settings)
        evicted += outputs.evicted
        add(total, outputs)
        assert len(bucket) <= 50
    assert evicted >= 250
    assert len({row.session_id for row in total.rows}) == evicted


def test_a_flood_of_one_session_is_shed_and_told():
    settings = Settings(max_pending=100)
    flood = [beacon("p", at, at, event="custom") for at in range(1_000)]
    outputs = arrive(Bucket(), flood, END_OF_TIME_MS, settings)
    assert outputs.shed == 900


def test_a_closed_session_is_forgotten_in_the_end():
    bucket = Bucket()
    arrive(bucket, told("s0 p400 t5000"), END_OF_TIME_MS)
    assert len(bucket) == 0


def test_state_does_not_grow_with_the_length_of_a_session():
    def size(minutes):
        bucket = Bucket()
        story = told("s0 p400 " + " ".join(f"t{at}" for at in range(5_000, minutes * 60_000, 5_000)))
        for start in range(0, len(story), 2):
            pair = story[start : start + 2]
            arrive(bucket, pair, pair[-1].recv_at_ms)
        return len(encode_bucket(bucket))

    assert size(60) < 1.1 * size(5)


def test_stored_bytes_tell_when_they_are_due():
    bucket = Bucket()
    assert next_due(None) == next_due(encode_bucket(bucket))
    arrive(bucket, told("s0 p400 t5000"), T0)
    assert next_due(encode_bucket(bucket)) == T0 + GRID_MS


def test_bytes_of_another_format_are_refused_by_name():
    stored = encode_bucket(Bucket())
    with pytest.raises(ValueError, match=f"format {FORMAT + 1}; this version reads format {FORMAT}"):
        decode_bucket(bytes((FORMAT + 1,)) + stored[1:])


def test_a_tick_that_changes_nothing_says_so():
    bucket = decode_bucket(encode_bucket(Bucket()))
    advance(bucket, T0, SETTINGS)
    assert not bucket.changed


@pytest.mark.parametrize(
    ("code", "failed"), [(0, True), (200, False), (399, False), (400, True), (503, True)]
)
def test_a_response_that_never_came_or_refused_is_a_failed_request(code, failed):
    answer = beacon("", 1_000, 0, event="response", target="bulk", response_code=code)
    (row,) = rows(
        run([*told("s0 p400 t5000"), msgspec.structs.replace(answer, dims={"player": "test player"})])
    )
    assert (row.media_failed, row.media_ok) == ((1, 0) if failed else (0, 1))


def test_what_was_never_reported_is_not_known_to_be_none_of_it():
    (row,) = rows(run(told("s0 p500 q9000")))
    assert (row.dropped_frames, row.media_ok, row.media_failed) == (None, None, None)


def test_a_counter_that_stays_where_it_is_counts_nothing():
    counted = [
        msgspec.structs.replace(item, measures={**item.measures, "dropped_frames": 7})
        for item in told("s0 p500 q9000")
    ]
    (row,) = rows(run(counted))
    assert row.dropped_frames == 0


def test_the_timeline_says_what_the_view_did_and_when_each_began():
    row = only("s0 p400 t5000 r7000 p9000 a12000 p15000 e25000")
    assert row.timeline == "0 startup;400 play;7000 stall;9000 play;12000 pause;15000 play;25000 end"


def test_the_timeline_of_an_open_view_goes_as_far_as_it_is_known():
    beats = " ".join(f"t{at}" for at in range(5_000, 75_000, 5_000))
    lines = [row.timeline for row in run(told(f"s0 p400 {beats} r75000 t76000 p80000 t85000")).rows]
    assert lines[0] == "0 startup;400 play;65000 end"
    assert lines[-1] == "0 startup;400 play;75000 stall;80000 play;85000 end"


def test_changes_beyond_the_most_that_are_kept_are_unknown():
    story = "s0 p400 " + " ".join(f"a{at} p{at + 1_000}" for at in range(2_000, 202_000, 2_000))
    steps = only(story).timeline.split(";")
    assert len(steps) == MAX_CHANGES + 2
    assert steps[-2].endswith(" unknown")


def test_a_row_says_why_fields_are_not_observable():
    measures = session_point(only("s0 p400 t5000 r9000 t14000", player="hls.js")).measures
    assert measures["unobservable_why"].startswith("it froze and never went on")


def test_switches_are_changes_of_the_bitrate_after_the_first_movement():
    kbps = {0: 400, 1: 800, 2: 800, 3: 1_600, 4: 800, 5: 800}
    outputs = run(
        [beacon("p" if seq else "s", 5_000 * seq, seq, bitrate_kbps=value) for seq, value in kbps.items()]
    )
    (row,) = rows(outputs)
    sums = totals(outputs)
    assert row.switches == sum(count for (_, name), count in sums.items() if name == "switches") == 2
    assert sum(count for (_, name), count in sums.items() if name == "switches_down") == 1


@pytest.mark.parametrize(("after_ms", "stalls"), [(4, 1), (1_000, 1), (5_000, None)])
def test_a_page_that_goes_may_say_that_it_is_hidden_behind_its_last_word(after_ms, stalls):
    letters = [beacon(letter, 3_000 * seq, seq) for seq, letter in enumerate("sprp")]
    quits = beacon("", 12_000, 4, event="end", end_reason="quit")
    hidden = beacon("p", 12_000 + after_ms, 5, event="visibility", hidden=True)
    (row,) = rows(run([*letters, quits, hidden]))
    assert row.stall_count == stalls


def test_beacons_without_a_number_are_told_apart_from_those_that_are_counted():
    outputs = run([beacon("s", 0, -1), beacon("p", 400, -1), beacon("", 5_000, 0), beacon("", 9_000, 2)])
    sums = {
        name: sum(count for (_, other), count in totals(outputs).items() if other == name)
        for name in ("recv", "unnumbered", "expected")
    }
    assert sums == {"recv": 4, "unnumbered": 2, "expected": 3}


def test_switches_are_null_where_no_bitrate_is_known():
    assert only("s0 p400 t5000").switches is None
