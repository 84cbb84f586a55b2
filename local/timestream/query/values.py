"""Values of DuckDB as the service puts them on the wire: types, and texts. Pure.

A column is fetched in a form that loses nothing (a timestamp as nanoseconds), then written as text.
"""

import math
from collections.abc import Callable
from typing import Any

import msgspec
from duckdb.sqltypes import DuckDBPyType

from local.timestream.query.errors import failed, unsupported
from local.timestream.rules.limits import BIGINT
from local.timestream.storage.inspection import timestamp_text

Datum = dict[str, Any]

NULL: Datum = {"NullValue": True}
_DAY_US = 86_400_000_000
_YEAR_TO_MONTH = {"ScalarType": "INTERVAL_YEAR_TO_MONTH"}


class Shape(msgspec.Struct, frozen=True):
    """How values of one type are fetched, typed and written."""

    type: dict[str, Any]
    """ColumnInfo.Type"""
    fetch: Callable[[str], str]
    """DuckDB's expression for a value -> the expression to fetch."""
    datum: Callable[[Any], Datum]
    """A fetched value that is not null -> its Datum."""

    def write(self, value: Any) -> Datum:
        """The Datum of a fetched value."""
        return NULL if value is None else self.datum(value)


def shape_of(kind: DuckDBPyType) -> Shape:
    """The shape of a type of DuckDB. Raises ValidationException for one the service has not."""
    name = kind.id
    if name == "list":
        return _array(kind.children[0][1])
    if name in ("struct", "tuple"):
        return _row(kind)
    shape = _SCALARS.get(name)
    if shape is None:
        unsupported(f"A column of type {kind}")
    return shape


