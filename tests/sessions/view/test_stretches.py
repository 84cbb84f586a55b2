"""Time is booked once, as what it turned out to be."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_job.sessions.facts import fact_of
from beacon_job.sessions.results.ledger import Ledger
from beacon_job.sessions.state import IDLE, PAUSE, PLAY, SEEK, STALL, View
from beacon_job.sessions.view.stretches import (
    LEAP_MS,
    OPEN_MAX_MS,
    Playback,
    book,
    book_as,
    change,
    view_time,
)
from tests.sessions.driving import T0, beacon, rows, run, told

PHASES = (PLAY, STALL, SEEK, PAUSE)


def playback() -> Playback:
    return Playback(View(first_ms=0, last_ms=0, booked_ms=0, phase_began_ms=0), Ledger())


def only(story: str, player: str = "another"):
    (row,) = rows(run(told(story, player=player)))
    return row


@given(st.lists(st.tuples(st.sampled_from([*PHASES, None]), st.integers(0, 30_000)), min_size=1, max_size=20))
def test_whatever_the_phases_every_ms_is_booked_once(steps):
    watched = playback()
    at_ms = 0
    change(watched, PLAY, 0)
    for phase, took_ms in steps:
        at_ms += took_ms
        if phase is None:
            book(watched, at_ms)
        else:
            change(watched, phase, at_ms)
    book(watched, at_ms)
    assert sum(watched.view.phase_ms) == at_ms == watched.view.booked_ms


def test_what_is_booked_already_is_not_booked_again():
    watched = playback()
    book_as(watched, PLAY, 5_000)
    book_as(watched, STALL, 4_000)
    assert (watched.view.phase_ms[PLAY], watched.view.phase_ms[STALL]) == (5_000, 0)
    assert watched.view.booked_ms == 5_000


def test_idle_time_passes_and_counts_as_nothing():
    watched = playback()
    book_as(watched, IDLE, 5_000)
    assert (watched.view.booked_ms, sum(watched.view.phase_ms), watched.ledger.sums) == (5_000, 0, {})


@pytest.mark.parametrize(("seek_ms", "hidden"), [(400, False), (500, False), (501, True), (4_000, True)])
def test_a_seek_in_a_pause_hides_the_pause_of_dash_js_only_if_it_takes_long(seek_ms, hidden):
    row = only(f"s0 p300 a6000 k7000 p{7_000 + seek_ms} t15000", "dash.js")
    assert (row.seek_ms, row.pause_ms) == ((None, None) if hidden else (seek_ms, 1_000))
    assert row.unknown_ms == (seek_ms if hidden else 0)


def test_a_stall_that_lasts_is_given_out_before_it_ends_and_counts_once():
    beats = " ".join(f"t{at}" for at in range(10_000, OPEN_MAX_MS + 200_000, 10_000))
    row = only(f"s0 p400 r5000 {beats} p{OPEN_MAX_MS + 300_000}")
    assert (row.stall_count, row.stall_ms) == (1, OPEN_MAX_MS + 200_000 - 10_000 - 5_000)


def test_a_clock_set_ahead_by_more_than_any_pause_costs_no_time():
    story = told("s0 p400 t5000 t10000")
    ahead = told(f"s0 p400 t5000 t10000 t{15_000 + LEAP_MS}")[-1]
    ahead = msgspec.structs.replace(ahead, recv_at_ms=ahead.client_ms)
    (row,) = rows(run([*story, ahead]))
    assert (row.clock_steps, row.end_ms - T0, row.play_ms) == (1, 10_000, 9_600)


@pytest.mark.parametrize(("back_ms", "steps"), [(1, 0), (2_000, 0), (2_001, 1)])
def test_a_clock_that_goes_back_by_more_than_two_seconds_was_set(back_ms, steps):
    view = View(first_ms=T0, last_ms=T0 + 10_000)
    now_ms = view_time(view, fact_of(beacon("p", 10_000 - back_ms, 3)))
    assert (now_ms, view.clock_steps, view.shift_ms) == (T0 + 10_000, steps, back_ms * steps)


@pytest.mark.parametrize(("ahead_ms", "steps"), [(60_000, 0), (60_001, 1)])
def test_a_clock_that_gets_ahead_of_arrival_by_more_than_a_minute_was_set(ahead_ms, steps):
    view = View(first_ms=T0, last_ms=T0 + 10_000, ahead_ms=0)
    fact = fact_of(msgspec.structs.replace(beacon("p", 20_000, 3), recv_at_ms=T0 + 20_000 - ahead_ms))
    assert (view_time(view, fact), view.clock_steps) == (T0 + (10_000 if steps else 20_000), steps)
