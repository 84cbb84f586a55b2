"""Versions of the job side by side."""

from collections.abc import Callable, Mapping, Sequence
from statistics import median

from bench.report import Table
from bench.sections.bench import Bench
from bench.usage import COMPILER, JVM, PYTHON
from bench.versions import Version
from bench.watching import Run

COLUMNS = (
    "job",
    "JVM µs",
    "Python µs",
    "together µs",
    "least µs",
    "compiler µs",
    "beacons/s",
    "keyed updates",
    "units: events",
    "qoe",
    "sessions",
)
"""Medians, and the least of the totals; the compiler is not in them."""


def in_turn(bench: Bench, measure: Callable[[Version], Run]) -> dict[str, list[Run]]:
    """Each version once, then each again: what else the machine does meets all alike. Raises TooShort."""
    runs: dict[str, list[Run]] = {version.name: [] for version in bench.versions}
    for turn in range(bench.repeat):
        for version in bench.versions:
            bench.say(f"{version.name}, run {turn + 1}")
            run = measure(version)
            runs[version.name].append(run)
            shares = ", ".join(f"{role} {us:.1f}" for role, us in run.cpu_us().items())
            bench.say(f"  {run.total_us():.1f} µs a beacon: {shares}")
    return runs


def compared(name: str, runs: Mapping[str, Sequence[Run]]) -> Table:
    """Medians of each version, the least of its totals, and how the first stands to the other."""
    rows = [_figures(found) for found in runs.values()]
    shown: list[tuple[str | float, ...]] = [(name, *row) for name, row in zip(runs, rows, strict=True)]
    for other, row in list(zip(runs, rows, strict=True))[1:]:
        shown.append((f"this job / {other}", *(_ratio(a, b) for a, b in zip(rows[0], row, strict=True))))
    count = len(next(iter(runs.values())))
    caption = f"{name}, {count} run(s): CPU per beacon; keyed updates and write units per 1,000 beacons"
    return Table(COLUMNS, tuple(shown), caption)


def _figures(runs: Sequence[Run]) -> tuple[float, ...]:
    totals = [run.total_us() for run in runs]
    by_role = [run.cpu_us() for run in runs]
    jvm, python, compiler = (median(us.get(role, 0.0) for us in by_role) for role in (JVM, PYTHON, COMPILER))
    units = [run.write_units() for run in runs]
    return (
        jvm,
        python,
        median(totals),
        min(totals),
        compiler,
        median(run.rate_per_s() for run in runs),
        median(run.keyed_updates() for run in runs),
        *(median(found[table] for found in units) for table in units[0]),
    )


def _ratio(ours: float, theirs: float) -> str | float:
    return ours / theirs if theirs else "-"
