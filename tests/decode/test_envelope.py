"""The envelope's clock: believed as long as Kinesis' own arrival time does not speak against it."""

import base64
import json

import pytest

from beacon_job.decode import decode
from beacon_job.decode.envelope import BELIEVED_EARLY_MS, BELIEVED_LATE_MS
from beacon_job.types.beacon import Beacon, KinesisRecord

ARRIVAL = 1_800_000_000_000


def received(recv_at: int, arrival: int = ARRIVAL, version: object = 1) -> Beacon:
    body = base64.b64encode(f'e=t,sid="s",sn=1,ts={recv_at},v=2'.encode()).decode()
    data = json.dumps({"v": version, "recv_at": recv_at, "path": "/v1/cmcd/state", "body": body}).encode()
    (item,) = decode(KinesisRecord(data, arrival, "shard", "1"))
    assert isinstance(item, Beacon)
    return item


@pytest.mark.parametrize("offset_ms", [0, -BELIEVED_LATE_MS, BELIEVED_EARLY_MS])
def test_a_front_door_near_arrival_is_believed(offset_ms: int) -> None:
    assert received(ARRIVAL + offset_ms).recv_at_ms == ARRIVAL + offset_ms


@pytest.mark.parametrize("offset_ms", [-BELIEVED_LATE_MS - 1, BELIEVED_EARLY_MS + 1])
def test_a_clock_far_from_arrival_is_replaced_by_it_and_the_beacon_placed_there(offset_ms: int) -> None:
    beacon = received(ARRIVAL + offset_ms)
    assert beacon.recv_at_ms == ARRIVAL
    assert abs(beacon.placed_ms - ARRIVAL) <= BELIEVED_EARLY_MS + 1


def test_an_archived_record_without_arrival_keeps_the_envelopes_clock() -> None:
    assert received(ARRIVAL, arrival=0).recv_at_ms == ARRIVAL
