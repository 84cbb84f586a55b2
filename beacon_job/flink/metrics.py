"""Every metric of the job, by name, and how running totals become Flink counters. No Flink import: the group
comes in."""

import re
from collections.abc import Mapping
from typing import Any

METRICS: dict[str, str] = {
    "records": "Kinesis records decoded",
    "ticks": "clock ticks seen, one a second and subtask: decode is alive",
    "beacons": "beacons read from them",
    "bad_<reason>": "records or events that could not be read, by reason",
    "unread_<key>": "stored beacons with a value of a known key that could not be read, by key",
    "watermark_ms": "gauge: the subtask's watermark, epoch ms",
    "facts_shed": "beacons of a session that had too many waiting, left out of its metrics",
    "sessions_evicted": "sessions closed early because their bucket was full",
    "written": "points stored",
    "superseded": "points the store already had in the same or a newer version",
    "repeated": "equal points of one batch, sent once",
    "refused_<kind>": "points the store refused, by kind; each is in the dead letters",
    "requests": "write requests answered",
    "retried": "write requests tried again",
    "throttled": "write requests the store throttled",
    "bisected": "write requests cut in two to find the record at fault",
    "bytes": "bytes of write requests",
    "write_units": "1 KiB units the service bills for them",
    "last_latency_ms": "gauge: how long the last write request took",
    "data_age_ms": "gauge: age of the newest stored point when it was stored",
}
"""Scope of all of them: the operator's, then the groups `KinesisAnalytics` and `beacon`."""

PUBLISHED, GROUP = "KinesisAnalytics", "beacon"
"""Managed Flink gives to CloudWatch what is in a group of the first name, and nothing else."""


def group_in(operators: Any) -> Any:
    """The group of our metrics within an operator's own."""
    return operators.add_group(PUBLISHED).add_group(GROUP)


class CounterSet:
    """Flink counters that follow totals which only grow."""

    def __init__(self, group: Any) -> None:
        self._group = group
        self._counters: dict[str, Any] = {}
        self._exported: dict[str, int] = {}

    def follow(self, totals: Mapping[str, int]) -> None:
        """Raise each counter to its total; a counter is made when its name is first seen."""
        for name, total in totals.items():
            grown = total - self._exported.get(name, 0)
            if grown:
                if name not in self._counters:
                    self._counters[name] = self._group.counter(re.sub(r"\W", "_", name))
                self._counters[name].inc(grown)
                self._exported[name] = total
