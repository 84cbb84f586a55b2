"""What holds of estimates whatever is requested: order, repetition, loss, time, size."""

import random
from collections import Counter
from itertools import pairwise

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from beacon_job.sessions.estimate.reading import Request, finished, read
from beacon_job.sessions.estimate.result import Estimate, estimate_of
from beacon_job.sessions.estimate.state import Requests
from beacon_job.types.beacon import Beacon
from tests.sessions.driving import rows, run, run_in_steps
from tests.sessions.estimate.player import ORIGIN_MS, Session, estimated, made_up, placed

UNHURRIED = settings(deadline=None, max_examples=40)
WILD = st.builds(
    Request,
    start_ms=st.integers(ORIGIN_MS, ORIGIN_MS + 60_000),
    end_ms=st.integers(-1, ORIGIN_MS + 90_000),
    track=st.integers(0, 4),
    segment=st.integers(-10, 40),
    duration_ms=st.integers(-1, 12_000),
    buffer_ms=st.integers(-1, 60_000),
    rate_permille=st.sampled_from([1_000, 500, 2_000]),
    status=st.sampled_from([-1, 0, 200, 206, 404, 499, 500]),
)


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    """A made-up session."""
    return made_up(draw(st.integers(0, 1 << 32)))


def logged(requests: list[Request], late_ms: list[int]) -> list[Beacon]:
    """The requests as beacons that come from a log, each so late."""
    names = {1: "video", 2: "audio"}
    return [
        Beacon(
            "request",
            "s",
            request.start_ms,
            request.end_ms + late,
            "cmcd_request",
            tiebreak=number,
            measures={
                "object_type": names[request.track],
                "object_duration_ms": request.duration_ms,
                "segment_number": request.segment,
                "audio_buffer_ms" if request.track == 2 else "buffer_ms": request.buffer_ms,
                "ttlb_ms": request.end_ms - request.start_ms,
                "response_code": request.status,
            },
        )
        for number, (request, late) in enumerate(zip(requests, late_ms, strict=True))
    ]


def figures(beacons: list[Beacon]) -> list[tuple[int | None, ...]]:
    return [
        (row.stall_count_estimate, row.stall_ms_estimate, row.stall_ms_high, row.play_ms_estimate)
        for row in rows(run(beacons))
    ]


@settings(deadline=None, max_examples=15)
@given(sessions(), st.randoms(use_true_random=False))
def test_order_and_repetition_within_the_wait_change_nothing(session: Session, chance: random.Random) -> None:
    requests = placed(session)
    beacons = logged(requests, [chance.randint(0, 9_000) for _ in requests])
    again = [
        msgspec.structs.replace(item, recv_at_ms=item.recv_at_ms + chance.randint(0, 3_000))
        for item in beacons
        if chance.random() < 0.2
    ]
    assert figures([*beacons, *again]) == figures(logged(requests, [0] * len(requests)))


@UNHURRIED
@given(st.lists(WILD, max_size=60))
def test_time_is_conserved_and_no_figure_is_negative_whatever_is_requested(requests: list[Request]) -> None:
    kept = Requests()
    given_out = [stretch for request in sorted(requests) for stretch in read(kept, request)]
    ends, rest = finished(kept)
    stretches = [*given_out, *rest]
    assert all(one.until_ms <= two.from_ms for one, two in pairwise(stretches))
    assert all(stretch.from_ms < stretch.until_ms for stretch in stretches)
    assert sum(s.until_ms - s.from_ms for s in stretches if not s.is_stall) == ends.play_ms
    assert sum(s.until_ms - s.from_ms for s in stretches if s.is_stall) == ends.stall_ms
    assert 0 <= ends.play_ms + ends.stall_ms <= max(ends.told_real_ms, 0)
    estimate = estimate_of(kept)
    if isinstance(estimate, Estimate):
        assert 0 <= estimate.stall_ms_low <= estimate.stall_ms <= estimate.stall_ms_high


@UNHURRIED
@given(st.lists(WILD, min_size=50, max_size=400))
def test_what_is_kept_of_requests_does_not_grow(requests: list[Request]) -> None:
    kept = Requests()
    for request in sorted(requests):
        read(kept, request)
        assert len(msgspec.msgpack.encode(kept)) < 1_000


@UNHURRIED
@given(sessions(), st.integers(1, 60))
def test_what_is_kept_survives_being_stored(session: Session, after: int) -> None:
    requests = placed(session)
    kept = Requests()
    for request in requests[:after]:
        read(kept, request)
    kept = msgspec.msgpack.decode(msgspec.msgpack.encode(kept), type=Requests)
    for request in requests[after:]:
        read(kept, request)
    restored, through = estimate_of(kept), estimated(requests)
    assert isinstance(restored, Estimate)
    assert (restored.stalls, restored.stall_ms, restored.play_ms) == (
        through.stalls,
        through.stall_ms,
        through.play_ms,
    )


SUMS = ("stalls_estimate", "stall_ms_estimate", "stall_ms_low", "stall_ms_high", "play_ms_estimate")
FIELDS = ("stall_count_estimate", "stall_ms_estimate", "stall_ms_low", "stall_ms_high", "play_ms_estimate")


@settings(deadline=None, max_examples=15)
@given(sessions(), st.sampled_from([3_000, 11_000]), st.booleans())
def test_the_sums_given_out_on_the_way_add_up_to_the_last_row(
    session: Session, step_ms: int, stored: bool
) -> None:
    requests = placed(session)
    beacons = logged(requests, [0] * len(requests))
    outputs = run_in_steps(beacons, step_ms, encoded=stored)
    given_out = Counter[str]()
    for item in outputs.contributions:
        given_out.update(item.sums)
    (row,) = rows(outputs)
    assert [given_out[name] for name in SUMS] == [getattr(row, name) for name in FIELDS]
    assert given_out["views_estimated"] == 1
    assert figures(beacons) == [
        (row.stall_count_estimate, row.stall_ms_estimate, row.stall_ms_high, row.play_ms_estimate)
    ]
