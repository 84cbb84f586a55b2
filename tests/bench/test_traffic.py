"""What the benchmarks send."""

import base64
import json
from collections import Counter
from itertools import islice, pairwise

from beacon_job.decode import KinesisRecord, decode
from beacon_job.types.beacon import Beacon
from bench import traffic
from bench.traffic import Record

NOW_MS = 1_795_500_000_000


def beacons_of(records: list[Record]) -> list[Beacon]:
    """What decode reads from the records."""
    items = [item for record in records for item in decode(KinesisRecord(record.data, record.recv_ms))]
    return [item for item in items if isinstance(item, Beacon)]


def test_recorded_bodies_are_told_again_as_other_sessions_at_other_times() -> None:
    records = traffic.recordings(2_000, NOW_MS)
    beacons = beacons_of(records)
    assert len(beacons) == traffic.beacons_in(records) >= 2_000
    assert len({beacon.session_id for beacon in beacons}) == len({record.partition_key for record in records})
    assert all(beacon.correction_ms == 0 for beacon in beacons)
    assert max(record.recv_ms for record in records) == NOW_MS


def test_the_recorded_envelopes_are_the_front_doors() -> None:
    record = traffic.recordings(100, NOW_MS)[0]
    envelope = json.loads(record.data)
    assert (envelope["v"], envelope["recv_at"]) == (1, record.recv_ms)
    assert b"sid=" in base64.b64decode(envelope["body"])


def test_viewers_end_when_they_are_told_to() -> None:
    records = traffic.viewers(2_000, 50, NOW_MS)
    assert abs(records[-1].recv_ms - NOW_MS) < 60_000
    assert traffic.beacons_in(records) >= 1_990


def test_arriving_viewers_go_on_saying_about_three_beacons_in_8_s() -> None:
    records = list(islice(traffic.arriving(200, NOW_MS, fill_s=5), 4_000))
    assert all(one.recv_ms <= next_one.recv_ms for one, next_one in pairwise(records))
    settled = [record for record in records if record.recv_ms >= NOW_MS + 15_000]
    seconds = (settled[-1].recv_ms - settled[0].recv_ms) / 1_000
    assert 0.3 < traffic.beacons_in(settled) / seconds / 200 < 0.45


def test_a_crowd_has_as_many_sessions_as_asked_for() -> None:
    records = traffic.crowd(2_000, NOW_MS)
    sessions = Counter(beacon.session_id for beacon in beacons_of(records))
    assert 1_900 <= len(sessions) <= 2_000
    assert len({record.partition_key for record in records}) == len(sessions)
