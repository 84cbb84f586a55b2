"""CPU per beacon of the whole job on a stream that was filled before.

Counted is user and system time of the task manager's JVM (garbage collection included) and of its
Python workers, as the slope of CPU time over beacons stored, by least squares, after the first quarter
of the run: what a start and its warm-up cost drops out. The JVM goes on compiling for minutes after a
start; what its compiler threads use is no beacon's and is shown beside the figures, not in them.
Parallelism is 1, checkpoints are taken every 10 s; emulator, stand-in and this program are processes of
their own.
"""

from collections.abc import Callable, Sequence
from functools import partial

from bench import traffic
from bench.accounting import TooShort
from bench.report import Table
from bench.sections.bench import Bench
from bench.sections.compare import compared, in_turn
from bench.traffic import Record, beacons_in, now_ms
from bench.versions import Version
from bench.watching import Run, start, watch

WARM_SHARE = 0.25
OVER_SHARE = 0.9
"""Of the beacons sent; one that is sent twice is stored once."""
IDLE_S = 6.0
DOUBLINGS = 3
"""So often is there more traffic; a machine that is through with that at once cannot be measured."""


def recorded(bench: Bench) -> Sequence[Table]:
    """What real players sent."""

    def make(beacons: int) -> list[Record]:
        return traffic.recordings(beacons, now_ms())

    return _measured(bench, "recorded players", make, bench.sizes.recorded)


def viewers(bench: Bench) -> Sequence[Table]:
    """What many synthetic viewers send."""
    watching = bench.sizes.watching

    def make(beacons: int) -> list[Record]:
        return traffic.viewers(beacons, watching, now_ms())

    return _measured(bench, f"{watching:,} synthetic viewers", make, bench.sizes.viewers)


def _measured(
    bench: Bench, name: str, make: Callable[[int], list[Record]], beacons: int, doublings: int = DOUBLINGS
) -> Sequence[Table]:
    """All versions on the same stream; on one twice as long when a run was too short for a slope."""
    stream = f"bench-{name.split()[-1]}-{beacons}"
    bench.say(f"filling {stream}")
    records = make(beacons)
    bench.lab.make_stream(stream, records)
    try:
        return [compared(name, in_turn(bench, partial(through, bench, stream, beacons_in(records))))]
    except TooShort as error:
        if not doublings:
            raise
        bench.say(f"{error}; again with twice as many beacons")
    return _measured(bench, name, make, 2 * beacons, doublings - 1)


def through(bench: Bench, stream: str, sent: int, version: Version) -> Run:
    """The job until it has stored what is in the stream."""
    job = start(bench.lab, version, stream)
    return watch(
        bench.lab,
        job,
        warm=lambda seen: seen.stored >= WARM_SHARE * sent,
        over=lambda seen: seen.stored >= OVER_SHARE * sent and seen.idle_s > IDLE_S,
    )
