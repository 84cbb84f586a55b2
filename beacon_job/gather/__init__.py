"""One Arrow batch of records and ticks -> what the rest of the job works on, and how far event time came."""

from beacon_job.gather.gatherer import Gatherer
from beacon_job.gather.settings import GatherSettings, WatermarkSettings
from beacon_job.gather.watermark import WatermarkPolicy

__all__ = ["GatherSettings", "Gatherer", "WatermarkPolicy", "WatermarkSettings"]
