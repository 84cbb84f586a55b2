"""CPU per beacon: the whole job from Kinesis, its source alone, and Python's stages in this process."""

from collections.abc import Mapping
from pathlib import Path

from beacon_job.config import load
from beacon_job.stores import open_store
from bench.in_process import STAGES, InProcess
from bench.report import Goal, Section, Table
from bench.run import Run
from bench.runs import Runs
from bench.traffic import Record, beacons_in
from bench.usage import COMPILER, JVM, PYTHON
from local.stack import properties

BATCH = 10_000
"""Records of an Arrow batch, as the job is configured."""
MOST_RECORDS = 80_000
"""Enough for the stages in process."""
WITHOUT_SOURCE_US, WITH_SOURCE_US = 30.0, 50.0

METHOD = """\
The job is submitted from the built zip to a standalone cluster and reads a stream that was filled before
(MiniStack, two shards); the store is the stand-in, in a process of its own. Counted is user and system time
of the task manager's JVM (garbage collection included) and of its Python workers. A figure is the slope of
CPU time over beacons stored, by least squares, after the first quarter of the run: what a start and its
warm-up cost drops out. The JVM goes on compiling for minutes after a start; what its compiler threads use
belongs to no beacon and is shown beside the figures, not in them. The source alone is the same table read
into nothing, on the same stream. Parallelism is 1, checkpoints are taken every 10 s.

The stages are Python's part alone: the job's own functions called in one process, with batches of 10,000
records, state in memory and the stand-in in another process; `decode` reads and groups, `sessions` is the
keyed stage with its state as bytes, `write` plans, signs and sends."""


def run(runs: Runs) -> Section:
    """Measure all kinds of traffic."""
    sizes = runs.sizes
    many, few = f"{sizes.busy_viewers:,} viewers", f"{sizes.hour_viewers:,} viewers"
    mixes = {
        many: (runs.busy, runs.source),
        "recordings": (runs.recorded, runs.source_of_recorded),
    }
    rows: list[tuple[str | float, ...]] = []
    goals: list[Goal] = []
    for name, (whole, source) in mixes.items():
        rows += _rows(name, whole, source)
        with_source, without = _totals(whole, source)
        goals.append(Goal(f"CPU per beacon without the source, {name}", without, "µs", WITHOUT_SOURCE_US))
        goals.append(Goal(f"CPU per beacon with the source, {name}", with_source, "µs", WITH_SOURCE_US))
    rows.append(_row(few, "whole job", runs.hour.cpu_us(), runs.hour.rate()))
    columns = ("traffic", "what", "JVM µs", "Python µs", "together µs", "besides: compiler µs", "beacons/s")
    stages = {many: "busy", few: "hour", "recordings": "recorded"}
    return Section(
        "CPU per beacon", METHOD, (Table(columns, tuple(rows)), _stages(runs, stages)), tuple(goals)
    )


def _totals(whole: Run, source: Run) -> tuple[float, float]:
    return whole.beacon_us(), whole.beacon_us() - source.beacon_us()


def _rows(name: str, whole: Run, source: Run) -> list[tuple[str | float, ...]]:
    all_us, source_us = whole.cpu_us(), source.cpu_us()
    rest_us = {role: us - source_us.get(role, 0.0) for role, us in all_us.items()}
    return [
        _row(name, "whole job", all_us, whole.rate()),
        _row(name, "source alone", source_us, source.rate()),
        _row(name, "without the source", rest_us, ""),
    ]


def _row(name: str, what: str, us: Mapping[str, float], rate: str | float) -> tuple[str | float, ...]:
    jvm, python, compiler = (us.get(role, 0.0) for role in (JVM, PYTHON, COMPILER))
    return (name, what, jvm, python, jvm + python, compiler, rate)


def _stages(runs: Runs, traffic: Mapping[str, str]) -> Table:
    found = {name: _by_stage(runs, runs.records(made)[:MOST_RECORDS]) for name, made in traffic.items()}
    rows = [(stage, *(us[stage] for us in found.values())) for stage in STAGES]
    total = ("together", *(sum(us.values()) for us in found.values()))
    return Table(("Python's part, µs by stage", *found), (*rows, total))


def _by_stage(runs: Runs, records: list[Record]) -> dict[str, float]:
    runs.lab.timestream()
    runs.lab.empty_tables()
    written = properties.write(
        runs.lab.stack.settings, Path(runs.lab.stack.settings.home) / "in_process.json"
    )
    process = InProcess(load(written), open_store)
    warm = len(records) // 4
    for start in range(0, warm, BATCH):
        process.batch(records[start : min(start + BATCH, warm)])
    before = dict(process.cpu_s)
    for start in range(warm, len(records), BATCH):
        process.batch(records[start : start + BATCH])
    beacons = beacons_in(records[warm:])
    return {stage: 1e6 * (process.cpu_s[stage] - before.get(stage, 0.0)) / beacons for stage in STAGES}
