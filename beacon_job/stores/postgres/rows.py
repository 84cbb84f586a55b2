"""Point -> row: who it is, and its columns as JSON, which the server takes apart. Pure.

A value goes to the column of its name where the types are the same; else to the column `more`, under its
name, as it is. So nothing is refused or changed because a column is missing or was made for something else.
"""

import functools
import time
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import msgspec

from beacon_job.stores.limits import OverLimit
from beacon_job.stores.postgres.limits import (
    Limit,
    check_double,
    check_integer,
    check_texts,
    check_time,
    check_timestamp,
    check_version,
)
from beacon_job.types.point import Point

KEY = ("time", "row_id")
OWN = (*KEY, "time_rest_ns", "version", "measure_name", "more")
"""Columns that every table has beside those of dimensions and measures."""

TIMESTAMP = "timestamp with time zone"
TYPES: dict[type, frozenset[str]] = {
    int: frozenset({"bigint", TIMESTAMP}),
    float: frozenset({"double precision"}),
    bool: frozenset({"boolean"}),
    str: frozenset({"text"}),
}
"""Type of a value -> types of the columns it goes to. A whole number in a column of times is epoch ms."""

_to_json = msgspec.json.Encoder().encode
_ROW_ID_BYTES = 16


class Columns(msgspec.Struct, frozen=True, eq=False):
    """The columns of one table, as the server has them now."""

    types: dict[str, str]


class Shape(msgspec.Struct, frozen=True):
    """What is the same of rows with equal names and types of their values."""

    more: tuple[str, ...]
    """Names without a column."""
    integers: tuple[str, ...]
    doubles: tuple[str, ...]
    timestamps: tuple[str, ...]
    """Names of the measures that must be looked at, or written in another way."""


class RowIds:
    """Who a row is: 128 bits made of its dimensions, measure name and time; they stand in stored rows.

    Keeps what is common to points that share one dict of dimensions, as those of one player mostly do.
    """

    def __init__(self) -> None:
        self._dims: Mapping[str, str] | None = None
        self._begun = blake2b(digest_size=_ROW_ID_BYTES)

    def of(self, point: Point) -> str:
        """The id in hex: equal for two points that are the same row, whatever order their dimensions have."""
        if point.dims is not self._dims:
            said = sorted((name, value) for name, value in point.dims.items() if value)
            text = "".join([f"{len(name)}:{name}{len(value)}:{value}" for name, value in said])
            self._dims = point.dims
            self._begun = blake2b(_bytes(text), digest_size=_ROW_ID_BYTES)
        found = self._begun.copy()
        found.update(_bytes(f"{len(point.measure_name)}:{point.measure_name}{point.time_ns}"))
        return found.hexdigest()


def _bytes(text: str) -> bytes:
    # A point that is refused later needs an id as well.
    return text.encode("utf-8", "surrogatepass")


def encode(point: Point, row_id: str, columns: Columns) -> bytes:
    """The row as a JSON object whose members are columns; raises OverLimit."""
    dims = point.dims
    if "" in dims.values():
        # An empty value says nothing.
        dims = {name: value for name, value in dims.items() if value}
    measures = point.measures
    form = shape(columns, (*dims,), (*measures,), (*map(type, measures.values()),))
    values: dict[str, Any] = {**dims, **measures}
    for name in form.integers:
        check_integer(name, values[name])
    for name in form.doubles:
        check_double(name, values[name])
    for name in form.timestamps:
        check_timestamp(name, values[name])
        values[name] = timestamp(values[name] * 1_000_000)
    check_time(point.time_ns)
    check_version(point.version)
    if form.more:
        values["more"] = {name: values.pop(name) for name in form.more}
    values["time"] = timestamp(point.time_ns)
    values["time_rest_ns"] = point.time_ns % 1_000
    values["row_id"] = row_id
    values["version"] = point.version
    values["measure_name"] = point.measure_name
    try:
        encoded = _to_json(values)
    except UnicodeEncodeError:
        encoded = b""
    if not encoded or b"\\u0000" in encoded:
        check_texts([("measure_name", point.measure_name), *dims.items(), *measures.items()])
    return encoded


@functools.lru_cache(maxsize=4_096)
def shape(
    columns: Columns, dims: tuple[str, ...], measures: tuple[str, ...], types: tuple[type, ...]
) -> Shape:
    """The shape of rows with these names and types; raises OverLimit."""
    if twice := sorted({*dims} & {*measures}):
        reason = f"{', '.join(twice)} is both a dimension and a measure; allowed is one column of a name"
        raise OverLimit(Limit.NAME_TWICE, reason)
    kinds = [*((name, str) for name in dims), *zip(measures, types, strict=True)]
    for name, kind in kinds:
        if kind not in TYPES:
            reason = f"measure {name} is a {kind.__name__}; allowed are int, float, bool and str"
            raise OverLimit(Limit.VALUE_TYPE, reason)
    there = {name: columns.types[name] for name in columns.types.keys() - {*OWN}}
    timestamps = [name for name, kind in kinds if kind is int and there.get(name) == TIMESTAMP]
    return Shape(
        more=tuple(name for name, kind in kinds if there.get(name) not in TYPES[kind]),
        integers=tuple(name for name, kind in kinds if kind is int and name not in timestamps),
        doubles=tuple(name for name, kind in kinds if kind is float),
        timestamps=tuple(timestamps),
    )


def timestamp(time_ns: int) -> str:
    """A time as PostgreSQL reads it, to the microsecond."""
    seconds, rest_ns = divmod(time_ns, 10**9)
    return f"{_second(seconds)}.{rest_ns // 1_000:06d}+00"


@functools.lru_cache(maxsize=8_192)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds))
