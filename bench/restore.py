"""How long a job takes to go on from a savepoint with many open sessions."""

import time
from pathlib import Path

import msgspec

from bench.lab import Lab, wait_for
from bench.run import EVENTS
from bench.traffic import Record

PATIENCE_S = 240.0
QUIET_S = 8.0


class Start(msgspec.Struct, frozen=True):
    """From the command to the first beacon stored."""

    accepted_s: float
    """Until the cluster has the job; most of it is the client's own start."""
    running_s: float
    """From then until all tasks run, state restored."""
    stored_s: float
    """From then until a beacon put at that moment is stored."""


class Restored(msgspec.Struct, frozen=True):
    """A start from nothing, and one from the savepoint."""

    fresh: Start
    restored: Start
    savepoint_mb: float
    savepoint_s: float


def measure(lab: Lab, stream: str, records: list[Record]) -> Restored:
    """Start on an empty stream, let the records through, stop with a savepoint, start again from it."""
    lab.fill(stream, [])
    lab.timestream()
    lab.empty_tables()
    lab.fresh_cluster()
    fresh, job = _start(lab, stream, None)
    lab.put(lab.kinesis(), stream, records)
    _until_quiet(lab)
    began_s = time.monotonic()
    savepoint = lab.cluster.rest.stop_with_savepoint(job, PATIENCE_S)
    savepoint_s = time.monotonic() - began_s
    folder = Path(savepoint.removeprefix("file://").removeprefix("file:"))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    lab.fresh_cluster()
    restored, job = _start(lab, stream, savepoint)
    lab.cluster.rest.cancel(job)
    return Restored(fresh, restored, size / 2**20, savepoint_s)


def _start(lab: Lab, stream: str, savepoint: str | None) -> tuple[Start, str]:
    began_s = time.monotonic()
    job = lab.submit("main", stream, savepoint=savepoint)
    accepted_s = time.monotonic() - began_s
    running_s = wait_for("the job runs", lambda: lab.cluster.rest.all_tasks_run(job), PATIENCE_S)
    stored = lab.counters()[EVENTS]["records"]
    now_ms = time.time_ns() // 1_000_000
    beacon = f'e=t,sid="restore-{now_ms}",sn=0,ts={now_ms},v=2'.encode()
    lab.put(lab.kinesis(), stream, [Record(now_ms, "restore", beacon, 1)])
    stored_s = wait_for("a beacon is stored", lambda: lab.counters()[EVENTS]["records"] > stored, PATIENCE_S)
    return Start(accepted_s, running_s, stored_s), job


def _until_quiet(lab: Lab) -> None:
    """Until nothing more is stored, and the session stage has had its look at what came."""
    began_s = changed_s = time.monotonic()
    stored = 0
    while time.monotonic() - changed_s < QUIET_S:
        found = lab.counters()[EVENTS]["records"]
        if found != stored:
            stored, changed_s = found, time.monotonic()
        if time.monotonic() - began_s > PATIENCE_S:
            message = f"still storing after {PATIENCE_S:.0f} s"
            raise RuntimeError(message)
        time.sleep(0.5)
