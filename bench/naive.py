"""What an event store costs when nobody thinks of cost: one single-measure record per beacon. Pure.

As the connector of the time maps it: each record repeats all its dimensions, every further field is a
dimension, and a request holds 50 records. Shared attributes are not used.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from beacon_job.types.beacon import Value
from beacon_job.types.point import Point
from local.timestream.rules import wire
from local.timestream.rules.metering import request_bytes, write_units

BATCH = 50


def units(points: Iterable[Point]) -> int:
    """1 KiB write units for the rows of the `events` table, as the stand-in meters them."""
    rows = iter(points)
    return sum(_request_units(batch) for batch in iter(lambda: list(islice(rows, BATCH)), []))


def _request_units(points: list[Point]) -> int:
    request = wire.WriteRecords(records=list(_records(points)))
    return write_units(request_bytes(request, list(range(len(points)))))


def _records(points: Iterable[Point]) -> Iterator[wire.Record]:
    for point in points:
        measures = dict(point.measures)
        name = next((name for name, value in measures.items() if _is_number(value)), next(iter(measures)))
        measured = measures.pop(name)
        dims = {**point.dims, **{key: str(value) for key, value in measures.items()}}
        yield wire.Record(
            dimensions=[wire.Dimension(name=key, value=value) for key, value in dims.items()],
            measure_name=point.measure_name,
            measure_value=str(measured),
            measure_value_type="DOUBLE" if _is_number(measured) else "VARCHAR",
            time=str(point.time_ns // 1_000_000),
        )


def _is_number(value: Value) -> Any:
    return isinstance(value, int | float) and not isinstance(value, bool)
