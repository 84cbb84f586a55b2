"""Whatever is decoded, the machine digests: it never raises, and what it keeps and gives is bounded."""

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from beacon_job.sessions.bucket import Bucket, apply
from beacon_job.sessions.facts import decode_beacons, encode_beacons
from beacon_job.sessions.frozen import decode_session
from beacon_job.sessions.numbers import MAX_MISSING
from beacon_job.sessions.sequence import MAX_TARGETS
from beacon_job.sessions.settings import Settings
from beacon_job.types.beacon import Beacon
from beacon_job.types.events import EVENTS, STATES
from tests.sessions.driving import T0, beacon, rows, run, run_in_steps, told

values = st.one_of(
    st.integers(-(2**40), 2**40),
    st.floats(-1e9, 1e9),
    st.booleans(),
    st.text(max_size=5),
    st.just(float("1e300")),
)
NAMES = (
    *(
        "buffer_ms",
        "bitrate_kbps",
        "bitrate_shown_kbps",
        "startup_hint_ms",
        "rate",
        "hidden",
        "fatal",
        "ttlb_ms",
    ),
    *("dropped_frames", "playhead_ms", "response_code", "error_code", "content_id", "end_reason", "com.x-y"),
)
beacons = st.builds(
    Beacon,
    event=st.sampled_from(sorted(EVENTS)),
    session_id=st.sampled_from(["a", "b"]),
    client_ms=st.one_of(st.integers(T0, T0 + 100_000), st.integers(1, 4_102_444_800_000)),
    recv_at_ms=st.integers(T0, T0 + 200_000),
    source=st.sampled_from(["sdk", "page", "seed", "cmcd_event", "cmcd_request"]),
    target=st.sampled_from(["", "state", "bulk"]),
    seq=st.one_of(st.integers(-1, 8), st.integers(0, 10**15)),
    state=st.sampled_from(["", *sorted(STATES)]),
    correction_ms=st.sampled_from([0, 7_200_000, -10_000_000]),
    tiebreak=st.integers(0, 3),
    measures=st.dictionaries(st.sampled_from(NAMES), values, max_size=5),
    dims=st.dictionaries(st.sampled_from(["player", "country", "cdn"]), st.sampled_from(["x", "y"])),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(beacons, min_size=1, max_size=20))
def test_any_beacons_are_digested(some):
    outputs = run(some)
    assert {row.session_id for row in rows(outputs)} == {item.session_id for item in some}
    assert len(outputs.contributions) < 400 * len(some)


@settings(max_examples=40, deadline=None)
@given(st.lists(beacons, min_size=1, max_size=12))
def test_any_state_can_be_stored(some):
    assert run_in_steps(some, 30_000, encoded=True).rows


def test_beacons_of_too_many_targets_all_count():
    flood = [beacon("p", n * 10, n * 1_000, target=f"target {n}") for n in range(200)]
    outputs = run(flood)
    (row,) = rows(outputs)
    assert row.beacons_received == 200


def test_what_is_kept_of_sequence_numbers_is_bounded():
    bucket = Bucket()
    flood = [beacon("p", n * 10, n * 1_000, target=f"target {n % 60}") for n in range(300)]
    apply(bucket, decode_beacons(encode_beacons(flood)), T0 + 60_000, Settings())
    state = decode_session(bucket.entries["s"].state)
    assert len(state.reading.targets) <= MAX_TARGETS + 1
    assert all(len(target.missing) <= MAX_MISSING for target in state.reading.targets.values())


def test_a_session_whose_group_is_found_late_moves_what_is_open():
    story = told("t0 r11000 t12000 t25000 t40000")
    unnamed = [msgspec.structs.replace(item, dims={}) for item in story]
    outputs = run_in_steps(unnamed, 5_000)
    groups = {}
    for item in outputs.contributions:
        for name, value in item.sums.items():
            groups[item.group[0], name] = groups.get((item.group[0], name), 0) + value
    assert all(value >= 0 for value in groups.values())
    assert {player for player, _ in groups} == {"unknown", "shaka-player"}
