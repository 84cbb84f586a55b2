"""One record of a request: CommonAttributes merged in, values parsed, its own limits checked. Pure.

What breaks the API model or cannot be read at all refuses the whole request (ValidationException); what
breaks a documented limit refuses this record only, by its `problem`.
"""

from functools import lru_cache
from itertools import pairwise
from typing import NoReturn

import msgspec

from local.timestream import limits, reasons, wire
from local.timestream.errors import refuse, refuse_member
from local.timestream.values import PARSERS, UNIT_NS, Value, utf8_bytes

TIME_BYTES = 8
FIXED_BYTES = {"DOUBLE": 8, "BIGINT": 8, "TIMESTAMP": 8, "BOOLEAN": 1}
"""Metered size of a value by type; VARCHAR counts its UTF-8 bytes."""

_encode = msgspec.json.Encoder(order="sorted").encode


class Dimensions(msgspec.Struct, frozen=True):
    """The dimensions of a record, in the form the store keys by."""

    json: str
    """JSON object, sorted by name: equal dimensions, equal text."""
    names: tuple[str, ...]
    size: int
    """UTF-8 bytes of all names and values."""
    problem: str | None


class Measures(msgspec.Struct, frozen=True):
    """The measures of a record as columns of its table."""

    json: str
    """JSON object name → value, sorted by name; TIMESTAMP as epoch ns."""
    types: tuple[tuple[str, str], ...]
    """Column name and type. A single-measure record has one column, `measure_value::<type>`."""
    size: int
    problem: str | None


class Row(msgspec.Struct, frozen=True, gc=False):
    """One record, ready to be checked against its table and stored."""

    time_ns: int
    version: int
    measure_name: str
    measure_type: str
    dimensions: Dimensions
    measures: Measures
    problem: str | None
    """Why this record is refused whatever the table holds; None if nothing is wrong with it by itself."""


def read_rows(request: wire.WriteRecords) -> list[Row]:
    """All records of a request, in order. Raises ValidationException for what refuses the request."""
    records = request.records
    if records is None:
        refuse_member(None, "records", "not be null")
    if not records:
        refuse_member("[]", "records", "have length greater than or equal to 1")
    if len(records) > limits.RECORDS_PER_REQUEST:
        shown, most = f"[{len(records)} records]", limits.RECORDS_PER_REQUEST
        refuse_member(shown, "records", f"have length less than or equal to {most}")
    common = request.common_attributes
    common_pairs = _pairs(common, "commonAttributes")
    return [
        _read_row(record, common, common_pairs, f"records.{place}.member")
        for place, record in enumerate(records, start=1)
    ]


def _read_row(
    record: wire.Record, common: wire.Record, common_pairs: tuple[tuple[str, str], ...], path: str
) -> Row:
    dimensions = describe_dimensions(
        common_pairs + _pairs(record, path) if record.dimensions else common_pairs
    )
    measure_name = _present(record.measure_name, common.measure_name, "measureName", path)
    unit_ns = _time_unit_ns(record.time_unit or common.time_unit or "MILLISECONDS", path)
    time_ns = _time_ns(_present(record.time, common.time, "time", path), unit_ns)
    version = record.version if record.version is not None else common.version
    if version is None:
        version = 1
    elif version not in limits.BIGINT or version < 1:
        refuse_member(version, f"{path}.version", "have value greater than or equal to 1")
    measure_type = record.measure_value_type or common.measure_value_type or "DOUBLE"
    measures = _measures(record, common, measure_type, unit_ns, path)
    name_bytes = utf8_bytes(measure_name)
    problem = dimensions.problem or measures.problem
    size = TIME_BYTES + dimensions.size + name_bytes + measures.size
    if name_bytes > limits.MEASURE_NAME_BYTES:
        problem = reasons.too_large("measure name", name_bytes, limits.MEASURE_NAME_BYTES)
    elif problem is None and size > limits.RECORD_BYTES:
        problem = reasons.too_large("record", size, limits.RECORD_BYTES)
    return Row(time_ns, version, measure_name, measure_type, dimensions, measures, problem)


def _present(own: str | None, common: str | None, member: str, path: str) -> str:
    """The record's own value of a member, or else the common one; refuses the request if there is neither."""
    value = own if own is not None else common
    if value is None:
        refuse(f"Invalid record: '{path}' has no {member}, and neither do the CommonAttributes.")
    if not value:
        _refuse_blank(value, f"{path}.{member}")
    return value


def _pairs(record: wire.Record, path: str) -> tuple[tuple[str, str], ...]:
    """Names and values of the dimensions, each checked against the API model."""
    dimensions = record.dimensions
    if not dimensions:
        return ()
    for place, dimension in enumerate(dimensions, start=1):
        where = f"{path}.dimensions.{place}.member"
        if not dimension.name:
            _refuse_blank(dimension.name, f"{where}.name")
        if not dimension.value:
            _refuse_blank(dimension.value, f"{where}.value")
        if dimension.dimension_value_type not in (None, "VARCHAR"):
            given = dimension.dimension_value_type
            refuse_member(given, f"{where}.dimensionValueType", "satisfy enum value set: [VARCHAR]")
    return tuple([(dimension.name, dimension.value) for dimension in dimensions])  # type: ignore[misc]


def _refuse_blank(value: str | None, path: str) -> NoReturn:
    refuse_member(value, path, "not be null" if value is None else "have length greater than or equal to 1")


