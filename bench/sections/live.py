"""CPU per beacon as Managed Flink runs the job: beacons as they come, bundles of 500 ms.

As many synthetic viewers as say 2,000 beacons a second play in real time. The figures are of the time
after all of them have come and the JVM is warm.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from bench.lab import Lab
from bench.report import Table
from bench.sections.bench import Bench
from bench.sections.compare import compared, in_turn
from bench.traffic import Record, arriving, now_ms
from bench.versions import Version
from bench.watching import Run, start, watch

PER_VIEWER_S = 3 / 8
"""Beacons a second that a viewer says once it has begun."""
FILL_S = 20
WARM_S = 40
GATHER_S = 0.1
"""Records wait so long for company on their way into the stream."""


def measure(bench: Bench) -> Sequence[Table]:
    """Both versions, each with viewers of its own."""
    numbers = count(1)
    runs = in_turn(bench, lambda version: _run(bench, version, f"bench-live-{next(numbers)}"))
    return [compared(f"live, {bench.sizes.live_per_s:,} beacons a second", runs)]


def _run(bench: Bench, version: Version, stream: str) -> Run:
    bench.lab.make_stream(stream)
    job = start(bench.lab, version, stream)
    over = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        playing = pool.submit(_play, bench.lab, stream, bench.sizes.live_per_s, over)
        try:
            run = watch(
                bench.lab,
                job,
                warm=lambda seen: seen.at_s >= WARM_S,
                over=lambda seen: playing.done() or seen.at_s >= WARM_S + bench.sizes.live_s,
            )
        finally:
            over.set()
        bench.say(f"  the viewers lagged {playing.result():.1f} s behind")
    return run


def _play(lab: Lab, stream: str, per_s: int, over: threading.Event) -> float:
    """The viewers in real time until it is over; by how much they lag behind then, in seconds."""
    client = lab.kinesis()
    records = arriving(round(per_s / PER_VIEWER_S), now_ms(), FILL_S)
    pending = next(records)
    while not over.wait(GATHER_S):
        due: list[Record] = []
        began_ms = now_ms()
        while pending.recv_ms <= began_ms:
            due.append(pending)
            pending = next(records)
        lab.put(client, stream, due)
    return max(0, now_ms() - pending.recv_ms) / 1_000
