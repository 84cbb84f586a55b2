"""One job on a fresh cluster, looked at while it works."""

import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

import msgspec

from bench.accounting import Sample, rate_per_s, slope_us
from bench.lab import Lab, wait_for
from bench.usage import COMPILER, Usage
from bench.versions import Version
from local.aws.tables import TABLES

LOOK_S = 0.25
"""The stand-in and the operating system are asked so often; neither costs the job anything."""
START_PATIENCE_S = 240.0
PATIENCE_S = 600.0
"""A run that does not end before is stuck, whatever the machine."""
EVENTS = TABLES[0]
KEYED_STAGES = ("sessions", "roll-up")
FETCH_S = 0.5
"""Flink takes less to fetch what its operators count."""


class Mark(msgspec.Struct, frozen=True):
    """What had been counted at one moment."""

    stored: int
    keyed_updates: int
    write_units: Mapping[str, int]
    """By table."""


class Run(msgspec.Struct, frozen=True):
    """What was seen of one job; all figures are of the part between warm-up and end."""

    samples: list[Sample]
    warm: Mark
    end: Mark

    def cpu_us(self) -> dict[str, float]:
        """CPU per beacon by role. Raises TooShort."""
        return slope_us(self.samples, self.warm.stored)

    def total_us(self) -> float:
        """CPU per beacon, all together but for what the JVM compiles. Raises TooShort."""
        return sum(us for role, us in self.cpu_us().items() if role != COMPILER)

    def rate_per_s(self) -> float:
        """Beacons a second by the wall clock. Raises TooShort."""
        return rate_per_s(self.samples, self.warm.stored)

    def keyed_updates(self) -> float:
        """Updates of keyed state per 1,000 beacons."""
        return self._per_thousand(self.end.keyed_updates - self.warm.keyed_updates)

    def write_units(self) -> dict[str, float]:
        """1 KiB units that the service would bill per 1,000 beacons, by table."""
        return {
            table: self._per_thousand(units - self.warm.write_units[table])
            for table, units in self.end.write_units.items()
        }

    def _per_thousand(self, count: int) -> float:
        return 1_000 * count / max(1, self.end.stored - self.warm.stored)


class Seen(NamedTuple):
    """How far a job has come."""

    at_s: float
    stored: int
    idle_s: float
    """Since something was last stored."""
    warm_s: float
    """Since the job was warm; 0 before."""


def start(lab: Lab, version: Version, stream: str) -> str:
    """The job on a fresh cluster, all its tasks running, with an empty store; its id."""
    lab.restart_store(version)
    lab.restart_cluster()
    job = lab.submit(version, stream)
    wait_for(f"{version.name} runs", lambda: lab.cluster.rest.all_tasks_run(job), START_PATIENCE_S)
    return job


def watch(lab: Lab, job: str, warm: Callable[[Seen], bool], over: Callable[[Seen], bool]) -> Run:
    """Look at a running job until it is over, and cancel it; figures count from when it is warm.

    Raises RuntimeError for a job that is not over in good time.
    """
    usage = Usage(lab.task_manager_pid())
    samples: list[Sample] = []
    mark: Mark | None = None
    warm_s = 0.0
    began_s = grown_s = time.monotonic()
    while True:
        looked_s = time.monotonic()
        cpu_s, rss_mb = usage.look()
        stored = lab.counters()[EVENTS]["records"]
        if not samples or stored > samples[-1].stored:
            grown_s = looked_s
        samples.append(Sample(looked_s - began_s, stored, cpu_s, rss_mb))
        since_warm_s = looked_s - warm_s if mark else 0.0
        seen = Seen(looked_s - began_s, stored, looked_s - grown_s, since_warm_s)
        if mark is None and warm(seen):
            mark, warm_s = _mark(lab, job), looked_s
        if mark is not None and over(seen):
            break
        if seen.at_s > PATIENCE_S:
            cause = lab.cluster.rest.failure(job) or "nothing"
            message = (
                f"{stored:,} beacons stored in {PATIENCE_S:.0f} s, and not over; Flink says: {cause[:500]}"
            )
            raise RuntimeError(message)
        time.sleep(max(0.0, LOOK_S - (time.monotonic() - looked_s)))
    run = Run(samples, mark, _mark(lab, job))
    lab.cluster.rest.cancel(job)
    return run


def _mark(lab: Lab, job: str) -> Mark:
    _keyed_updates(lab, job)  # answers what was fetched before, and has Flink fetch anew
    time.sleep(FETCH_S)
    keyed_updates, counters = _keyed_updates(lab, job), lab.counters()
    units = {table: counters[table]["write_units"] for table in TABLES}
    return Mark(counters[EVENTS]["records"], keyed_updates, units)


def _keyed_updates(lab: Lab, job: str) -> int:
    """Each element of a keyed stage is one update of its state."""
    return sum(
        int(count)
        for stage in KEYED_STAGES
        for count in lab.cluster.rest.metrics(job, f"{stage}.numRecordsIn").values()
    )
