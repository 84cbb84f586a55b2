"""Which views have estimates: those of which nobody told a state, as far as their log allows."""

import msgspec
import pytest

from beacon_job.sessions import Bucket, Settings, apply, decode_beacons, encode_beacons
from beacon_job.sessions.results.rows import ESTIMATES
from tests.sessions.driving import recorded, rows, run
from tests.sessions.estimate.player import made_up, placed
from tests.sessions.estimate.recordings import beacons, recordings
from tests.sessions.estimate.test_laws import logged

MEDIA = {recording.name: recording for recording in recordings()}


def estimates(row):
    return {name: getattr(row, name) for name in ESTIMATES}


@pytest.mark.parametrize("name", ["hlsjs/b1_stall", "dashjs/b1_stall", "shakadbg/b1_stall"])
def test_a_view_that_tells_states_is_measured_and_has_no_estimate_whatever_its_log_holds(name):
    together = [*recorded(name), *beacons(MEDIA[name].media)]
    (row,), (without,) = rows(run(together)), rows(run(recorded(name)))
    assert estimates(row) == dict.fromkeys(ESTIMATES)
    assert not ESTIMATES.keys() & row.unobservable.keys()
    assert (row.stall_count, row.stall_ms, row.play_ms) == (
        without.stall_count,
        without.stall_ms,
        without.play_ms,
    )


@pytest.mark.parametrize("name", ["shaka/b1_stall", "shaka/e3_recoverable", "shaka/c1_seeks"])
def test_a_player_that_hides_its_states_is_estimated_from_its_requests(name):
    (row,) = rows(run([*recorded(name), *beacons(MEDIA[name].media)]))
    assert row.player == "shaka-player"
    assert row.stall_count is None
    assert row.stall_count_estimate == len(MEDIA[name].true_stalls)
    assert row.stall_ms_low <= sum(MEDIA[name].true_stalls) <= row.stall_ms_high


def test_of_responses_that_tell_no_buffer_nothing_is_estimated():
    (row,) = rows(run(recorded("shaka/b1_stall")))
    assert estimates(row) == dict.fromkeys(ESTIMATES)


def test_a_session_whose_state_was_stored_before_requests_were_kept_has_no_estimate():
    log = logged(placed(made_up(1)), [0] * len(made_up(1).requests))
    (fact,) = decode_beacons(encode_beacons(log[:1]))
    old = msgspec.msgpack.decode(fact.body)
    old[2] = [stored[:17] for stored in old[2]]  # as 0.4.0 stored it
    arrived = [
        msgspec.structs.replace(fact, body=msgspec.msgpack.encode(old)),
        *decode_beacons(encode_beacons(log[1:])),
    ]
    (row,) = rows(apply(Bucket(), arrived, 1 << 52, Settings()))
    assert estimates(row) == dict.fromkeys(ESTIMATES)


def test_where_pages_ask_for_playback_when_they_load_startup_has_close_bounds():
    recording = MEDIA["hlsjs/a2_clean_autoplay"]
    (row,) = rows(run(beacons(recording.media), Settings(load_means_play="yes")))
    true_ms = recording.views[0]["startup_ms"]
    assert 0 < row.startup_ms_low <= true_ms <= row.startup_ms_high < row.startup_ms_low + 400
