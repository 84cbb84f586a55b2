"""Memory of the whole job over an hour of 480 synthetic viewers.

Sessions open and close all the time, so that what is not forgotten would pile up. Means over the first,
the middle and the last third of the run, after its first quarter. The JVM takes its heap when it needs it
and keeps it, up to the limit it was given.
"""

from collections.abc import Sequence

from bench.accounting import mean_rss_mb
from bench.report import Table
from bench.sections.bench import Bench
from bench.sections.compare import compared
from bench.sections.cpu import through
from bench.traffic import beacons_in, now_ms, viewers
from bench.usage import JVM, PYTHON

WATCHING = 480
STREAM = "bench-memory"


def measure(bench: Bench) -> Sequence[Table]:
    """Memory at start, middle and end; and what a beacon cost meanwhile."""
    this = bench.versions[0]
    bench.say(f"filling {STREAM} with {bench.sizes.memory:,} beacons")
    records = viewers(bench.sizes.memory, WATCHING, now_ms())
    bench.lab.make_stream(STREAM, records)
    run = through(bench, STREAM, beacons_in(records), this)
    parts = mean_rss_mb([sample for sample in run.samples if sample.stored >= run.warm.stored])
    rows: tuple[tuple[str | float, ...], ...] = tuple(
        (role, *(part.get(role, 0.0) for part in parts)) for role in (JVM, PYTHON)
    )
    sessions = len({record.partition_key for record in records})
    caption = f"{beacons_in(records):,} beacons of {sessions:,} sessions"
    memory = Table(("resident MB", "start", "middle", "end"), rows, caption)
    return [memory, compared(f"{WATCHING} synthetic viewers", {this.name: [run]})]
