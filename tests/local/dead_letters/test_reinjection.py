"""What is put back of a dead letter is the record as it came, or nothing and the reason."""

import json

import pytest

from beacon_job.decode import KinesisRecord, decode
from beacon_job.stores import dead_letter
from beacon_job.stores.store import Refused
from beacon_job.types.beacon import Beacon
from beacon_job.types.point import Point
from local.dead_letters.letter import read_letter
from local.dead_letters.reinjection import Impossible, Original, to_put, wants_original
from tests.local.dead_letters.letters import RECV_MS, envelope, letter_of

BATCH = b'{"event":"beacon:started","session":"s","timestamp":%d}\n{"event":"beacon:paused"}' % RECV_MS


def test_a_record_of_the_front_door_is_put_back_byte_for_byte_without_its_original() -> None:
    letter = letter_of(envelope(b"no beacon"))
    assert not wants_original(letter)
    put = to_put(letter, None)
    assert isinstance(put, Original) and put.data == envelope(b"no beacon")


@pytest.mark.parametrize(
    "data",
    [envelope(b"x" * 100_000), envelope(BATCH), b'{"v":1,"recv_at":1}', b'{"v":1,"recv_at":12,"request'],
    ids=["a long record", "one event of a body", "an envelope without body", "half an envelope"],
)
def test_what_the_letter_does_not_hold_is_taken_from_the_stream_of_beacons(data: bytes) -> None:
    letter = letter_of(data)
    assert wants_original(letter)
    assert to_put(letter, Original(data, "player")) == Original(data, "player")


def test_a_record_without_envelope_is_placed_at_the_time_when_it_came() -> None:
    body = b'{"event":"beacon:started","session":"s","timestamp":%d}' % RECV_MS
    put = to_put(letter_of(b'{"event":"beacon:paused"}'), Original(body, "player"))
    assert isinstance(put, Original)
    (beacon,) = decode(KinesisRecord(put.data, RECV_MS + 3_600_000))
    assert isinstance(beacon, Beacon) and (beacon.recv_at_ms, beacon.placed_ms) == (RECV_MS, RECV_MS)


def test_what_a_producer_library_put_together_stays_as_it_is() -> None:
    aggregate = b"\xf3\x89\x9a\xc2" + bytes(40)
    assert to_put(letter_of(aggregate), Original(aggregate, "k")) == Original(aggregate, "k")


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"x" * 100_000, "was cut off"), (b"not JSON", "may be one event of it")],
)
def test_what_is_no_longer_in_the_stream_cannot_be_put_back(data: bytes, why: str) -> None:
    assert to_put(letter_of(data), None) == Impossible(
        f"its record is no longer in the stream of beacons, and what the letter holds {why}"
    )


def test_a_row_that_the_store_refused_is_no_beacon() -> None:
    point = Point("events", "started", RECV_MS * 10**6, {"session_id": "s"}, {"n": 1})
    written = json.dumps(
        {
            name: getattr(bad, name)
            for bad in [dead_letter(point, Refused(0, "rejected", "too old"))]
            for name in bad.__struct_fields__
        }
    )
    letter = read_letter(written.encode(), "7", RECV_MS)
    assert not wants_original(letter)
    assert to_put(letter, None) == Impossible("it is a row that the store refused, and no beacon")


@pytest.mark.parametrize(
    "data", [b"", b"\xff", b"[]", b'{"reason":"x","stage":"decode","recv_at":1,"raw":"?"}']
)
def test_what_is_no_dead_letter_is_shown_and_never_put_back(data: bytes) -> None:
    letter = read_letter(data, "7", RECV_MS)
    assert (letter.bad.reason, letter.raw) == ("not_a_dead_letter", data)
    assert to_put(letter, Original(data, "k")) == Impossible("it is no dead letter of the job")
