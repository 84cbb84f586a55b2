"""Estimates of made-up sessions: other lengths of segments and buffers than the recordings have."""

import random
from functools import cache

from beacon_job.sessions.estimate.result import Estimate
from tests.sessions.estimate.player import ORIGIN_MS, TICK_MS, Session, estimated, made_up, placed

COUNT = 200


@cache
def all_of_them() -> tuple[Session, ...]:
    return tuple(made_up(seed) for seed in range(COUNT))


def stalls(session: Session) -> list[int]:
    return [took for _, took in session.stalls if took >= 250]


def is_within(estimate: Estimate, session: Session) -> bool:
    low, high = estimate.stall_ms_low - TICK_MS, estimate.stall_ms_high + TICK_MS
    return low <= sum(stalls(session)) <= high


def test_the_number_of_stalls_is_exact_in_95_percent_and_hardly_one_is_missed_or_invented() -> None:
    found = [(estimated(placed(session)).stalls, len(stalls(session))) for session in all_of_them()]
    assert sum(ours == true for ours, true in found) >= 0.95 * COUNT
    assert sum(bool(ours) != bool(true) for ours, true in found) <= 0.02 * COUNT


def test_the_bounds_hold_in_97_percent() -> None:
    assert sum(is_within(estimated(placed(session)), session) for session in all_of_them()) >= 0.97 * COUNT


def test_the_bounds_hold_in_95_percent_where_lines_are_lost() -> None:
    held = 0
    for seed, session in enumerate(all_of_them()):
        chance = random.Random(seed)
        held += is_within(estimated([item for item in placed(session) if chance.random() >= 0.05]), session)
    assert held >= 0.95 * COUNT


def test_first_movement_is_found_within_200_ms_and_play_within_half_a_second_in_95_percent() -> None:
    moved = played = 0
    for session in all_of_them():
        estimate = estimated(placed(session))
        moved += abs((estimate.moved_ms or 0) - ORIGIN_MS - session.moved_ms) <= 200
        last_ms = max(request.start_ms for request in session.requests)
        played += abs(estimate.play_ms - session.play_ms) <= session.end_ms - last_ms + 500
    assert moved >= 0.95 * COUNT
    assert played >= 0.95 * COUNT


def test_first_movement_is_found_of_a_player_that_says_what_is_buffered_only_once_it_plays() -> None:
    """RxPlayer is one."""
    moved = 0
    for session in all_of_them():
        told = [
            request._replace(buffer_ms=-1)
            if request.start_ms < ORIGIN_MS + session.moved_ms + 500
            else request
            for request in placed(session)
        ]
        moved += abs((estimated(told).moved_ms or 0) - ORIGIN_MS - session.moved_ms) <= 200
    assert moved >= 0.9 * COUNT
