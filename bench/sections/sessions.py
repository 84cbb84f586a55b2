"""The session machine: alone, as a stage in Flink, and what its state takes."""

from pathlib import Path

from bench import crowd, machine_cost, restore, traffic
from bench.lab import HOME
from bench.report import Goal, Section, Table
from bench.run import Job, Run, until_read
from bench.runs import Runs
from bench.traffic import beacons_in

SEATS = 1_000
PER_S = 0.3
"""Beacons a second of one viewer."""
SECONDS = 32
"""At least; few sessions are watched longer, until they have said enough."""
ENOUGH = 200_000
WARM_S = 12
"""By then all seats have filled."""
MACHINE_US, STAGE_US = 8.0, 25.0

METHOD = """\
A thousand synthetic viewers for half a minute, each told again under many session ids, in batches of 10,000
beacons; the first 12 s, in which the sessions begin, are left out. *Machine*: beacons and sessions lie in
memory. *Stage*: what the operator does with an element, in this process: text in, the bucket's bytes in and
out, text out. *Keyed stage in Flink*: the same elements from a file through the job's own operator into
nothing on the standalone cluster, less the same job without the operator; slope as above.

The restart is the whole job, stopped with a savepoint while the sessions are open, and started from it on a
new cluster."""


def run(runs: Runs) -> Section:
    """For each number of open sessions."""
    rows: list[tuple[str | float, ...]] = []
    goals: list[Goal] = []
    for open_sessions in runs.sizes.open_sessions:
        copies = max(1, open_sessions // SEATS)
        said = crowd.said_by(_viewers(max(SECONDS, ENOUGH / PER_S / open_sessions)))
        batches = list(crowd.batches(said, copies))
        warm = sum(
            batch.watermark_ms + crowd.BOUND_MS < said[0].recv_ms + 1_000 * WARM_S for batch in batches
        )
        runs.say(
            f"{open_sessions:,} sessions: {sum(batch.beacons for batch in batches):,} beacons in process"
        )
        cost = machine_cost.cost(batches, min(warm, len(batches) - 1))
        in_flink = _in_flink(runs, batches)
        rows.append((f"{open_sessions:,}", cost.machine_us, cost.stage_us, *in_flink, cost.bytes_per_session))
        goals.append(
            Goal(f"session machine per beacon, {open_sessions:,} open", cost.machine_us, "µs", MACHINE_US)
        )
        goals.append(Goal(f"keyed stage per beacon, {open_sessions:,} open", sum(in_flink), "µs", STAGE_US))
    columns = ("open sessions", "machine µs", "stage µs", "in Flink: JVM µs", "Python µs", "bytes a session")
    return Section("The session machine", METHOD, (Table(columns, tuple(rows)), _restart(runs)), tuple(goals))


def _viewers(seconds: float) -> list[traffic.Record]:
    beacons = round(SEATS * (10 + PER_S * seconds))
    records = traffic.viewers(beacons, SEATS, 1_795_000_000_000)
    return [record for record in records if record.recv_ms < records[0].recv_ms + 1_000 * seconds]


def _in_flink(runs: Runs, batches: list[crowd.Batch]) -> tuple[float, float]:
    """(JVM, Python) µs per beacon of the operator."""
    HOME.mkdir(parents=True, exist_ok=True)
    path = HOME / "elements.txt"
    with path.open("w") as file:
        for batch in batches:
            file.write("\n".join([*batch.elements(), ""]))
    beacons = sum(batch.beacons for batch in batches)
    with_stage, without = (_run(runs, path, beacons, *more).cpu_us() for more in ((), ("--without-stage",)))
    path.unlink()
    return tuple(with_stage.get(role, 0.0) - without.get(role, 0.0) for role in ("jvm", "python"))  # type: ignore[return-value]


def _run(runs: Runs, path: Path, beacons: int, *more: str) -> Run:
    runs.say(f"running the keyed stage {' '.join(more)}")
    job = Job("sessions", "none", ("--elements", str(path.resolve()), *more), bounded=True)
    return until_read(runs.lab, job, beacons, ".numRecordsIn" if more else "sessions.numRecordsIn")


def _restart(runs: Runs) -> Table:
    now_ms = traffic.now_ms()
    records = traffic.crowd(runs.sizes.restored, now_ms)
    sessions = len({record.partition_key for record in records})
    runs.say(f"restart with {sessions:,} open sessions, {beacons_in(records):,} beacons")
    found = restore.measure(runs.lab, "bench-crowd", records)
    rows = tuple(
        (name, start.accepted_s, start.running_s, start.stored_s)
        for name, start in (
            ("without state", found.fresh),
            (f"with {sessions:,} open sessions", found.restored),
        )
    )
    caption = f"Restart. The savepoint took {found.savepoint_s:.1f} s and has {found.savepoint_mb:.0f} MB."
    return Table(
        ("start", "accepted after s", "all tasks run after s more", "first beacon stored after s more"),
        rows,
        caption,
    )
