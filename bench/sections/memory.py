"""Memory over an hour of traffic."""

from bench.accounting import part_means
from bench.report import Goal, Section, Table
from bench.runs import Runs

GROWTH = 1.15

METHOD = """\
Resident memory of the task manager's JVM and of its Python workers while the hour of synthetic viewers runs
through the whole job: sessions open and close all the time, so that what is not forgotten would pile up.
Means over the first, the middle and the last third of the run, after its first quarter. The JVM takes its
heap when it needs it and keeps it, up to the limit it was given."""


def run(runs: Runs) -> Section:
    """Start, middle, end."""
    found = runs.hour
    sessions = len({record.partition_key for record in runs.records("hour")})
    finished = found.samples[-1].done
    parts = part_means([sample for sample in found.samples if sample.done >= finished / 4])
    roles = ("jvm", "python")
    rows = tuple((role, *(part.get(role, 0.0) for part in parts)) for role in roles)
    caption = f"{found.beacons:,} beacons of {sessions:,} sessions."
    table = Table(("resident MB", "start", "middle", "end"), rows, caption)
    growth = parts[-1].get("python", 0.0) / max(parts[0].get("python", 0.0), 1.0)
    goal = Goal("memory of the Python workers, end over start", growth, "times", GROWTH)
    return Section("Memory", METHOD, (table,), (goal,))
