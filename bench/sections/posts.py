"""Posts a viewer-hour makes, and dollars per 1,000 viewer-hours, by way of sending."""

from collections.abc import Sequence

from bench.posts import cost, ways
from bench.report import Table
from bench.sections.bench import Bench

COLUMNS = (
    "sent", "by", "posts per viewer-hour", "door $", "stream $", "writes $", "compute $", "together $"
)  # fmt: skip
CAPTION = "US dollars per 1,000 viewer-hours at us-east-1 list prices; docs/front-door.md has the formulas"


def measure(_bench: Bench) -> Sequence[Table]:
    """One row a way; what each costs follows from its counts."""
    rows: list[tuple[str | float, ...]] = []
    for way in ways():
        usd = cost(way)
        rows.append(
            (way.name, way.player, way.posts, usd.door, usd.stream, usd.writes, usd.compute, usd.together)
        )
    return [Table(COLUMNS, tuple(rows), CAPTION)]
