"""Points -> upserts of some hundred rows of one table, none of which holds a row twice. Pure."""

from collections.abc import Sequence

import msgspec

from beacon_job.stores.postgres.rows import RowIds
from beacon_job.types.point import Point

ROWS_PER_REQUEST = 500


class Row(msgspec.Struct, frozen=True):
    """A point on its way."""

    index: int
    """Its position in what was given to the store."""
    row_id: str
    point: Point


class Request(msgspec.Struct, frozen=True):
    """Rows of one table that are written by one statement."""

    table: str
    rows: list[Row]

    def indexes(self) -> list[int]:
        """See `delivery.Request`."""
        return [row.index for row in self.rows]

    def halves(self) -> tuple["Request", "Request"]:
        """See `delivery.Request`."""
        middle = len(self.rows) // 2
        return Request(self.table, self.rows[:middle]), Request(self.table, self.rows[middle:])


def plan(points: Sequence[Point]) -> tuple[list[Request], int]:
    """Requests for a batch, and how many points were left out because the batch holds the same row again.

    Of points that are the same row the one with the highest version counts; of equal versions the last. Rows
    are in the order of their key: two writers of the same rows wait for each other instead of for ever.
    """
    ids = RowIds()
    tables: dict[str, dict[str, Row]] = {}
    for index, point in enumerate(points):
        rows = tables.setdefault(point.table, {})
        row_id = ids.of(point)
        held = rows.get(row_id)
        if held is None or held.point.version <= point.version:
            rows[row_id] = Row(index, row_id, point)
    requests = []
    for table, rows in tables.items():
        ordered = sorted(rows.values(), key=lambda row: (row.point.time_ns, row.row_id))
        requests += [
            Request(table, ordered[start : start + ROWS_PER_REQUEST])
            for start in range(0, len(ordered), ROWS_PER_REQUEST)
        ]
    return requests, len(points) - sum(len(rows) for rows in tables.values())
