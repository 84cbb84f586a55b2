"""One job over one preloaded stream on a fresh cluster, looked at until it has finished."""

import time
from collections.abc import Callable

import msgspec

from bench.accounting import Sample, rate_per_s, slope_us
from bench.lab import METRICS_MS, Lab, wait_for
from bench.usage import COMPILER, Usage
from local.flink import job_metrics
from local.flink.rest import ENDED

LOOK_S = 0.5
OFTEN_MS = 50
"""Age of the metrics of a job that is through in seconds; it is looked at as often as can be."""
IDLE_S = 6.0
"""A run has ended when its job has read all and nothing more has come for so long."""
PATIENCE_S = 400.0
"""For a whole run; a job that is stuck does not end before."""
EVENTS = "beacon-blog-table"


class Run(msgspec.Struct, frozen=True):
    """What was seen of one job."""

    samples: list[Sample]
    beacons: int
    """Sent; what was finished is less where a beacon came twice, or another unit."""
    counters: dict[str, dict[str, int]] = {}
    """The stand-in's, at the end."""

    def cpu_us(self, from_share: float = 0.25) -> dict[str, float]:
        """CPU per beacon sent, by role, once `from_share` of them were through."""
        finished = self.samples[-1].done
        return slope_us(self.samples, int(finished * from_share), per=finished / self.beacons)

    def beacon_us(self) -> float:
        """CPU per beacon sent, all together but for what the JVM compiles."""
        return sum(us for role, us in self.cpu_us().items() if role != COMPILER)

    def rate(self, from_share: float = 0.25) -> float:
        """Beacons a second by the wall clock."""
        finished = self.samples[-1].done
        return rate_per_s(self.samples, int(finished * from_share)) * self.beacons / finished


class Job(msgspec.Struct, frozen=True):
    """A program, and what it is run on."""

    program: str
    """`main` or one of bench.jobs."""
    stream: str
    arguments: tuple[str, ...] = ()
    bounded: bool = False
    """Its input ends, and the job with it."""


def until_stored(lab: Lab, job: Job, beacons: int) -> Run:
    """A job that stores beacons."""
    lab.timestream()
    lab.empty_tables()

    def all_read(job_id: str) -> bool:
        return job_metrics.read(lab.cluster.rest, job_id).get("beacons", 0) >= beacons

    samples = _follow(lab, job, lambda _: lab.counters()[EVENTS]["records"], all_read)
    return Run(samples, beacons, lab.counters())


def until_read(lab: Lab, job: Job, beacons: int, metric: str = ".numRecordsIn") -> Run:
    """A job that stores nothing and, if its input ends, ends with it; its progress is Flink's count by all
    metrics whose name ends so."""

    def read(job_id: str) -> int:
        return int(sum(lab.cluster.rest.metrics(job_id, metric).values()))

    def all_read(job_id: str) -> bool:
        return not job.bounded or lab.cluster.rest.state(job_id) in ENDED

    return Run(_follow(lab, job, read, all_read), beacons)


def _follow(
    lab: Lab, job: Job, progress: Callable[[str], int], all_read: Callable[[str], bool]
) -> list[Sample]:
    lab.fresh_cluster(OFTEN_MS if job.bounded else METRICS_MS)
    job_id = lab.submit(job.program, job.stream, *job.arguments)
    usage = Usage(lab.task_manager_pid())
    wait_for(f"{job.program} runs", lambda: lab.cluster.rest.state(job_id) in ("RUNNING", "FINISHED"), 120)
    samples: list[Sample] = []
    began = grown = time.monotonic()
    while True:
        cpu_s, rss_mb = usage.look()
        done = max(progress(job_id), samples[-1].done if samples else 0)
        now = time.monotonic()
        if not samples or done > samples[-1].done:
            grown = now
        samples.append(Sample(now - began, done, cpu_s, rss_mb))
        if done and now - grown > IDLE_S and all_read(job_id):
            break
        if now - began > PATIENCE_S:
            message = f"{job.program} had come to {done} after {PATIENCE_S:.0f} s; it should have finished"
            raise RuntimeError(message)
        time.sleep(0.0 if job.bounded else max(0.0, LOOK_S - (time.monotonic() - now)))
    if lab.cluster.rest.state(job_id) not in ENDED:
        lab.cluster.rest.cancel(job_id)
    return samples
