"""A store as small as it can be, to begin another with: SQLite, a table for each kind of row."""

import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from beacon_job.stores.delivery import Delivery, Halve, Outcome, RetryPolicy, Settled, Stop, TryAgain
from beacon_job.stores.store import Counters, Refused
from beacon_job.types.point import Point

ROWS_PER_REQUEST = 100
TABLES = ("events", "qoe", "sessions")
CREATE = """
CREATE TABLE {table} (
    dims TEXT, measure_name TEXT, time_ns INTEGER, version INTEGER,
    measures TEXT CHECK (json_valid(measures)),
    PRIMARY KEY (dims, measure_name, time_ns)
)"""
UPSERT = """
INSERT INTO {table} VALUES (?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET version = excluded.version, measures = excluded.measures
WHERE excluded.version > version"""


class Rows(NamedTuple):
    """See `delivery.Request`."""

    table: str
    points: list[tuple[int, Point]]

    def indexes(self) -> list[int]:
        return [index for index, _ in self.points]

    def halves(self) -> tuple["Rows", "Rows"]:
        middle = len(self.points) // 2
        return Rows(self.table, self.points[:middle]), Rows(self.table, self.points[middle:])


class ToyStore:
    """See `store.Store`."""

    def __init__(self, path: str, retry_budget_ms: int) -> None:
        self.counters = Counters()
        self._database = sqlite3.connect(path, timeout=0, check_same_thread=False)
        self._delivery = Delivery(self._send, 1, RetryPolicy(retry_budget_ms), self.counters)

    def write(self, points: Sequence[Point]) -> list[Refused]:
        self.counters.seen(points)
        by_table: dict[str, list[tuple[int, Point]]] = {}
        for index, point in enumerate(points):
            by_table.setdefault(point.table, []).append((index, point))
        return self._delivery.deliver(
            [
                Rows(table, rows[start : start + ROWS_PER_REQUEST])
                for table, rows in by_table.items()
                for start in range(0, len(rows), ROWS_PER_REQUEST)
            ]
        )

    def close(self) -> None:
        self._delivery.close()
        self._database.close()

    def _send(self, request: Rows) -> Outcome:
        rows = [_row(point) for _, point in request.points]
        try:
            with self._database:
                self._database.executemany(UPSERT.format(table=request.table), rows)
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return Stop(f"SQLite table {request.table}: {error}; create it and allow INSERT and UPDATE")
            return TryAgain(f"SQLite table {request.table}: {error}")
        except (sqlite3.Error, OverflowError, ValueError) as error:
            return Halve("invalid", str(error))
        return Settled()


def _row(point: Point) -> tuple[object, ...]:
    dims = json.dumps({name: value for name, value in point.dims.items() if value}, sort_keys=True)
    return dims, point.measure_name, point.time_ns, point.version, json.dumps(point.measures)
