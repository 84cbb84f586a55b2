"""The session stage: beacons wait for the grid, and nothing that comes out depends on how they came in."""

from collections.abc import Sequence
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_job.replay.offline import rows_of, sessions_of
from beacon_job.sessions.evaluate import GRID_MS
from beacon_job.sessions.facts import encode_beacons
from beacon_job.sessions.results.rows import session_point
from beacon_job.sessions.settings import Settings
from beacon_job.sessions.stage import step
from beacon_job.types import waiting as waiting_module
from beacon_job.types.beacon import Beacon
from beacon_job.types.parts import Parts
from beacon_job.types.point import Point, decode_points
from beacon_job.types.sums import Contribution, decode_sums
from beacon_job.types.waiting import Waiting

T0 = 1_800_000_000_000
FAR = T0 + 10_000_000_000
STORY = [(0, "starting"), (400, "playing"), (7_000, "rebuffering"), (9_000, "playing"), (25_000, "paused")]
EVENTS = {"starting": "play_request", "playing": "playing", "rebuffering": "stall_start", "paused": "pause"}


def told(session: str) -> list[Beacon]:
    return [
        Beacon(
            event=EVENTS[state],
            session_id=session,
            client_ms=T0 + at,
            recv_at_ms=T0 + at + 50,
            source="sdk",
            target="t",
            seq=seq,
            state=state,
            dims={"player": "test"},
        )
        for seq, (at, state) in enumerate(STORY)
    ]


def played(steps: Sequence[tuple[list[Beacon], int]]) -> tuple[list[Contribution], list[Point], int]:
    """Everything that comes out of one bucket, and how often its sessions were written."""
    sessions: list[bytes | None] = [None]
    waiting = Waiting()
    sums: list[Contribution] = []
    points: list[Point] = []
    written = 0
    for beacons, watermark_ms in steps:
        item = encode_beacons(beacons) if beacons else b""
        read = partial(sessions.__getitem__, 0)
        effect = step(read, waiting, 5, item, watermark_ms, Settings(), shards=2)
        if effect.done_ms is not None:
            waiting = Waiting(effect.done_ms)
        elif item:
            waiting = Waiting(waiting.done_ms, [*waiting.items, item])
        if effect.sessions is not None:
            sessions[0], written = effect.sessions, written + 1
        sums += [each for encoded in effect.parts.sums.values() for each in decode_sums(encoded)]
        points += [point for encoded in effect.parts.points for point in decode_points(encoded)]
    return sums, points, written


def test_until_the_watermark_passes_the_grid_beacons_wait_and_sessions_are_not_written() -> None:
    beacons = told("a")
    waits = [([beacon], T0 + 1) for beacon in beacons]
    assert played(waits)[2] == 1  # the first item: the grid line before it
    assert played([*waits, ([], T0 + GRID_MS - 2)])[2] == 1
    assert played([*waits, ([], T0 + GRID_MS - 1)])[2] == 2


@given(st.lists(st.integers(0, 60_000), max_size=8).map(sorted))
def test_the_rows_are_those_of_the_replay_however_the_watermark_steps(steps: list[int]) -> None:
    beacons = [beacon for name in ("a", "b") for beacon in told(name)]
    expected = [session_point(row) for row in rows_of(sessions_of(beacons))]
    arrivals = [([beacon], T0 - 1) for beacon in beacons]
    points = played([*arrivals, *(([], T0 + at) for at in steps), ([], FAR)])[1]
    final = [point for point in points if point.measures["final"]]
    assert sorted(final, key=repr) == sorted(expected, key=repr)


def test_what_waits_is_filed_before_it_grows_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_module, "MAX_BYTES", 200)
    beacons = told("a")
    assert played([([beacon], T0 + 1) for beacon in beacons])[2] > 1
    assert (
        played([*(([beacon], T0 + 1) for beacon in beacons), ([], FAR)])[1][-1].measures["play_ms"] == 22_600
    )


def test_a_tick_goes_on_to_the_rollup_shard_of_its_number() -> None:
    assert step(lambda: None, Waiting(), 1, b"", T0, Settings(), shards=2).parts == Parts(sums={1: b""})
    assert step(lambda: None, Waiting(), 2, b"", T0, Settings(), shards=2).parts == Parts()
