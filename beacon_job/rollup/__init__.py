"""Sums -> the rows of `qoe`: one per 10 s of viewer time and viewer group."""

from beacon_job.rollup.settings import RollupSettings
from beacon_job.rollup.stage import step

__all__ = ["RollupSettings", "step"]
