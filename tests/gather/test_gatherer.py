"""What a batch of records becomes: parts that the rest of the job can store."""

import json

from beacon_job.gather.gatherer import Gatherer
from beacon_job.gather.settings import GatherSettings, WatermarkSettings
from beacon_job.gather.watermark import WatermarkPolicy
from beacon_job.types.sums import decode_sums

NOW_MS = 1_795_000_000_000
DIMENSIONS = ("player", "cdn")


def test_beacons_of_which_nothing_is_known_count_in_a_group_that_can_be_stored() -> None:
    gatherer = Gatherer(GatherSettings(DIMENSIONS), WatermarkPolicy(WatermarkSettings()), lambda: NOW_MS)
    page = json.dumps({"event": "beacon:started", "session": "s", "timestamp": NOW_MS}).encode()
    parts = gatherer.batch([(page, NOW_MS, "shard", "1")])
    (item,) = [item for encoded in parts.sums.values() for item in decode_sums(encoded)]
    assert item.group == ("unknown", "")


def test_a_value_that_cannot_be_read_is_counted_by_key_and_its_beacon_kept() -> None:
    gatherer = Gatherer(GatherSettings(DIMENSIONS), WatermarkPolicy(WatermarkSettings()), lambda: NOW_MS)
    lines = [f'bl=soon,br=(900000),e=t,sid="s",sn={n},ts={NOW_MS},v=2' for n in range(3)]
    gatherer.batch([("\n".join(lines).encode(), NOW_MS, "shard", "1")])
    assert gatherer.totals["beacons"] == gatherer.totals["unread.bl"] == gatherer.totals["unread.br"] == 3
