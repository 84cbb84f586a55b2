"""What flows through the stack right now, as figures and as a panel for the terminal."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from local.flink import job_metrics
from local.flink.rest import FlinkRest, RestError
from local.screen.groups import GroupLine
from local.screen.proof import Line
from local.stores import LocalStore

VIEWERS = {
    "sessions_active": "watching",
    "sessions_over": "gone",
    "records": "posts sent",
    "good_events": "good beacons",
    "broken_records": "broken posts",
    "repeated_records": "posts sent twice",
    "not_sent": "waiting",
}
"""Counters of the viewers (`viewers.json`) that are shown, in words."""


class Flow(msgspec.Struct, frozen=True):
    """One look at the stack: counts since the job's (re)start, rows and units of all that is stored."""

    job: str
    """The job's state in Flink's words, or why nothing is known."""
    ticks: int = 0
    records: int = 0
    beacons: int = 0
    bad: Mapping[str, int] = {}
    refused: Mapping[str, int] = {}
    retried: int = 0
    throttled: int = 0
    lag_ms: int | None = None
    """How far the watermark is behind the clock."""
    rows: Mapping[str, int] = {}
    write_units: Mapping[str, int] = {}


def look(flink: FlinkRest, job: str, store: LocalStore) -> Flow:
    """Ask Flink and the store; never raises for what does not answer."""
    rows, units = store.stored()
    try:
        state = flink.state(job)
        metrics = job_metrics.read(flink, job)
    except RestError as error:
        return Flow(job=str(error).splitlines()[0], rows=rows, write_units=units)
    watermark_ms = metrics.get("watermark_ms", 0)
    return Flow(
        job=state,
        ticks=metrics.get("ticks", 0),
        records=metrics.get("records", 0),
        beacons=metrics.get("beacons", 0),
        bad=_family(metrics, "bad_"),
        refused=_family(metrics, "refused_"),
        retried=metrics.get("retried", 0),
        throttled=metrics.get("throttled", 0),
        lag_ms=int(time.time() * 1000) - watermark_ms if watermark_ms else None,
        rows=rows,
        write_units=units,
    )


def panel(
    console: Console,
    told: Mapping[str, str],
    proof: Sequence[Line],
    groups: Sequence[GroupLine],
    urls: Mapping[str, str],
) -> Group:
    """The terminal's view: where things are, what flows, and what was measured beside what is true.

    Where the terminal is not high enough for all, the addresses are left out, and the least watched groups.
    """
    flows = Table(box=None, pad_edge=False, show_header=False)
    flows.add_column(style="bold", min_width=14)
    flows.add_column()
    for name, text in told.items():
        flows.add_row(name, text)
    links = Table(box=None, pad_edge=False, show_header=False)
    for name, url in urls.items():
        links.add_row(Text(name, style="dim"), Text(url, style="cyan"))
    top: list[RenderableType] = [links, Text()]
    end: list[RenderableType] = [Text("Ctrl-C stops with a savepoint", style="dim")]
    if proof:
        end = [_grid(("synthetic viewers", "measured", "true"), proof), Text(), *end]
    rows_left = console.height - _height(console, [flows, Text(), *end])
    if rows_left < _height(console, top) + _FEW_GROUPS + _GROUPS_FRAME:
        top = []
    shown = groups[: max(0, rows_left - _height(console, top) - _GROUPS_FRAME)]
    middle = [_grid(GroupLine._fields, shown), Text()] if shown else []
    return Group(*top, flows, Text(), *middle, *end)


_FEW_GROUPS = 4
"""Rows of groups that are worth more than the addresses."""
_GROUPS_FRAME = 2
"""The line above the groups and the one below."""


def _height(console: Console, parts: Sequence[RenderableType]) -> int:
    return len(console.render_lines(Group(*parts), pad=False))


def _grid(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    grid = Table(*(name.replace("_", " ") for name in names), box=None, pad_edge=False, header_style="bold")
    for row in rows:
        grid.add_row(*row)
    return grid


def lines(flow: Flow, before: Flow, passed_s: float, viewers: Mapping[str, Any]) -> dict[str, str]:
    """What flows, in words, with rates against the look before."""
    rate = max(0.0, flow.beacons - before.beacons) / passed_s if passed_s else 0.0
    rows = ", ".join(f"{table} {count:,}" for table, count in flow.rows.items()) or "none yet"
    billed = sum(flow.write_units.values())
    units = f"  ({billed:,} write units of 1 KiB)" if billed else ""
    lag = "unknown" if flow.lag_ms is None else f"{flow.lag_ms / 1000:.1f} s behind the clock"
    told = {"job": flow.job}
    if viewers:
        told["viewers"] = ", ".join(f"{words} {viewers[name]:,}" for name, words in VIEWERS.items())
    return told | {
        "beacons in": f"{flow.beacons:,} in {flow.records:,} records, {rate:.1f}/s",
        "rows stored": rows + units,
        "dead letters": _reasons({**flow.bad, **flow.refused}),
        "store": f"{flow.retried:,} requests tried again, {flow.throttled:,} throttled",
        "event time": lag,
    }


def _reasons(counts: Mapping[str, int]) -> str:
    if not counts:
        return "none"
    each = ", ".join(
        f"{reason} {count:,}" for reason, count in sorted(counts.items(), key=lambda item: -item[1])
    )
    return f"{sum(counts.values()):,} ({each})"


def _family(metrics: Mapping[str, int], prefix: str) -> dict[str, int]:
    return {
        name.removeprefix(prefix): value
        for name, value in metrics.items()
        if name.startswith(prefix) and value
    }
