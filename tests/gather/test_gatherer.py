"""What a batch of records becomes: parts that the rest of the job can store."""

import json
from collections import Counter

import pytest

from beacon_job.gather.gatherer import Gatherer
from beacon_job.gather.settings import GatherSettings, WatermarkSettings
from beacon_job.gather.watermark import WatermarkPolicy
from beacon_job.types.parts import Parts
from beacon_job.types.point import decode_points
from beacon_job.types.sums import Contribution, decode_sums

NOW_MS = 1_795_000_000_000
DIMENSIONS = ("player", "cdn")


def sums(parts: Parts) -> list[Contribution]:
    return [item for encoded in parts.sums.values() for item in decode_sums(encoded)]


def test_beacons_of_which_nothing_is_known_count_in_a_group_that_can_be_stored() -> None:
    gatherer = Gatherer(GatherSettings(DIMENSIONS), WatermarkPolicy(WatermarkSettings()), lambda: NOW_MS)
    page = json.dumps({"event": "beacon:started", "session": "s", "timestamp": NOW_MS}).encode()
    parts = gatherer.batch([(page, NOW_MS, "shard", "1")])
    assert {item.group for item in sums(parts)} == {("unknown", "")}


def test_rows_of_the_pipeline_count_beacons_their_delay_and_what_could_not_be_read() -> None:
    gatherer = Gatherer(GatherSettings(DIMENSIONS), WatermarkPolicy(WatermarkSettings()), lambda: NOW_MS)
    lines = [f'e=t,sid="s",sn={n},ts={NOW_MS - 700 * n},v=2' for n in range(3)]
    records = ["\n".join(lines).encode(), b"{", b"", b"{"]
    parts = gatherer.batch([(record, NOW_MS, "shard", "1") for record in records])
    (item,) = [item for item in sums(parts) if item.measure_name == "pipeline"]
    assert (item.bucket_ms, item.group, item.count) == (NOW_MS, ("unknown", ""), 6)
    told = {"beacons": 3, "delivery_n": 3, "delivery_ms": 2_100, "bad_not_json": 2, "bad_empty": 1}
    assert item.sums == told


def test_a_beacon_whose_clock_was_wrong_tells_nothing_about_delivery() -> None:
    gatherer = Gatherer(GatherSettings(DIMENSIONS), WatermarkPolicy(WatermarkSettings()), lambda: NOW_MS)
    parts = gatherer.batch([(b'e=t,sid="s",sn=0,ts=1000000000000,v=2', NOW_MS, "shard", "1")])
    (item,) = [item for item in sums(parts) if item.measure_name == "pipeline"]
    assert item.sums == {"beacons": 1}


def test_events_are_counted_by_content_where_the_settings_say_so() -> None:
    settings = GatherSettings(("player", "content_id"))
    gatherer = Gatherer(settings, WatermarkPolicy(WatermarkSettings()), lambda: NOW_MS)
    lines = [f'cid="{name}",e=t,sid="s",sn={n},ts={NOW_MS},v=2' for n, name in enumerate("aab")]
    parts = gatherer.batch([("\n".join(lines).encode(), NOW_MS, "shard", "1")])
    counted = {item.group[1]: item.sums for item in sums(parts) if item.measure_name == "events"}
    assert counted == {"a": {"heartbeat": 2}, "b": {"heartbeat": 1}}


def test_a_value_that_cannot_be_read_is_counted_by_key_and_its_beacon_kept() -> None:
    gatherer = Gatherer(GatherSettings(DIMENSIONS), WatermarkPolicy(WatermarkSettings()), lambda: NOW_MS)
    lines = [f'bl=soon,br=(900000),e=t,sid="s",sn={n},ts={NOW_MS},v=2' for n in range(3)]
    gatherer.batch([("\n".join(lines).encode(), NOW_MS, "shard", "1")])
    assert gatherer.totals["beacons"] == gatherer.totals["unread.bl"] == gatherer.totals["unread.br"] == 3


@pytest.mark.parametrize("percent", [0, 30, 100])
def test_beacons_of_a_share_of_the_sessions_are_stored_and_all_of_them_are_counted(percent: int) -> None:
    settings = GatherSettings(DIMENSIONS, events_percent=percent)
    gatherer = Gatherer(settings, WatermarkPolicy(WatermarkSettings()), lambda: NOW_MS)
    lines = [f'e=t,sid="s{n % 500}",sn={n // 500},ts={NOW_MS},v=2' for n in range(1_000)]
    parts = gatherer.batch([("\n".join(lines).encode(), NOW_MS, "shard", "1")])
    stored = Counter(point.dims["session_id"] for item in parts.points for point in decode_points(item))
    assert set(stored.values()) <= {2}, "a session is stored whole"
    assert abs(len(stored) - 5 * percent) < 50
    (counted,) = [item for item in sums(parts) if item.measure_name == "events"]
    assert counted.sums == {"heartbeat": 1_000}
