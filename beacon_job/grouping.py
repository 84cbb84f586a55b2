"""Points -> WriteRecords requests that cost as little as they can. Pure.

The service bills the content of each request in units of 1 KiB, and what stands in CommonAttributes once. So
points are put together that share the most, everything a request's records share is taken out of them, and
requests are filled up to 100 records.
"""

from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring as quote

import msgspec

from beacon_job.limits import RECORDS_PER_REQUEST, OverLimit, check_dimensions, check_measure_name
from beacon_job.point import Point
from beacon_job.records import Record, record
from beacon_job.store import Refused

WRITE_UNIT_BYTES = 1_024

Dims = tuple[tuple[str, str], ...]


class Series(msgspec.Struct, frozen=True):
    """Points with equal table, dimensions and measure name."""

    table: str
    measure_name: str
    dims: Dims
    """Sorted by name, without empty values."""
    bytes: int
    """Of dimensions and measure name."""


class Request(msgspec.Struct, frozen=True):
    """The content of one WriteRecords call: records of one table, those of one series side by side."""

    table: str
    """The logical name."""
    rows: list[tuple[Series, Record]]

    def halves(self) -> tuple["Request", "Request"]:
        """Two requests with the same records."""
        middle = len(self.rows) // 2
        return Request(self.table, self.rows[:middle]), Request(self.table, self.rows[middle:])


class Plan(msgspec.Struct, frozen=True):
    """What becomes of a batch of points: each is in exactly one place."""

    requests: list[Request]
    refused: list[Refused]
    repeated: int
    """Points left out because the batch holds the same row again, with the same or a higher version."""


def plan(points: Sequence[Point]) -> Plan:
    """Requests for a batch of points, none of which holds a row twice."""
    refused: list[Refused] = []
    by_series, repeated = _by_series(points, refused)
    by_table: dict[str, list[tuple[Series, Record]]] = {}
    for series in _cheapest_order(by_series):
        rows = by_table.setdefault(series.table, [])
        for index in by_series[series].values():
            try:
                rows.append((series, record(index, points[index], series.bytes)))
            except OverLimit as limit:
                refused.append(Refused(index, limit.limit, str(limit)))
    requests = [
        Request(table, rows[start : start + RECORDS_PER_REQUEST])
        for table, rows in by_table.items()
        for start in range(0, len(rows), RECORDS_PER_REQUEST)
    ]
    return Plan(requests, refused, repeated)


def _by_series(points: Sequence[Point], refused: list[Refused]) -> tuple[dict[Series, dict[int, int]], int]:
    """Per series, the index of the point that counts for each time: of the highest version the last."""
    by_series: dict[Series, dict[int, int]] = {}
    known: dict[tuple[str, str, Dims], tuple[Series, dict[int, int]] | OverLimit] = {}
    repeated = 0
    for index, point in enumerate(points):
        key = (point.table, point.measure_name, tuple(point.dims.items()))
        found = known.get(key)
        if found is None:
            found = known[key] = _series(key, by_series)
        if isinstance(found, OverLimit):
            refused.append(Refused(index, found.limit, str(found)))
            continue
        times = found[1]
        time_ns = point.time_ns
        if time_ns in times:
            repeated += 1
            if points[times[time_ns]].version > point.version:
                continue
        times[time_ns] = index
    return by_series, repeated


def _series(
    key: tuple[str, str, Dims], by_series: dict[Series, dict[int, int]]
) -> tuple[Series, dict[int, int]] | OverLimit:
    table, measure_name, items = key
    # An empty value is refused by the service and says nothing.
    dims = {name: value for name, value in sorted(items) if value}
    try:
        size = check_measure_name(measure_name) + check_dimensions(dims)
    except OverLimit as limit:
        return limit
    series = Series(table, measure_name, tuple(dims.items()), size)
    return series, by_series.setdefault(series, {})


def _cheapest_order(by_series: Mapping[Series, object]) -> list[Series]:
    """Series that share the most side by side: sorted by the dimension with the fewest values first."""
    values: dict[str, set[str]] = {}
    for series in by_series:
        for name, value in series.dims:
            values.setdefault(name, set()).add(value)
    names = sorted(values, key=lambda name: (len(values[name]), name))

    def key(series: Series) -> tuple[object, ...]:
        dims = dict(series.dims)
        return (series.table, *(dims.get(name, "") for name in names), series.measure_name)

    return sorted(by_series, key=key)


def body(request: Request, database: str, table: str) -> bytes:
    """The JSON body of the call, with everything common said once; `table` is the store's name of it."""
    common, measure_name = _common(request)
    attributes = ['"MeasureValueType":"MULTI"', '"TimeUnit":"NANOSECONDS"']
    if common:
        attributes.append(_dimensions(sorted(common)))
    if measure_name:
        attributes.append(f'"MeasureName":{quote(measure_name)}')
    records = []
    series = None
    head = ""
    for its, row in request.rows:
        if its is not series:
            series, head = its, _head(its, common, measure_name)
        records.append(head + row.json)
    text = (
        f'{{"DatabaseName":{quote(database)},"TableName":{quote(table)},'
        f'"CommonAttributes":{{{",".join(attributes)}}},"Records":[{",".join(records)}]}}'
    )
    return text.encode()


def write_units(request: Request) -> int:
    """What the request is billed, by its content."""
    common, measure_name = _common(request)
    common_bytes = _bytes(common) + len(measure_name.encode())
    own = sum(row.bytes + series.bytes - common_bytes for series, row in request.rows)
    return -(-(own + common_bytes) // WRITE_UNIT_BYTES)


def _common(request: Request) -> tuple[frozenset[tuple[str, str]], str]:
    """The dimensions that all records share, and their measure name (empty when they differ)."""
    distinct = {id(series): series for series, _ in request.rows}.values()
    common = frozenset.intersection(*(frozenset(series.dims) for series in distinct))
    names = {series.measure_name for series in distinct}
    return common, names.pop() if len(names) == 1 else ""


def _bytes(dims: frozenset[tuple[str, str]]) -> int:
    return sum(len(name.encode()) + len(value.encode()) for name, value in dims)


def _head(series: Series, common: frozenset[tuple[str, str]], measure_name: str) -> str:
    """The part of a record before its own: what its series does not share with the whole request."""
    own = [item for item in series.dims if item not in common]
    dims = _dimensions(own) + "," if own else ""
    name = "" if measure_name else f'"MeasureName":{quote(series.measure_name)},'
    return "{" + dims + name


def _dimensions(items: Sequence[tuple[str, str]]) -> str:
    parts = ",".join(f'{{"Name":{quote(name)},"Value":{quote(value)}}}' for name, value in items)
    return f'"Dimensions":[{parts}]'
