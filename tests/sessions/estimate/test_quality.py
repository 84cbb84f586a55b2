"""Estimates from media requests against what the video element did, over all recordings."""

import pytest

from beacon_job.sessions.estimate.result import NO_BUFFER, NO_ENDS, NO_MEDIA
from tests.sessions.estimate.recordings import Quality, found, quality

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
    "log",
    [
        "5 % of lines lost",
        "20 % of lines lost",
        "50 ms of jitter a line",
        "whole seconds, of the request",
        "whole seconds, of the end",
        "video only",
        "names are times",
        "names have no numbers",
        "one file, fetched in pieces",
    ],
)
def test_the_bounds_hold_in_95_percent_of_the_sessions_of_a_worse_log(log: str) -> None:
    told = quality(log)
    assert told.within >= 0.95 * told.estimated
    assert told.startups_within >= 0.9 * told.startups


@pytest.mark.parametrize(
    ("log", "reason"),
    [("no end or duration of responses", NO_ENDS), ("no `bl`", NO_BUFFER)],
)
def test_of_a_log_that_cannot_tell_nothing_is_estimated_and_the_reason_is_given(
    log: str, reason: str
) -> None:
    for item in found(log):
        for row in item.rows:
            if row.stall_count_estimate is None:
                assert row.unobservable["stall_count_estimate"] in (reason, NO_MEDIA)
                assert row.play_ms_estimate is None
            else:
                assert row.play_ms_estimate == 0, item.recording.name
