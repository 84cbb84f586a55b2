"""One job over one preloaded stream on a fresh cluster, looked at until it has finished."""

import time
from collections.abc import Callable

import msgspec

from bench.accounting import Sample, rate_per_s, slope_us
from bench.lab import Lab, wait_for
from bench.usage import Usage
from local.flink_rest import ENDED

LOOK_S = 0.5
IDLE_S = 15.0
"""A run has ended when nothing more has come for so long."""
PATIENCE_S = 400.0
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

    def rate(self, from_share: float = 0.25) -> float:
        """Beacons a second by the wall clock."""
        finished = self.samples[-1].done
        return rate_per_s(self.samples, int(finished * from_share)) * self.beacons / finished


def until_stored(lab: Lab, job: str, stream: str, beacons: int) -> Run:
    """A job that stores beacons."""
    lab.timestream()
    lab.empty_tables()
    samples = _follow(lab, job, stream, lambda _: lab.counters()[EVENTS]["records"])
    return Run(samples, beacons, lab.counters())


def until_read(lab: Lab, job: str, stream: str, beacons: int, *more: str) -> Run:
    """A job that stores nothing; its progress is Flink's count of what its operators were given."""

    def read(job_id: str) -> int:
        return int(sum(lab.cluster.rest.metrics(job_id, "numRecordsIn").values()))

    return Run(_follow(lab, job, stream, read, *more), beacons)


def _follow(lab: Lab, job: str, stream: str, progress: Callable[[str], int], *more: str) -> list[Sample]:
    lab.fresh_cluster()
    job_id = lab.submit(job, stream, *more)
    usage = Usage(lab.task_manager_pid())
    wait_for(f"{job} runs", lambda: lab.cluster.rest.state(job_id) in ("RUNNING", "FINISHED"), 120)
    samples: list[Sample] = []
    began = grown = time.monotonic()
    while time.monotonic() - grown < IDLE_S or not (samples and samples[-1].done):
        cpu_s, rss_mb = usage.look()
        done = max(progress(job_id), samples[-1].done if samples else 0)
        now = time.monotonic()
        if not samples or done > samples[-1].done:
            grown = now
        samples.append(Sample(now - began, done, cpu_s, rss_mb))
        if now - began > PATIENCE_S:
            message = f"{job} had come to {done} after {PATIENCE_S:.0f} s; it should have finished"
            raise RuntimeError(message)
        time.sleep(max(0.0, LOOK_S - (time.monotonic() - now)))
    if lab.cluster.rest.state(job_id) not in ENDED:
        lab.cluster.rest.cancel(job_id)
    return samples
