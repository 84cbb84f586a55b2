"""What a batch of records becomes: elements that the rest of the job can store."""

import json

import msgspec

from beacon_job.gather.gatherer import Gatherer
from beacon_job.gather.settings import GatherSettings, WatermarkSettings
from beacon_job.gather.watermark import WatermarkPolicy
from beacon_job.types.parts import SUMS, unpack
from beacon_job.types.sums import Contribution

NOW_MS = 1_795_000_000_000
DIMENSIONS = ("player", "cdn")


def test_beacons_of_which_nothing_is_known_count_in_a_group_that_can_be_stored() -> None:
    gatherer = Gatherer(GatherSettings(DIMENSIONS), WatermarkPolicy(WatermarkSettings()), lambda: NOW_MS)
    page = json.dumps({"event": "beacon:started", "session": "s", "timestamp": NOW_MS}).encode()
    elements = [unpack(text) for text in gatherer.batch([(page, NOW_MS, "shard", "1")])]
    (sums,) = [element.payload for element in elements if element.kind == SUMS]
    (item,) = msgspec.json.decode(sums, type=list[Contribution])
    assert item.group == ("unknown", "")
