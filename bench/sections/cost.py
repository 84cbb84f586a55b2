"""Write units per 1,000 beacons, against the naive mapping."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from beacon_job.config import load
from beacon_job.decode import decode
from beacon_job.gather.event_row import event_point
from beacon_job.stores.store import Counters, Refused
from beacon_job.stores.timestream.requests import encode, plan
from beacon_job.types.beacon import Beacon, KinesisRecord
from beacon_job.types.point import Point
from bench import naive
from bench.in_process import InProcess
from bench.report import Goal, Section, Table
from bench.runs import Runs
from bench.traffic import Record, beacons_in
from local.timestream.rules import wire
from local.timestream.rules.metering import request_bytes, write_units

PROPERTIES = Path(__file__).parents[2] / "application_properties.json"
SHARE = 1 / 3
MOST_RECORDS = 60_000
LOADS = (("few, live", "hour", 0.5), ("many, live", "busy", 0.5), ("many, in a backlog", "busy", 0.0))
"""Who watches, and seconds that a bundle waits; 0: it is as full as it may be."""
BUNDLE = 10_000

METHOD = """\
1 KiB units as the stand-in meters them by the service's rule: a write is one request, what stands in
CommonAttributes counts once. The beacons of synthetic viewers go through all stages, in bundles as they
come live (500 ms) or in a backlog: the fuller the requests, the less they cost. The naive mapping of the
same beacons writes one single-measure record each, repeats all dimensions, makes every further field a
dimension and sends 50 records a request; it stores events only, no windows and no sessions."""


class _Meter:
    """A Store that keeps nothing and counts what the service would bill."""

    def __init__(self) -> None:
        self.counters = Counters()
        self.units: Counter[str] = Counter()

    def write(self, points: Sequence[Point]) -> list[Refused]:
        planned = plan(points)
        for request in planned.requests:
            body, _ = encode(request, "database", "table")
            read = wire.write_records.decode(body)
            self.units[request.table] += write_units(request_bytes(read, list(range(len(request.rows)))))
        return planned.refused

    def close(self) -> None:
        return None


def run(runs: Runs) -> Section:
    """Meter at three loads."""
    rows: list[tuple[str | float, ...]] = []
    goals = []
    for name, traffic, wait_s in LOADS:
        runs.say(f"metering: {name}")
        records = runs.records(traffic)[:MOST_RECORDS]
        thousands = beacons_in(records) / 1_000
        seconds = (records[-1].recv_ms - records[0].recv_ms) / 1_000
        size = max(1, round(len(records) / seconds * wait_s)) if wait_s else BUNDLE
        metered = _metered(records, size)
        tables = [metered[table] / thousands for table in ("events", "qoe", "sessions")]
        naive_units = naive.units(_events(records)) / thousands
        share = sum(tables) / naive_units
        watching = getattr(runs.sizes, f"{traffic}_viewers")
        bundle = size * beacons_in(records) / len(records)
        rows.append(
            (f"{watching:,}, {name.partition(', ')[2]}", bundle, *tables, sum(tables), naive_units, share)
        )
        goals.append(Goal(f"write units, share of the naive mapping, {rows[-1][0]}", share, "", SHARE))
    columns = ("viewers", "beacons a bundle", "events", "qoe", "sessions", "together", "naive", "share")
    table = Table(columns, tuple(rows), "Write units per 1,000 beacons.")
    return Section("What the store bills", METHOD, (table,), tuple(goals))


def _events(records: list[Record]) -> Iterator[Point]:
    for record in records:
        for item in decode(KinesisRecord(record.data, record.recv_ms)):
            if isinstance(item, Beacon):
                yield event_point(item)


def _metered(records: list[Record], size: int) -> Counter[str]:
    meter = _Meter()
    process = InProcess(load(PROPERTIES), lambda _: meter)
    for start in range(0, len(records), size):
        process.batch(records[start : start + size])
    return meter.units
