"""CPU per beacon as Managed Flink runs the job: beacons as they come, bundles of 500 ms.

As many synthetic viewers as say 2,000 beacons a second play in real time. The figures are of the time
after all of them have come, the JVM is warm and the job has caught up: bundles of a backlog are fuller,
and cheaper.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from bench.lab import Lab
from bench.report import Table
from bench.sections.bench import Bench
from bench.sections.compare import compared, in_turn
from bench.traffic import Record, arriving, beacons_in, now_ms
from bench.versions import Version
from bench.watching import Run, Seen, start, watch

PER_VIEWER_S = 3 / 8
"""Beacons a second that a viewer says once it has begun."""
FILL_S = 20
WARM_S = 40
KEEPS_UP_S = 3.0
"""Beacons of so many seconds are under way in a job that keeps up."""
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
    viewers = Viewers(bench.sizes.live_per_s)

    def behind_s(seen: Seen) -> float:
        return (viewers.sent - seen.stored) / bench.sizes.live_per_s

    with ThreadPoolExecutor(1) as pool:
        playing = pool.submit(viewers.play, bench.lab, stream)
        try:
            return watch(
                bench.lab,
                job,
                warm=lambda seen: playing.done() or (seen.at_s >= WARM_S and behind_s(seen) < KEEPS_UP_S),
                over=lambda seen: playing.done() or seen.warm_s >= bench.sizes.live_s,
            )
        finally:
            viewers.over.set()
            bench.say(f"  the viewers lagged {playing.result():.1f} s behind")


class Viewers:
    """As many as say `per_s` beacons a second."""

    def __init__(self, per_s: int) -> None:
        self._watching = round(per_s / PER_VIEWER_S)
        self.over = threading.Event()
        """Ends them when it is set."""
        self.sent = 0
        """Beacons so far."""

    def play(self, lab: Lab, stream: str) -> float:
        """Send in real time until it is over; by how much they lag behind then, in seconds."""
        client = lab.kinesis()
        records = arriving(self._watching, now_ms(), FILL_S)
        pending = next(records)
        while not self.over.wait(GATHER_S):
            due: list[Record] = []
            began_ms = now_ms()
            while pending.recv_ms <= began_ms:
                due.append(pending)
                pending = next(records)
            lab.put(client, stream, due)
            self.sent += beacons_in(due)
        return max(0, now_ms() - pending.recv_ms) / 1_000
