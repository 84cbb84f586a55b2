"""CPU per beacon as Managed Flink runs the job: beacons as they come, bundles of 500 ms.

Synthetic viewers, as many as say 2,000 beacons a second, play in real time. The figures are of the time
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

PER_S = 2_000
WATCHING = 5_300
"""Viewers that say so much."""
FILL_S = 20
WARM_S = 40
GATHER_S = 0.1
"""Records wait so long for company on their way into the stream."""


def measure(bench: Bench) -> Sequence[Table]:
    """Both versions, each with viewers of its own."""
    numbers = count(1)
    runs = in_turn(bench, lambda version: _run(bench, version, f"bench-live-{next(numbers)}"))
    return [compared(f"live, {PER_S:,} beacons a second", runs)]


def _run(bench: Bench, version: Version, stream: str) -> Run:
    bench.lab.make_stream(stream)
    job = start(bench.lab, version, stream)
    over = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        playing = pool.submit(_play, bench.lab, stream, over)
        try:
            run = watch(
                bench.lab,
                job,
                warm=lambda seen: seen.at_s >= WARM_S,
                over=lambda seen: playing.done() or seen.at_s >= WARM_S + bench.sizes.live_s,
            )
        finally:
            over.set()
        bench.say(f"  the last record was put {playing.result():.1f} s after it was due")
    return run


def _play(lab: Lab, stream: str, over: threading.Event) -> float:
    """The viewers in real time until it is over; how late they are by then, in seconds."""
    client = lab.kinesis()
    due: list[Record] = []
    for record in arriving(WATCHING, now_ms(), FILL_S):
        if record.recv_ms > now_ms() and due:
            lab.put(client, stream, due)
            due = []
        while record.recv_ms > now_ms():
            if over.wait(GATHER_S):
                return 0.0
        if over.is_set():
            break
        due.append(record)
    return (now_ms() - due[-1].recv_ms) / 1_000
