"""What can be measured, one module per section of the report; `run(runs)` of each gives the section."""

from collections.abc import Callable

from bench.report import Section
from bench.runs import Runs
from bench.sections import baseline, cost, cpu, latency, memory, sessions

SECTIONS: dict[str, Callable[[Runs], Section]] = {
    "cost": cost.run,
    "cpu": cpu.run,
    "baseline": baseline.run,
    "latency": latency.run,
    "memory": memory.run,
    "sessions": sessions.run,
}
"""In the order of the report."""
