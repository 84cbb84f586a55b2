"""How long a job takes to go on from a savepoint with many open sessions.

The whole job is started on an empty stream, takes what the sessions say, is stopped with a savepoint
while they are open, and is started from it on a new cluster.
"""

import time
from collections.abc import Sequence
from pathlib import Path

from bench.lab import Lab, wait_for
from bench.report import Table
from bench.sections.bench import Bench
from bench.traffic import Record, crowd, now_ms
from bench.versions import Version
from bench.watching import EVENTS

STREAM = "bench-restart"
PATIENCE_S = 240.0
QUIET_S = 8.0

COLUMNS = ("start", "accepted after s", "all tasks run after s more", "first beacon stored after s more")


def measure(bench: Bench) -> Sequence[Table]:
    """A start from nothing, and one from the savepoint."""
    lab, this = bench.lab, bench.versions[0]
    records = crowd(bench.sizes.open_sessions, now_ms())
    sessions = len({record.partition_key for record in records})
    bench.say(f"{sessions:,} open sessions")
    lab.make_stream(STREAM)
    lab.restart_store(this)
    lab.restart_cluster()
    fresh_s, job = _start(lab, this, None)
    lab.put(lab.kinesis(), STREAM, records)
    _until_quiet(lab)
    began_s = time.monotonic()
    savepoint = lab.cluster.rest.stop_with_savepoint(job, PATIENCE_S)
    savepoint_s = time.monotonic() - began_s
    folder = Path(savepoint.removeprefix("file://").removeprefix("file:"))
    size_mb = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20
    lab.restart_cluster()
    restored_s, job = _start(lab, this, savepoint)
    lab.cluster.rest.cancel(job)
    rows = (("without state", *fresh_s), (f"with {sessions:,} open sessions", *restored_s))
    return [Table(COLUMNS, rows, f"The savepoint took {savepoint_s:.1f} s and has {size_mb:.0f} MB")]


def _start(lab: Lab, version: Version, savepoint: str | None) -> tuple[tuple[float, float, float], str]:
    """Seconds until the cluster has the job, until all tasks run, until a beacon is stored; its id."""
    began_s = time.monotonic()
    job = lab.submit(version, STREAM, savepoint=savepoint)
    accepted_s = time.monotonic() - began_s
    running_s = wait_for("the job runs", lambda: lab.cluster.rest.all_tasks_run(job), PATIENCE_S)
    stored = lab.counters()[EVENTS]["records"]
    at_ms = now_ms()
    beacon = f'e=t,sid="restart-{at_ms}",sn=0,ts={at_ms},v=2'.encode()
    lab.put(lab.kinesis(), STREAM, [Record(at_ms, "restart", beacon, 1)])
    stored_s = wait_for("a beacon is stored", lambda: lab.counters()[EVENTS]["records"] > stored, PATIENCE_S)
    return (accepted_s, running_s, stored_s), job


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
