"""What a row costs on its way into each store: the sink of one slot alone, without Flink.

Rows are beacons of recorded players, written in batches as large as a full bundle. Counted is the CPU of this
process, and of the store's processes; the stand-in's is no figure of Timestream's.
"""

import json
import time
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

import psutil

from beacon_job.config import parse
from beacon_job.gather import Gatherer, GatherSettings, WatermarkPolicy, WatermarkSettings
from beacon_job.stores import Store, open_store
from beacon_job.types.point import Point, decode_points
from bench.report import Table
from bench.sections.bench import Bench
from bench.traffic import now_ms, recordings
from local.processes.ports import free_port
from local.project import PROJECT
from local.stores import LocalPostgres, LocalStore, TimestreamStandIn

BATCH = 10_000
COLUMNS = ("store", "job µs", "store's own µs", "rows/s")


def measure(bench: Bench) -> Sequence[Table]:
    """The stores in turn, as many times as was asked for."""
    count = bench.sizes.recorded // 2
    lab, home = bench.lab, bench.lab.home / "stores"
    stores: list[LocalStore] = [
        kind(lab.processes, home, free_port()) for kind in (TimestreamStandIn, LocalPostgres)
    ]
    runs: dict[str, list[Run]] = {}
    for store in stores:
        store.start()
    for turn in range(bench.repeat):
        for store in stores:
            bench.say(f"{store.title}, run {turn + 1}")
            runs.setdefault(store.name, []).append(_run(bench, store, _points(count)))
    rows = [(name, *map(median, zip(*found, strict=True))) for name, found in runs.items()]
    return [Table(COLUMNS, tuple(rows), f"{count:,} rows of recorded players, one slot: CPU a row")]


class Run(NamedTuple):
    """One store once."""

    job_us: float
    own_us: float
    rows_per_s: float


def _run(bench: Bench, local: LocalStore, points: Sequence[Point]) -> Run:
    pid = bench.lab.processes.pid(local.name)
    if pid is None:
        message = f"{local.title} has died"
        raise RuntimeError(message)
    store = _opened(local)
    store.write(points[:BATCH])  # connections are made, shapes and statements known
    own_s, job_s, began_s = _cpu_s(pid), time.process_time(), time.monotonic()
    for start in range(BATCH, len(points), BATCH):
        if store.write(points[start : start + BATCH]):
            message = f"{local.title} refused rows"
            raise RuntimeError(message)
    took_s, job_s, own_s = time.monotonic() - began_s, time.process_time() - job_s, _cpu_s(pid) - own_s
    store.close()
    rows = len(points) - BATCH
    return Run(1e6 * job_s / rows, 1e6 * own_s / rows, rows / took_s)


def _opened(local: LocalStore) -> Store:
    """The job's own store, with the properties that a local stack gives it."""
    groups = json.loads((PROJECT / "application_properties.json").read_text())
    by_name = {group["PropertyGroupId"]: group["PropertyMap"] for group in groups}
    by_name["beacon.store"] = local.properties(by_name["beacon.store"])
    return open_store(parse(by_name).store)


def _cpu_s(pid: int) -> float:
    """Of a process and all that it has started and that lives."""
    head = psutil.Process(pid)
    spent = [process.cpu_times() for process in [head, *head.children(recursive=True)]]
    return sum(times.user + times.system for times in spent)


def _points(count: int) -> list[Point]:
    """New rows each time: those of a run before would be repeats."""
    gatherer = Gatherer(GatherSettings(), WatermarkPolicy(WatermarkSettings()), now_ms)
    rows = [(record.data, record.recv_ms, "shard", "1") for record in recordings(count + BATCH, now_ms())]
    return [point for item in gatherer.batch(rows).points for point in decode_points(item)]
