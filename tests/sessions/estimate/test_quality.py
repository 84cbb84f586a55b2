"""Estimates from media requests against what the video element did, over all recordings."""

import pytest

from tests.sessions.estimate.recordings import (
    Quality,
    found,
    jitter,
    lose,
    quality,
    video_only,
    whole_seconds,
    whole_seconds_at_the_end,
    without_buffers,
    without_ends,
)

PAUSED_WHILE_DRY = {"shakadbg-5.1.8/d3_pause_stall_resume"}
"""The viewer paused just before the buffer ran out: its requests are those of one long stall."""


@pytest.fixture(scope="module")
def all_of_it() -> Quality:
    return quality()


def test_the_number_of_stalls_is_exact_in_95_percent_of_the_sessions(all_of_it: Quality) -> None:
    print(all_of_it)
    assert all_of_it.exact >= 0.97 * all_of_it.sessions


def test_stall_time_is_off_by_at_most_10_percent_where_nobody_paused_while_it_ran_dry() -> None:
    told = [item for item in found() if item.recording.name not in PAUSED_WHILE_DRY]
    assert sum(i.error_ms for i in told) <= 0.05 * sum(sum(i.recording.true_stalls) for i in told)


def test_no_session_that_stalled_is_said_not_to_and_none_that_did_not_is_said_to(all_of_it: Quality) -> None:
    assert (all_of_it.missed, all_of_it.invented) == ([], [])


def test_the_bounds_of_stall_time_hold_in_97_percent_of_the_sessions(all_of_it: Quality) -> None:
    assert all_of_it.within >= 0.97 * all_of_it.estimated


def test_the_bounds_of_startup_hold_in_97_percent_of_the_sessions(all_of_it: Quality) -> None:
    assert all_of_it.startups_within >= 0.97 * all_of_it.startups


def test_first_movement_is_within_200_ms_at_the_90th_percentile_and_none_is_invented(
    all_of_it: Quality,
) -> None:
    assert all_of_it.moved_p90_ms <= 120
    assert max(all_of_it.moved_error_ms) <= 200
    for item in found():
        views = item.recording.views
        if all(view["first_movement_ms"] is None for view in views):
            assert all(row.startup_ms_high is None for row in item.rows), item.recording.name


def test_time_is_estimated_of_nearly_every_session(all_of_it: Quality) -> None:
    assert all_of_it.estimated >= all_of_it.sessions - 1


@pytest.mark.parametrize(
    ("worse", "seed"),
    [
        *((lose(0.05), str(seed)) for seed in range(3)),
        (lose(0.2), ""),
        (jitter(50), ""),
        (whole_seconds, ""),
        (whole_seconds_at_the_end, ""),
        (video_only, ""),
    ],
    ids=[
        "5 % lost",
        "5 % lost, others",
        "5 % lost, more",
        "20 % lost",
        "jitter",
        "seconds",
        "seconds at end",
        "video",
    ],
)
def test_the_bounds_hold_in_95_percent_of_the_sessions_of_a_worse_log(worse, seed) -> None:
    told = quality(worse, seed)
    assert told.within >= 0.95 * told.estimated
    assert told.startups_within >= 0.9 * told.startups


@pytest.mark.parametrize(
    ("worse", "reason"),
    [
        (without_ends, "the log does not tell when the responses to media requests ended"),
        (without_buffers, "the media requests do not tell how much is buffered (CMCD bl)"),
    ],
    ids=["no ends", "no buffers"],
)
def test_of_a_log_that_cannot_tell_nothing_is_estimated_and_the_reason_is_given(worse, reason) -> None:
    for item in found(worse):
        for row in item.rows:
            if row.stall_count_estimate is None:
                assert row.unobservable["stall_count_estimate"] in (
                    reason,
                    "no media was requested, as far as the log tells",
                )
                assert row.play_ms_estimate is None
            else:
                assert row.play_ms_estimate == 0, item.recording.name
