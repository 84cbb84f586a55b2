"""Points -> WriteRecords requests that cost as little as they can. Pure.

The service bills the content of each request in units of 1 KiB, and what stands in CommonAttributes once. So
points are put together that share the most, everything a request's records share is taken out of them, and
requests are filled up to 100 records.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import repeat
from json.encoder import encode_basestring as quote

import msgspec

from beacon_job.stores.limits import OverLimit
from beacon_job.stores.store import Refused
from beacon_job.stores.timestream.limits import (
    DIMENSIONS,
    DIMENSIONS_BYTES,
    RECORDS_PER_REQUEST,
    check_columns,
    check_dimensions,
)
from beacon_job.stores.timestream.records import Record, record
from beacon_job.types.point import Point

WRITE_UNIT_BYTES = 1_024


class Group(msgspec.Struct, eq=False):
    """All points of a batch with equal table and dimensions."""

    table: str
    dims: dict[str, str]
    """Without empty values."""
    bytes: int = 0
    over: OverLimit | None = None
    """Why no record with these dimensions can be stored."""
    index_by_row: dict[tuple[str, int], int] = {}
    """For each measure name and time the point that counts."""


class Request(msgspec.Struct, frozen=True):
    """The content of one WriteRecords call: records of one table, those of one group side by side."""

    table: str
    """The logical name."""
    rows: list[tuple[Group, Record]]

    def indexes(self) -> list[int]:
        """See `delivery.Request`."""
        return [row.index for _, row in self.rows]

    def halves(self) -> tuple["Request", "Request"]:
        """See `delivery.Request`."""
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
    groups, repeated = _gather(points)
    refused: list[Refused] = []
    by_table: dict[str, list[tuple[Group, Record]]] = {}
    for group in _cheapest_order(groups):
        rows = by_table.setdefault(group.table, [])
        for _, index in sorted(group.index_by_row.items()):
            try:
                if group.over:
                    raise group.over
                check_columns(group.dims, points[index].measures)
                rows.append((group, record(index, points[index], group.bytes)))
            except OverLimit as over:
                refused.append(Refused(index, over.limit, str(over)))
    requests = [
        Request(table, rows[start : start + RECORDS_PER_REQUEST])
        for table, rows in by_table.items()
        for start in range(0, len(rows), RECORDS_PER_REQUEST)
    ]
    return Plan(requests, refused, repeated)


def _gather(points: Sequence[Point]) -> tuple[list[Group], int]:
    """The points by group, and how many were repeats.

    Of points that are the same row the one with the highest version counts; of equal versions the last.
    """
    groups: dict[tuple[str, frozenset[tuple[str, str]]], Group] = {}
    repeated = 0
    group = Group("", {})
    dims: dict[str, str] | None = None
    for index, point in enumerate(points):
        # Points of one player mostly follow each other, and share the dict.
        if point.dims is not dims or point.table != group.table:
            dims = point.dims
            group = _group(groups, point.table, dims)
        row = (point.measure_name, point.time_ns)
        held = group.index_by_row.setdefault(row, index)
        if held != index:
            repeated += 1
            if points[held].version <= point.version:
                group.index_by_row[row] = index
    return list(groups.values()), repeated


def _group(
    groups: dict[tuple[str, frozenset[tuple[str, str]]], Group], table: str, dims: dict[str, str]
) -> Group:
    """The group of these dimensions, whatever order and empty values they come with."""
    # An empty value says nothing, and the service refuses it.
    said = {name: value for name, value in dims.items() if value} if "" in dims.values() else dims
    key = (table, frozenset(said.items()))
    group = groups.get(key)
    if group is None:
        group = groups[key] = Group(table, said)
        try:
            group.bytes = _dimensions_bytes(said)
        except OverLimit as over:
            group.over = over
    return group


def _dimensions_bytes(said: dict[str, str]) -> int:
    """As `check_dimensions`, at a fraction of its cost for what is in order: names are few and known."""
    values = "".join(said.values())
    total = _names_bytes((*said,)) + len(values)
    if values.isascii() and 1 <= len(said) <= DIMENSIONS and total <= DIMENSIONS_BYTES:
        return total
    return check_dimensions(said)


@lru_cache(maxsize=4_096)
def _names_bytes(names: tuple[str, ...]) -> int:
    return sum(check_dimensions({name: ""}) for name in names)


def _cheapest_order(groups: Sequence[Group]) -> list[Group]:
    """Groups that share the most side by side: sorted by the dimension with the fewest values first."""
    distinct = {item for group in groups for item in group.dims.items()}
    values = Counter(name for name, _ in distinct)
    names = sorted(values, key=lambda name: (values[name], name))
    return sorted(groups, key=lambda group: "\x1f".join(map(group.dims.get, names, repeat(""))))


def encode(request: Request, database: str, table: str) -> tuple[bytes, int]:
    """The JSON body of the call, with everything common said once, and the write units it is billed.

    `table` is the store's name of the request's table.
    """
    all_dims = {id(group.dims): group.dims for group, _ in request.rows}
    common = set.intersection(*(set(dims.items()) for dims in all_dims.values()))
    measure_names = {row.measure_name for _, row in request.rows}
    measure_name = measure_names.pop() if len(measure_names) == 1 else ""

    attributes = ['"MeasureValueType":"MULTI"', '"TimeUnit":"NANOSECONDS"']
    if common:
        attributes.append(_dimensions(sorted(common)))
    if measure_name:
        attributes.append(f'"MeasureName":{quote(measure_name)}')
    own = {key: _own_dimensions(dims, common) for key, dims in all_dims.items()}
    names = {name: f'"MeasureName":{quote(name)},' for name in measure_names}
    records = ",".join(
        [f"{{{own[id(its.dims)]}{names.get(row.measure_name, '')}{row.json}" for its, row in request.rows]
    )
    text = (
        f'{{"DatabaseName":{quote(database)},"TableName":{quote(table)},'
        f'"CommonAttributes":{{{",".join(attributes)}}},"Records":[{records}]}}'
    )
    common_bytes = len(measure_name.encode()) + sum(len((name + value).encode()) for name, value in common)
    own_bytes = sum([group.bytes + row.bytes - common_bytes for group, row in request.rows])
    return text.encode(), -(-(common_bytes + own_bytes) // WRITE_UNIT_BYTES)


def _own_dimensions(dims: dict[str, str], common: set[tuple[str, str]]) -> str:
    """The member of a record for what its group does not share with the whole request."""
    own = [item for item in dims.items() if item not in common]
    return _dimensions(own) + "," if own else ""


def _dimensions(items: Iterable[tuple[str, str]]) -> str:
    parts = ",".join([f'{{"Name":{quote(name)},"Value":{quote(value)}}}' for name, value in items])
    return f'"Dimensions":[{parts}]'
