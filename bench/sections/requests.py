"""What a request beacon costs and what is kept of a session of them: in this process, without Flink.

The lines of a CDN's log of real players, each a record of its own, read as the stream reads them: evaluated
every 10 s of their time. A view that tells a state has no estimate: the same requests beside one are what the
estimate is compared with.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from beacon_job.decode import KinesisRecord, decode
from beacon_job.sessions import Bucket, Settings, apply, decode_beacons, encode_beacons
from beacon_job.types.beacon import Beacon
from bench.report import Table
from bench.sections.bench import Bench

LOGS = Path(__file__).parents[2] / "tests" / "cases" / "captures_requests"
STEP_MS = 10_000
ROUNDS = 7
DELAY_MS = 50
END_MS = 1 << 52


class Cost(NamedTuple):
    """Of one round."""

    decode_s: float
    sessions_s: float
    states: list[int]
    """Bytes of each session's state after each step."""


def measure(_: Bench) -> Sequence[Table]:
    """CPU a request beacon, with and without the estimate, and bytes of state a session."""
    logs = [path.read_bytes().splitlines() for path in sorted(LOGS.glob("*/*/media.jsonl"))]
    requests = sum(map(len, logs))
    with_it, without = (_best([_round(logs, told) for _ in range(ROUNDS)]) for told in (False, True))
    rows = [
        (
            name,
            1e6 * cost.decode_s / requests,
            1e6 * cost.sessions_s / requests,
            max(cost.states),
            _median(cost),
        )
        for name, cost in (("estimated", with_it), ("states told", without))
    ]
    columns = ("a session", "decode, µs", "sessions, µs", "state, bytes: most", "median")
    return [Table(columns, tuple(rows), f"{requests:,} requests of {len(logs)} sessions, CPU a request")]


def _best(costs: Sequence[Cost]) -> Cost:
    return min(costs, key=lambda cost: cost.decode_s + cost.sessions_s)


def _median(cost: Cost) -> int:
    return sorted(cost.states)[len(cost.states) // 2]


def _round(logs: Sequence[Sequence[bytes]], told: bool) -> Cost:
    began_s = time.process_time()
    read = [[item for line in log for item in decode(KinesisRecord(line, END_MS))] for log in logs]
    decoded_s = time.process_time()
    states: list[int] = []
    spent_s = 0.0
    for items in read:
        beacons = [
            replace(item, recv_at_ms=item.client_ms + DELAY_MS, correction_ms=0)
            for item in items
            if isinstance(item, Beacon)
        ]
        if told:
            beacons.insert(0, replace(beacons[0], event="playing", state="playing", source="cmcd_event"))
        steps = _steps(beacons)
        since_s = time.process_time()
        _through(steps, states)
        spent_s += time.process_time() - since_s
    return Cost(decoded_s - began_s, spent_s, states)


def _steps(beacons: Sequence[Beacon]) -> list[tuple[int, bytes]]:
    """What arrives in each step: its end, and the beacons as they travel."""
    first_ms = min(beacon.recv_at_ms for beacon in beacons)
    by_step: dict[int, list[Beacon]] = {}
    for beacon in beacons:
        by_step.setdefault((beacon.recv_at_ms - first_ms) // STEP_MS, []).append(beacon)
    return [(first_ms + (n + 1) * STEP_MS, encode_beacons(found)) for n, found in sorted(by_step.items())]


def _through(steps: Sequence[tuple[int, bytes]], states: list[int]) -> None:
    bucket, settings = Bucket(), Settings()
    for end_ms, items in steps:
        apply(bucket, decode_beacons(items), end_ms + STEP_MS, settings)
        states += [len(entry.state) for entry in bucket.entries.values()]
    apply(bucket, [], END_MS, settings)
