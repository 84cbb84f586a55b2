"""Estimates of recordings with segments of 4 and 6 s, buffers to 30 s, slow networks and other rates."""

import gzip
import json
from functools import cache
from typing import NamedTuple

from beacon_job.sessions.results.rows import SessionRow
from tests.places import CASES
from tests.sessions.estimate.recordings import moved_ms, rows


class Kept(NamedTuple):
    name: str
    row: SessionRow
    stalls: list[int]
    """Of 400 ms and more; the machine that recorded froze for less by itself."""
    moved_ms: int

    @property
    def is_exact(self) -> bool:
        return self.row.stall_count_estimate == len(self.stalls)

    @property
    def is_within(self) -> bool:
        low_ms, high_ms = self.row.stall_ms_low, self.row.stall_ms_high
        return low_ms is not None and high_ms is not None and low_ms <= sum(self.stalls) <= high_ms


@cache
def kept() -> tuple[Kept, ...]:
    file = CASES / "captures_media" / "longer_segments.jsonl.gz"
    found = []
    for line in gzip.decompress(file.read_bytes()).splitlines():
        recording = json.loads(line)
        (row,) = rows(recording["media"])
        stalls = [took for _, took in recording["stalls"]]
        found.append(Kept(recording["recording"], row, stalls, recording["moved_ms"]))
    return tuple(found)


def test_the_number_of_stalls_is_exact_in_95_percent() -> None:
    wrong = [item.name for item in kept() if not item.is_exact]
    assert len(wrong) <= 0.05 * len(kept()), wrong


def test_the_bounds_hold_in_90_percent() -> None:
    outside = [item.name for item in kept() if not item.is_within]
    assert len(outside) <= 0.1 * len(kept()), outside


def test_stall_time_is_off_by_at_most_10_percent() -> None:
    errors = [abs((item.row.stall_ms_estimate or 0) - sum(item.stalls)) for item in kept()]
    assert sum(errors) <= 0.1 * sum(sum(item.stalls) for item in kept())


def test_each_stall_on_a_network_that_is_slower_than_the_stream_is_counted() -> None:
    counts = {item.name: item.row.stall_count_estimate for item in kept() if "-slow-" in item.name}
    assert counts["dash-slow-c4-b10-645"] == 9
    assert counts["hls-slow-c6-b10-97"] == 6


def test_a_stall_at_another_rate_is_as_long_as_it_was() -> None:
    for item in kept():
        if "-rate-" in item.name and not item.name.startswith("rx"):
            assert abs((item.row.stall_ms_estimate or 0) - sum(item.stalls)) <= 250, item.name


def test_first_movement_is_found_within_200_ms_in_90_percent() -> None:
    near = sum(abs((moved_ms(item.row) or 0) - item.moved_ms) <= 200 for item in kept())
    assert near >= 0.9 * len(kept())
