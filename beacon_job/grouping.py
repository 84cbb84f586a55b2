"""Points -> WriteRecords requests that cost as little as they can. Pure.

The service bills the content of each request in units of 1 KiB, and what stands in CommonAttributes once. So
points are put together that share the most, everything a request's records share is taken out of them, and
requests are filled up to 100 records.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from json.encoder import encode_basestring as quote

import msgspec

from beacon_job.limits import (
    DIMENSIONS,
    DIMENSIONS_BYTES,
    RECORDS_PER_REQUEST,
    OverLimit,
    check_dimensions,
    check_measure_name,
)
from beacon_job.point import Point
from beacon_job.records import Record, record
from beacon_job.store import Refused

WRITE_UNIT_BYTES = 1_024


class Series(msgspec.Struct, eq=False):
    """Points with equal table, dimensions and measure name."""

    measure_name: str
    dims: dict[str, str]
    """Sorted by name, without empty values; one object for all series with these dimensions."""
    bytes: int
    """Of dimensions and measure name."""
    index_by_time: dict[int, int] = {}
    """For each time the point that counts."""


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


class _Group(msgspec.Struct, eq=False):
    """All series of a batch with equal table and dimensions."""

    table: str
    dims: dict[str, str]
    bytes: int = 0
    over: OverLimit | None = None
    """Why no record with these dimensions can be stored."""
    series: dict[str, Series] = {}
    """By measure name."""


def plan(points: Sequence[Point]) -> Plan:
    """Requests for a batch of points, none of which holds a row twice."""
    groups, refused, repeated = _gather(points)
    by_table: dict[str, list[tuple[Series, Record]]] = {}
    for group in _cheapest_order(groups):
        rows = by_table.setdefault(group.table, [])
        for _, series in sorted(group.series.items()):
            for index in series.index_by_time.values():
                try:
                    rows.append((series, record(index, points[index], series.bytes)))
                except OverLimit as over:
                    refused.append(_refused(index, over))
    requests = [
        Request(table, rows[start : start + RECORDS_PER_REQUEST])
        for table, rows in by_table.items()
        for start in range(0, len(rows), RECORDS_PER_REQUEST)
    ]
    return Plan(requests, refused, repeated)


def _gather(points: Sequence[Point]) -> tuple[list[_Group], list[Refused], int]:
    """The points by group and series, those that cannot be stored, and how many were repeats.

    Of points with the same key and time the one with the highest version counts; of equal versions the last.
    """
    groups: dict[tuple[str, ...], _Group] = {}
    refused: list[Refused] = []
    repeated = 0
    group = _Group("", {})
    dims: dict[str, str] | None = None
    for index, point in enumerate(points):
        # Points of one player mostly follow each other: comparing is cheaper than making a key.
        if point.dims != dims or point.table != group.table:
            dims = point.dims
            group = _group(groups, point.table, dims)
        series = group.series.get(point.measure_name)
        if series is None:
            try:
                series = _series(group, point.measure_name)
            except OverLimit as over:
                refused.append(_refused(index, over))
                continue
        held = series.index_by_time.setdefault(point.time_ns, index)
        if held != index:
            repeated += 1
            if points[held].version <= point.version:
                series.index_by_time[point.time_ns] = index
    distinct = {id(group): group for group in groups.values()}
    return list(distinct.values()), refused, repeated


def _group(groups: dict[tuple[str, ...], _Group], table: str, dims: dict[str, str]) -> _Group:
    """The group of these dimensions, whatever order and empty values they come with."""
    key = (table, *dims, *dims.values())
    group = groups.get(key)
    if group is None:
        # An empty value says nothing, and the service refuses it.
        said = {name: dims[name] for name in sorted(dims) if dims[name]}
        group = groups.setdefault((table, *said, *said.values()), _Group(table, said))
        groups[key] = group
        try:
            group.bytes = _dimensions_bytes(said)
        except OverLimit as over:
            group.over = over
    return group


def _dimensions_bytes(said: dict[str, str]) -> int:
    """As `check_dimensions`, at a third of its cost for what is in order: names are few and known."""
    total = 0
    for name, value in said.items():
        if not value.isascii():
            return check_dimensions(said)
        total += _column_bytes(name) + len(value)
    return total if len(said) <= DIMENSIONS and total <= DIMENSIONS_BYTES else check_dimensions(said)


@lru_cache(maxsize=4_096)
def _column_bytes(name: str) -> int:
    return check_dimensions({name: ""})


def _series(group: _Group, measure_name: str) -> Series:
    """A new series of the group; raises OverLimit."""
    if group.over is not None:
        raise group.over
    size = group.bytes + check_measure_name(measure_name)
    series = group.series[measure_name] = Series(measure_name, group.dims, size)
    return series


def _refused(index: int, over: OverLimit) -> Refused:
    return Refused(index, over.limit, str(over))


def _cheapest_order(groups: Sequence[_Group]) -> list[_Group]:
    """Groups that share the most side by side: sorted by the dimension with the fewest values first."""
    values: dict[str, set[str]] = {}
    for group in groups:
        for name, value in group.dims.items():
            values.setdefault(name, set()).add(value)
    names = sorted(values, key=lambda name: (len(values[name]), name))
    return sorted(groups, key=lambda group: [group.dims.get(name, "") for name in names])


def encode(request: Request, database: str, table: str) -> tuple[bytes, int]:
    """The JSON body of the call, with everything common said once, and the write units it is billed.

    `table` is the store's name of the request's table.
    """
    all_dims = {id(series.dims): series.dims for series, _ in request.rows}
    common = set.intersection(*(set(dims.items()) for dims in all_dims.values()))
    measure_names = {series.measure_name for series, _ in request.rows}
    measure_name = measure_names.pop() if len(measure_names) == 1 else ""

    attributes = ['"MeasureValueType":"MULTI"', '"TimeUnit":"NANOSECONDS"']
    if common:
        attributes.append(_dimensions(sorted(common)))
    if measure_name:
        attributes.append(f'"MeasureName":{quote(measure_name)}')
    own = {key: _own_dimensions(dims, common) for key, dims in all_dims.items()}
    names = {name: f'"MeasureName":{quote(name)},' for name in measure_names}
    records = ",".join(
        [f"{{{own[id(its.dims)]}{names.get(its.measure_name, '')}{row.json}" for its, row in request.rows]
    )
    text = (
        f'{{"DatabaseName":{quote(database)},"TableName":{quote(table)},'
        f'"CommonAttributes":{{{",".join(attributes)}}},"Records":[{records}]}}'
    )
    common_bytes = len(measure_name.encode()) + sum(len((name + value).encode()) for name, value in common)
    own_bytes = sum([series.bytes + row.bytes - common_bytes for series, row in request.rows])
    return text.encode(), -(-(common_bytes + own_bytes) // WRITE_UNIT_BYTES)


def _own_dimensions(dims: dict[str, str], common: set[tuple[str, str]]) -> str:
    """The member of a record for what its series does not share with the whole request."""
    own = [item for item in dims.items() if item not in common]
    return _dimensions(own) + "," if own else ""


def _dimensions(items: Iterable[tuple[str, str]]) -> str:
    parts = ",".join([f'{{"Name":{quote(name)},"Value":{quote(value)}}}' for name, value in items])
    return f'"Dimensions":[{parts}]'
