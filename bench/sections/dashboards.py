"""Every panel of the dashboards over an hour of 1,000 concurrent viewers, and how writing goes on meanwhile.

The rows are the job's own, of five minutes, and eleven copies of them before that under other session ids.
Cold is the first time a panel is asked for after the stand-in has started again, warm the median of the next
five, and the last figure is taken while the rows of as many live viewers are written, a bundle every 500 ms.
"""

import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import takewhile

import msgspec

from beacon_job.stores import Store, open_store
from beacon_job.stores.timestream.settings import TimestreamSettings
from beacon_job.types.point import Point
from bench.accounting import percentile
from bench.panels import asked, panels, ready
from bench.report import Table
from bench.sections.bench import Bench
from bench.stages import Stages
from bench.traffic import arriving, now_ms
from local.aws.tables import DATABASE

COPIES = 12
WARM_TIMES = 5
ROWS_PER_WRITE = 5_000
BUNDLE_S = 0.5
WRITE_S = 20.0


def measure(bench: Bench) -> Sequence[Table]:
    """A table of the panels, and one of writing without and with somebody who looks at them."""
    sizes, lab = bench.sizes, bench.lab
    lab.restart_store(bench.versions[0])
    store = open_store(TimestreamSettings(database=DATABASE, region="us-east-1", endpoint_url=lab.store_url))
    bench.say(f"{sizes.dashboard_viewers:,} viewers of {sizes.dashboard_s // COPIES} s, {COPIES} times")
    end_ms = now_ms()
    rows = rows_of(sizes.dashboard_viewers, sizes.dashboard_s * 1_000 // COPIES, end_ms)
    stored = sum(_written(store, part) for part in copies(rows, sizes.dashboard_s * 1_000))
    session = next(point.dims["session_id"] for point in rows if point.table == "events")
    shown = panels(session, end_ms - sizes.dashboard_s * 1_000, end_ms)
    bench.say(f"{stored:,} rows are stored; the stand-in starts again")
    lab.restart_store(bench.versions[0], empty=False)
    load_s = ready(lab.store_url)
    cold = [asked(lab.store_url, panel) for panel in shown]
    warm = [[asked(lab.store_url, panel) for _ in range(WARM_TIMES)] for panel in shown]
    bench.say(f"writing for {WRITE_S:.0f} s, and again while somebody looks at all panels")
    live = rows[: round(BUNDLE_S * len(rows) * COPIES / sizes.dashboard_s)]
    alone_ms = _bundles(store, live, threading.Event())
    looked_at = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(_bundles, store, live, looked_at)
        meanwhile = [asked(lab.store_url, panel) for panel in shown]
        while not looked_at.wait(0):
            asked(lab.store_url, shown[int(time.monotonic()) % len(shown)])
        beside_ms = writing.result()
    store.close()
    return [
        Table(
            ("dashboard", "panel", "cold ms", "warm ms", "while writing ms", "MB read"),
            tuple(
                (
                    panel.dashboard,
                    panel.title,
                    first.ms,
                    statistics.median(one.ms for one in again),
                    beside.ms,
                    first.scanned_bytes / 1e6,
                )
                for panel, first, again, beside in zip(shown, cold, warm, meanwhile, strict=True)
            ),
            f"{stored:,} rows; there {load_s:.0f} s after the start of the stand-in",
        ),
        Table(
            ("bundles of live rows", "rows each", "p50 ms", "p95 ms", "longest ms"),
            (
                ("nobody looks", len(live), *_spread(alone_ms)),
                ("all panels, one after the other", len(live), *_spread(beside_ms)),
            ),
        ),
    ]


def rows_of(watching: int, span_ms: int, end_ms: int) -> list[Point]:
    """What the job stores of so many viewers in this time."""
    records = takewhile(
        lambda record: record.recv_ms < end_ms, arriving(watching, end_ms - span_ms, fill_s=10)
    )
    return [point for rows in Stages().rows(records) for point in rows]


def copies(rows: Sequence[Point], span_ms: int) -> Iterator[list[Point]]:
    """All rows as often as they fill the span, each copy earlier than the one before, some at a time."""
    for copy in range(COPIES):
        earlier_ns = copy * span_ms // COPIES * 1_000_000
        for start in range(0, len(rows), ROWS_PER_WRITE):
            yield [_moved(point, copy, earlier_ns) for point in rows[start : start + ROWS_PER_WRITE]]


def _moved(point: Point, copy: int, earlier_ns: int) -> Point:
    session = point.dims.get("session_id")
    dims = point.dims | {"session_id": f"{session}-{copy}"} if session and copy else point.dims
    return msgspec.structs.replace(point, dims=dims, time_ns=point.time_ns - earlier_ns)


def _written(store: Store, rows: Sequence[Point]) -> int:
    if refused := store.write(rows):
        message = f"the stand-in refused {len(refused)} rows: {refused[0].reason}"
        raise RuntimeError(message)
    return len(rows)


def _bundles(store: Store, rows: Sequence[Point], over: threading.Event) -> list[float]:
    """How long each bundle took, one every BUNDLE_S; sets `over` at the end."""
    took_ms: list[float] = []
    began_s = time.monotonic()
    while (due_s := began_s + len(took_ms) * BUNDLE_S) < began_s + WRITE_S:
        time.sleep(max(0.0, due_s - time.monotonic()))
        now_ns = time.time_ns()
        bundle = [msgspec.structs.replace(point, time_ns=now_ns + n) for n, point in enumerate(rows)]
        sent_s = time.monotonic()
        _written(store, bundle)
        took_ms.append(1_000 * (time.monotonic() - sent_s))
    over.set()
    return took_ms


def _spread(took_ms: list[float]) -> tuple[float, ...]:
    return tuple(percentile(took_ms, share) for share in (0.5, 0.95, 1.0))