@lru_cache(maxsize=16_384)
def describe_dimensions(pairs: tuple[tuple[str, str], ...]) -> Dimensions:
    """Cached, for records repeat dimensions. Raises ValidationException for a name that occurs twice."""
    names = tuple(sorted(name for name, _ in pairs))
    by_name = dict(pairs)
    if len(by_name) != len(pairs):
        twice = next(name for name, after in pairwise(names) if name == after)
        refuse(f"Invalid record: the dimension '{twice}' occurs twice (CommonAttributes count as well).")
    if not pairs:
        refuse("Invalid record: a record needs at least one dimension.")
    if len(pairs) > limits.DIMENSIONS_PER_RECORD:
        shown, most = f"[{len(pairs)} dimensions]", limits.DIMENSIONS_PER_RECORD
        refuse_member(shown, "dimensions", f"have length less than or equal to {most}")
    size = sum(utf8_bytes(name) + utf8_bytes(value) for name, value in pairs)
    problem = next(filter(None, (_dimension_name_problem(name) for name in names)), None)
    if problem is None and size > limits.DIMENSION_PAIRS_BYTES:
        problem = reasons.too_large("set of dimension names and values", size, limits.DIMENSION_PAIRS_BYTES)
    return Dimensions(_encode(by_name).decode(), names, size, problem)


def _dimension_name_problem(name: str) -> str | None:
    size = utf8_bytes(name)
    if size > limits.DIMENSION_NAME_BYTES:
        return reasons.too_large("dimension name", size, limits.DIMENSION_NAME_BYTES)
    return reasons.reserved_name(name) if is_reserved(name) else None


@lru_cache(maxsize=4096)
def is_reserved(column: str) -> bool:
    """Whether no dimension and no measure inside a MULTI record may have this name (case does not matter)."""
    lowered = column.lower()
    return lowered in limits.RESERVED_COLUMNS or lowered.startswith(limits.RESERVED_PREFIXES) or ":" in column


def _time_unit_ns(unit: str, path: str) -> int:
    if unit not in UNIT_NS:
        refuse_member(unit, f"{path}.timeUnit", f"satisfy enum value set: [{', '.join(UNIT_NS)}]")
    return UNIT_NS[unit]


def _time_ns(text: str, unit_ns: int) -> int:
    if len(text) <= limits.TIME_CHARS and text.isascii() and text.removeprefix("-").isdigit():
        return int(text) * unit_ns
    refuse("Invalid time for record.")


def _measures(
    record: wire.Record, common: wire.Record, measure_type: str, unit_ns: int, path: str
) -> Measures:
    if record.measure_values is not None and common.measure_values is not None:
        refuse("Invalid record: MeasureValues stand both in the record and in CommonAttributes.")
    many = record.measure_values if record.measure_values is not None else common.measure_values
    single = record.measure_value if record.measure_value is not None else common.measure_value
    if measure_type == "MULTI":
        if single is not None or not many:
            refuse("Invalid record: type MULTI needs MeasureValues and takes no MeasureValue.")
        return _multi(many, unit_ns, path)
    if measure_type not in PARSERS:
        known = ", ".join([*PARSERS, "MULTI"])
        refuse_member(measure_type, f"{path}.measureValueType", f"satisfy enum value set: [{known}]")
    if many is not None:
        refuse("Invalid record: MeasureValues are only allowed for type MULTI.")
    if measure_type == "TIMESTAMP":
        refuse("TIMESTAMP is an invalid measure value type")
    single = _present(record.measure_value, common.measure_value, "measureValue", path)
    value, size = _value(single, measure_type, unit_ns, f"{path}.measureValue")
    column = f"measure_value::{measure_type.lower()}"
    return Measures(_encode({column: value}).decode(), ((column, measure_type),), size, None)


def _multi(many: list[wire.MeasureValue], unit_ns: int, path: str) -> Measures:
    values: dict[str, Value] = {}
    types = []
    total = 0
    for place, measure in enumerate(many, start=1):
        where = f"{path}.measureValues.{place}.member"
        name, kind = measure.name, measure.type
        if not name:
            _refuse_blank(name, f"{where}.name")
        if kind not in PARSERS:
            refuse_member(kind, f"{where}.type", f"satisfy enum value set: [{', '.join(PARSERS)}]")
        values[name], size = _value(measure.value, kind, unit_ns, f"{where}.value")
        types.append((name, kind))
        total += size + len(name)
    if len(values) != len(types):
        refuse("Invalid record: a name occurs twice in MeasureValues.")
    shape = tuple(types)
    extra_bytes, problem = _judge_names(shape)
    return Measures(_encode(values).decode(), shape, total + extra_bytes, problem)


@lru_cache(maxsize=4096)
def _judge_names(types: tuple[tuple[str, str], ...]) -> tuple[int, str | None]:
    """How many bytes the names have beyond their characters, and what is wrong with them."""
    extra_bytes = sum(utf8_bytes(name) - len(name) for name, _ in types)
    if len(types) > limits.MEASURES_PER_RECORD:
        return extra_bytes, reasons.too_large(
            "record", len(types), limits.MEASURES_PER_RECORD, "measure values"
        )
    for name, _ in types:
        if utf8_bytes(name) > limits.MEASURE_NAME_BYTES:
            return extra_bytes, reasons.too_large("measure name", utf8_bytes(name), limits.MEASURE_NAME_BYTES)
        if is_reserved(name):
            return extra_bytes, reasons.reserved_name(name)
    return extra_bytes, None


def _value(text: str | None, kind: str, unit_ns: int, path: str) -> tuple[Value, int]:
    """The typed value and its metered size."""
    if not text:
        _refuse_blank(text, path)
    if len(text) > limits.VALUE_CHARS:
        refuse_member(text[:40] + "...", path, f"have length less than or equal to {limits.VALUE_CHARS}")
    if kind == "VARCHAR":
        return text, utf8_bytes(text)
    try:
        return PARSERS[kind](text, unit_ns), FIXED_BYTES[kind]
    except (ValueError, KeyError):
        refuse(f"Invalid measure value for record: '{text}' at '{path}' is no {kind}.")
