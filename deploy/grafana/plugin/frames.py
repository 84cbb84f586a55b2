"""Pages of Timestream's answer -> data frames, typed as Grafana's Timestream plugin types them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from beacon_job.types.errors import BeaconError

TABLE, TIME_SERIES = 0, 1
"""`format` of a target."""

NOT_SORTED = (
    "unable to process the data because it is not sorted in ascending order by time, please updated your"
    " query to sort the data by time if possible"
)


class PluginError(BeaconError):
    """What the plugin answers in place of frames; Grafana shows it on the panel."""


@dataclass(frozen=True)
class Field:
    """A column of a frame. `type` is Grafana's for a display: time, number, string or boolean.

    Values of time are epoch ms (with a fraction), null is None.
    """

    name: str
    type: str
    labels: dict[str, str] = field(default_factory=dict)
    values: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Frame:
    """Columns of equal length. Whatever of an answer could not be shown is told in `notices`."""

    name: str
    fields: list[Field]
    notices: tuple[str, ...] = ()


def frames(pages: Sequence[Mapping[str, Any]], format: int) -> list[Frame]:
    """The frames of a whole answer (all its pages, as boto3 gives them), as with `waitForResult`.

    Raises PluginError where the plugin does: a time series that is not in order of time, two columns that are
    time series, a row whose time series is missing.
    """
    columns = list(pages[0]["ColumnInfo"]) if pages else []
    rows = [row["Data"] for page in pages for row in page["Rows"]]
    notices: list[str] = []
    readers = list(_readers(columns, notices))
    series = [reader for reader in readers if reader.is_series]
    if len(series) > 1:
        message = "Multiple timeseries columns are not supported"
        raise PluginError(message)
    if series:
        found = [_one_series(series[0], readers, row) for row in rows]
    else:
        long = _long(readers, rows, notices)
        found = [wide(long) if format == TIME_SERIES else long]
    if not found:
        found = [Frame("", [])]
    return [Frame(found[0].name, found[0].fields, tuple(notices)), *found[1:]]


def _time(text: str) -> float:
    whole, _, fraction = text.partition(".")
    moment = datetime.strptime(whole, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    return moment.timestamp() * 1_000 + int(f"{fraction:0<9}"[:9]) / 1e6


def _bool(text: str) -> bool:
    return {"true": True, "false": False}[text]


_SCALARS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "TIMESTAMP": ("time", _time),
    "DATE": ("time", lambda text: _time(f"{text} 00:00:00")),
    "TIME": ("time", lambda text: _time(f"1970-01-01 {text}")),
    "BOOLEAN": ("boolean", _bool),
    "VARCHAR": ("string", str),
    "INTERVAL_DAY_TO_SECOND": ("string", str),
    "INTERVAL_YEAR_TO_MONTH": ("string", str),
    "DOUBLE": ("number", float),
    "BIGINT": ("number", int),
    "INTEGER": ("number", int),
}
"""Timestream's type -> the frame's, and how a cell of it is read."""


@dataclass(frozen=True)
class _Reader:
    name: str
    index: int
    type: str
    read: Callable[[Mapping[str, Any]], Any]
    is_series: bool = False


def _readers(columns: Sequence[Mapping[str, Any]], notices: list[str]) -> Iterator[_Reader]:
    """A reader per column that has a type Grafana knows; each other costs a notice."""
    for index, column in enumerate(columns):
        kind = column["Type"]
        is_series = "TimeSeriesMeasureValueColumnInfo" in kind
        if is_series:
            kind = kind["TimeSeriesMeasureValueColumnInfo"]["Type"]
        try:
            type_, read = _cell(kind)
        except PluginError as error:
            notices.append(str(error))
            continue
        yield _Reader(column["Name"], index, type_, read, is_series)


def _cell(kind: Mapping[str, Any]) -> tuple[str, Callable[[Mapping[str, Any]], Any]]:
    if "ScalarType" in kind:
        if kind["ScalarType"] not in _SCALARS:
            message = f"unsupported scalar value: {kind['ScalarType']}"
            raise PluginError(message)
        type_, read = _SCALARS[kind["ScalarType"]]
        return type_, lambda datum: read(datum["ScalarValue"]) if "ScalarValue" in datum else None
    if "ArrayColumnInfo" in kind or "RowColumnInfo" in kind:
        plain = _plain(kind)
        return "string", lambda datum: None if datum.get("NullValue") else json.dumps(plain(datum))
    message = f"unsupported column: {kind}"
    raise PluginError(message)


def _plain(kind: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Any]:
    """Reader of a value inside an array or row."""
    if "ArrayColumnInfo" in kind:
        member = _plain(kind["ArrayColumnInfo"]["Type"])
        return lambda datum: [member(one) for one in datum["ArrayValue"]]
    if "RowColumnInfo" in kind:
        members = [(column.get("Name", ""), _plain(column["Type"])) for column in kind["RowColumnInfo"]]
        return lambda datum: {
            name: read(one) for (name, read), one in zip(members, datum["RowValue"]["Data"], strict=True)
        }
    return _cell(kind)[1]


def _one_series(series: _Reader, readers: Sequence[_Reader], row: Sequence[Mapping[str, Any]]) -> Frame:
    """A row with a CREATE_TIME_SERIES column is a frame of its own, labelled by the row's other columns."""
    datum = row[series.index]
    if datum.get("NullValue"):
        return Frame("", [])
    labels = {
        reader.name: row[reader.index]["ScalarValue"]
        for reader in readers
        if not reader.is_series and "ScalarValue" in row[reader.index]
    }
    points = datum["TimeSeriesValue"]
    times = [_time(point["Time"]) for point in points]
    values = [series.read(point["Value"]) for point in points]
    return Frame("", [Field("time", "time", {}, times), Field(series.name, series.type, labels, values)])


def _long(
    readers: Sequence[_Reader], rows: Sequence[Sequence[Mapping[str, Any]]], notices: list[str]
) -> Frame:
    fields = [Field(reader.name, reader.type) for reader in readers]
    for number, row in enumerate(rows):
        for reader, column in zip(readers, fields, strict=True):
            try:
                column.values.append(reader.read(row[reader.index]))
            except (KeyError, ValueError):
                column.values.append(None)
                if not any(text.startswith("Error parsing") for text in notices):
                    notices.append(f"Error parsing: row:{number}, column:{reader.index}")
    return Frame("", fields)


def wide(long: Frame) -> Frame:
    """One row per time and one field per series, labelled by the columns of text: the SDK's `LongToWide`.

    A frame without rows, without a time or without a number stays as it is; one without text is wide already.
    """
    times = next((column for column in long.fields if column.type == "time"), None)
    numbers = [column for column in long.fields if column.type in ("number", "boolean")]
    texts = [column for column in long.fields if column.type == "string"]
    if times is None or not times.values or not numbers or not texts:
        return long
    if any(later < earlier for earlier, later in zip(times.values, times.values[1:], strict=False)):
        raise PluginError(NOT_SORTED)
    moments = sorted(set(times.values))
    row_of = {moment: row for row, moment in enumerate(moments)}
    wide: dict[tuple[str, tuple[tuple[str, str], ...]], Field] = {}
    for index, moment in enumerate(times.values):
        labels = {column.name: column.values[index] or "" for column in texts}
        for column in numbers:
            key = (column.name, tuple(sorted(labels.items())))
            if key not in wide:
                wide[key] = Field(column.name, column.type, labels, [None] * len(moments))
            wide[key].values[row_of[moment]] = column.values[index]
    return Frame(long.name, [Field(times.name, "time", {}, moments), *(wide[key] for key in sorted(wide))])
