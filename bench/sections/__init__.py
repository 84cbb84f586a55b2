"""What can be measured, by name; each of these measures and answers its tables."""

from collections.abc import Callable, Sequence

from bench.report import Table
from bench.sections import cpu, dashboards, door, latency, live, memory, posts, requests, restart, stores
from bench.sections.bench import FULL, QUICK, Bench

__all__ = ["FULL", "QUICK", "SECTIONS", "Bench"]

SECTIONS: dict[str, Callable[[Bench], Sequence[Table]]] = {
    "recorded": cpu.recorded,
    "viewers": cpu.viewers,
    "live": live.measure,
    "memory": memory.measure,
    "latency": latency.measure,
    "restart": restart.measure,
    "requests": requests.measure,
    "stores": stores.measure,
    "door": door.measure,
    "posts": posts.measure,
    "dashboards": dashboards.measure,
}
"""In the order of the report."""
