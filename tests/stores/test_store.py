import base64
import json

import msgspec
import pytest

from beacon_job.stores.store import RAW_LIMIT_BYTES, Refused, dead_letter
from beacon_job.types.beacon import BadRecord
from beacon_job.types.point import Point

REFUSED = Refused(0, "rejected", "the service's words")


def test_a_dead_letter_holds_the_point_and_the_stores_reason() -> None:
    point = Point("events", "playing", 1_700_000_000_123_000_007, {"session_id": "s"}, {"seq": 7})
    letter = dead_letter(point, REFUSED)
    assert (letter.stage, letter.reason, letter.detail) == ("store", "rejected", "the service's words")
    assert letter.recv_at == 1_700_000_000_123
    assert msgspec.json.decode(base64.b64decode(letter.raw), type=Point) == point


def test_the_same_refusal_gives_the_same_letter() -> None:
    point = Point("events", "n", 1, {"b": "x", "a": "y"}, {"m": 1.5})
    assert dead_letter(point, REFUSED) == dead_letter(point, REFUSED)


@pytest.mark.parametrize("value", ["\ud800", float("inf"), float("nan"), 2**70, "x" * 10**6])
def test_a_point_that_no_store_takes_still_becomes_a_dead_letter(value: str | float) -> None:
    letter = dead_letter(Point("events", "n", 1, {}, {"m": value}), REFUSED)
    assert msgspec.json.decode(msgspec.json.encode(letter), type=BadRecord) == letter
    assert len(base64.b64decode(letter.raw)) <= RAW_LIMIT_BYTES
    assert letter.raw_bytes >= len(base64.b64decode(letter.raw))
    if letter.raw_bytes <= RAW_LIMIT_BYTES:
        assert json.loads(base64.b64decode(letter.raw))["measure_name"] == "n"