def column_info(names: list[str], shapes: list[Shape], rows: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """ColumnInfo of a result. DuckDB has one type of interval: which of two it is, its values tell."""
    return [
        {"Name": name, "Type": _YEAR_TO_MONTH if _is_months(shape, rows, place) else shape.type}
        for place, (name, shape) in enumerate(zip(names, shapes, strict=True))
    ]


def _is_months(shape: Shape, rows: list[tuple[Any, ...]], place: int) -> bool:
    if shape is not _SCALARS["interval"]:
        return False
    found = [row[place] for row in rows if row[place] is not None]
    return any(months for months, _ in found) and not any(microseconds for _, microseconds in found)


def double_text(value: float) -> str:
    """As Java prints it: `1.0`, `1.0E10`, `NaN`, `-Infinity`."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if value == 0 or 1e-3 <= abs(value) < 1e7:
        text = repr(value)
        if "e" not in text:
            return text
    digits, _, exponent = f"{value!r}".partition("e")
    sign = "-" if digits.startswith("-") else ""
    whole, _, fraction = digits.lstrip("-").partition(".")
    power = int(exponent or 0) + len(whole) - 1
    significant = (whole + fraction).rstrip("0")
    stripped = significant.lstrip("0")
    power -= len(significant) - len(stripped)
    return f"{sign}{stripped[0]}.{stripped[1:] or '0'}E{power}"


def days_text(microseconds: int) -> str:
    """An INTERVAL_DAY_TO_SECOND: `1 21:00:00.000000000`."""
    sign = "-" if microseconds < 0 else ""
    days, rest = divmod(abs(microseconds), _DAY_US)
    seconds, fraction = divmod(rest, 1_000_000)
    clock = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    return f"{sign}{days} {clock}.{fraction * 1000:09d}"


def months_text(months: int) -> str:
    """An INTERVAL_YEAR_TO_MONTH: `2-7`."""
    return f"{'-' if months < 0 else ''}{abs(months) // 12}-{abs(months) % 12}"


def _integer_text(value: int) -> str:
    if value not in BIGINT:
        message = f"bigint out of range: {value}"
        raise failed(message)
    return str(value)


def _interval_text(value: list[int]) -> str:
    months, microseconds = value
    return months_text(months) if months and not microseconds else days_text(microseconds)


def _interval_parts(sql: str) -> str:
    parts = [
        f"datepart('{part}', {sql})" for part in ("year", "month", "day", "hour", "minute", "microsecond")
    ]
    year, month, day, hour, minute, microsecond = parts
    total = f"(({day} * 24 + {hour}) * 60 + {minute}) * 60000000 + {microsecond}"
    return f"CASE WHEN {sql} IS NULL THEN NULL ELSE [{year} * 12 + {month}, {total}] END"


def _time_text(text: str) -> str:
    seconds, _, fraction = text.partition(".")
    return f"{seconds}.{fraction:0<9}"


def _scalar(name: str, text: Callable[[Any], str], fetch: Callable[[str], str] = lambda sql: sql) -> Shape:
    return Shape({"ScalarType": name}, fetch, lambda value: {"ScalarValue": text(value)})


def _as_text(sql: str) -> str:
    return f"CAST({sql} AS VARCHAR)"


_INTEGER = _scalar("INTEGER", str)
_BIGINT = _scalar("BIGINT", _integer_text)
_DOUBLE = _scalar("DOUBLE", double_text, lambda sql: f"CAST({sql} AS DOUBLE)")
_TIMESTAMP = _scalar("TIMESTAMP", timestamp_text, lambda sql: f"epoch_ns({sql})")

_SCALARS: dict[str, Shape] = {
    "boolean": _scalar("BOOLEAN", lambda value: "true" if value else "false"),
    "varchar": _scalar("VARCHAR", str),
    "tinyint": _INTEGER,
    "smallint": _INTEGER,
    "integer": _INTEGER,
    "utinyint": _INTEGER,
    "usmallint": _INTEGER,
    "uinteger": _BIGINT,
    "bigint": _BIGINT,
    "ubigint": _BIGINT,
    "hugeint": _BIGINT,
    "float": _DOUBLE,
    "double": _DOUBLE,
    "decimal": _DOUBLE,
    "timestamp": _TIMESTAMP,
    "timestamp_ns": _TIMESTAMP,
    "timestamp_s": _TIMESTAMP,
    "timestamp_ms": _TIMESTAMP,
    "date": _scalar("DATE", str, _as_text),
    "time": _scalar("TIME", _time_text, _as_text),
    "interval": _scalar("INTERVAL_DAY_TO_SECOND", _interval_text, _interval_parts),
    "null": _scalar("UNKNOWN", str, _as_text),
}
"""By the id of DuckDB's type."""


def _array(item: DuckDBPyType) -> Shape:
    if _is_point(item):
        return _time_series(shape_of(item.children[1][1]))
    shape = shape_of(item)
    return Shape(
        {"ArrayColumnInfo": {"Type": shape.type}},
        lambda sql: f"list_transform({sql}, lambda x: {shape.fetch('x')})",
        lambda items: {"ArrayValue": [shape.write(value) for value in items]},
    )


def _is_point(kind: DuckDBPyType) -> bool:
    return (
        kind.id == "struct"
        and [name for name, _ in kind.children] == ["time", "value"]
        and kind.children[0][1].id.startswith("timestamp")
    )


def _time_series(value: Shape) -> Shape:
    def datum(points: list[tuple[int, Any]]) -> Datum:
        written = [{"Time": timestamp_text(time_ns), "Value": value.write(item)} for time_ns, item in points]
        return {"TimeSeriesValue": written}

    return Shape(
        {"TimeSeriesMeasureValueColumnInfo": {"Type": value.type}},
        lambda sql: f"list_transform({sql}, lambda p: row(epoch_ns(p.time), {value.fetch('p.value')}))",
        datum,
    )


def _row(kind: DuckDBPyType) -> Shape:
    names = [name for name, _ in kind.children]
    shapes = [shape_of(child) for _, child in kind.children]

    def fetch(sql: str) -> str:
        parts = [
            shape.fetch(f"({sql})[{place}]" if not name else f"({sql}).{quoted(name)}")
            for place, (name, shape) in enumerate(zip(names, shapes, strict=True), start=1)
        ]
        return f"CASE WHEN {sql} IS NULL THEN NULL ELSE row({', '.join(parts)}) END"

    return Shape(
        {
            "RowColumnInfo": [
                {**({"Name": name} if name else {}), "Type": shape.type}
                for name, shape in zip(names, shapes, strict=True)
            ]
        },
        fetch,
        lambda row: {
            "RowValue": {"Data": [shape.write(item) for shape, item in zip(shapes, row, strict=True)]}
        },
    )


def quoted(name: str) -> str:
    """A name as DuckDB takes any."""
    return '"' + name.replace('"', '""') + '"'
