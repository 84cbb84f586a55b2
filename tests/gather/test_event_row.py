import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_job.decode.vocabulary.fields import FIELDS
from beacon_job.gather.event_row import CUSTOM, event_point, stored_name
from beacon_job.types.beacon import Beacon
from beacon_job.types.events import EVENTS

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

OWN_KEYS = st.text("ab1_.-", min_size=1, max_size=12).filter(lambda key: "." in key or "-" in key)
NAME = re.compile(r"[A-Za-z0-9_]+")


def beacon(**changes: object) -> Beacon:
    return msgspec.structs.replace(
        Beacon("playing", "s1", 1_700_000_000_123, 1_700_000_000_500, "sdk", seq=7, tiebreak=7), **changes
    )


def test_a_beacon_becomes_one_row_named_by_its_event_and_its_session() -> None:
    row = event_point(beacon(state="playing", measures={"buffer_ms": 900}, dims={"player": "hls.js"}))
    assert row.table == "events"
    assert row.measure_name == "playing"
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


def test_every_event_is_a_name_that_every_store_takes() -> None:
    assert [event for event in EVENTS if not NAME.fullmatch(event)] == []


def test_the_canonical_measures_keep_their_names() -> None:
    assert [name for name in FIELDS if stored_name(name) != name] == []
    assert [name for name in FIELDS if not NAME.fullmatch(name) or name.startswith(CUSTOM)] == []


@pytest.mark.parametrize(
    ("measure", "stored"),
    [
        ("com.example-key", "custom__com__example___key"),
        ("custom.x", "custom__x"),
        ("custom.name", "custom__name"),
        ("custom.user_tier", "custom__user_tier"),
        ("stream-type", "custom__stream___type"),
        ("custom.stream-type", "custom__stream___type"),
        ("ts-x", "custom__ts___x"),
        ("a..b", "custom__a____22____b"),
        ("a_-b", "custom__a____13____b"),
    ],
)
def test_a_measure_of_the_applications_own_is_stored_as(measure: str, stored: str) -> None:
    row = event_point(beacon(measures={measure: 5.0}))
    assert row.measures == {stored: 5.0, "seq": 7}


@given(OWN_KEYS, OWN_KEYS)
def test_two_keys_are_two_columns_of_letters_digits_and_underscores(one: str, other: str) -> None:
    assert NAME.fullmatch(stored_name(one))
    assert (stored_name(one) == stored_name(other)) == (
        one.removeprefix("custom.") == other.removeprefix("custom.")
    )


def test_an_own_measure_that_is_left_out_is_named_as_the_beacon_names_it() -> None:
    point = event_point(beacon(measures={"com.example-key": "x"}), left_out=("com.example-key",))
    assert point.measures == {"seq": 7}
