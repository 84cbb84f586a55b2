import msgspec
from hypothesis import given
from hypothesis import strategies as st

from beacon_job.gather.event_row import event_point
from beacon_job.types.beacon import Beacon

EPOCH_MS = st.integers(min_value=0, max_value=4_102_444_800_000)
VALUES = st.one_of(
    st.integers(-(2**53), 2**53), st.floats(allow_nan=False), st.booleans(), st.text(max_size=20)
)
BEACONS = st.builds(
    Beacon,
    event=st.sampled_from(["started", "playing", "heartbeat"]),
    session_id=st.text(min_size=1, max_size=20),
    client_ms=EPOCH_MS,
    recv_at_ms=EPOCH_MS,
    source=st.just("sdk"),
    seq=st.integers(-1, 10**9),
    state=st.sampled_from(["", "playing", "paused"]),
    tiebreak=st.integers(0, 999_999),
    measures=st.dictionaries(st.text(min_size=1, max_size=10), VALUES, max_size=4),
    dims=st.dictionaries(st.text(min_size=1, max_size=10), st.text(min_size=1, max_size=10), max_size=3),
)


def beacon(**changes: object) -> Beacon:
    return msgspec.structs.replace(
        Beacon("playing", "s1", 1_700_000_000_123, 1_700_000_000_500, "sdk", seq=7, tiebreak=7), **changes
    )


def test_a_beacon_becomes_one_row_named_by_its_event_and_its_session() -> None:
    row = event_point(beacon(state="playing", measures={"buffer_ms": 900}, dims={"player": "hls.js"}))
    assert row.table == "events"
    assert row.measure_name == "beacon:playing"
    assert row.dims == {"player": "hls.js", "session_id": "s1"}
    assert row.measures == {"seq": 7, "state": "playing", "buffer_ms": 900}
    assert row.time_ns == 1_700_000_000_123_000_007


@given(BEACONS, EPOCH_MS)
def test_a_beacon_delivered_again_later_gives_the_same_bytes(first: Beacon, recv_at_ms: int) -> None:
    again = msgspec.structs.replace(first, recv_at_ms=recv_at_ms)
    assert msgspec.json.encode(event_point(again)) == msgspec.json.encode(event_point(first))


@given(BEACONS)
def test_every_beacon_has_a_measure(any_beacon: Beacon) -> None:
    assert event_point(any_beacon).measures


def test_two_beacons_of_one_millisecond_are_two_rows() -> None:
    times = {event_point(beacon(seq=seq, tiebreak=seq)).time_ns for seq in (1, 2)}
    assert len(times) == 2


def test_a_corrected_beacon_keeps_what_the_client_said() -> None:
    row = event_point(beacon(client_ms=1_000, correction_ms=1_699_999_999_000))
    assert row.time_ns == 1_700_000_000_000_000_007
    assert row.measures["client_time"] == 1_000
    assert row.measures["clock_correction_ms"] == 1_699_999_999_000


def test_a_beacon_within_tolerance_says_nothing_of_a_correction() -> None:
    assert not {"client_time", "clock_correction_ms"} & event_point(beacon()).measures.keys()


def test_the_dimensions_shared_by_a_body_are_left_alone() -> None:
    shared = {"player": "hls.js"}
    event_point(beacon(dims=shared))
    assert shared == {"player": "hls.js"}


def test_a_measure_that_is_left_out_is_not_stored_but_the_sequence_number_always_is() -> None:
    point = event_point(
        beacon(measures={"buffer_ms": 1, "next_object": "x"}), left_out=frozenset({"next_object", "seq"})
    )
    assert point.measures == {"buffer_ms": 1, "seq": 7}
