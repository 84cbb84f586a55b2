"""The measures of a record: its values, typed, as columns of the table. Pure."""

from functools import lru_cache

import msgspec

from local.timestream.rules import limits, reasons, wire
from local.timestream.rules.errors import refuse, refuse_blank, refuse_member
from local.timestream.rules.names import check_name
from local.timestream.rules.values import FIXED_BYTES, PARSERS, Value, to_json, utf8_bytes

_KINDS = ", ".join(PARSERS)


class Measures(msgspec.Struct, frozen=True):
    """The measures of a record as columns of its table."""

    json: str
    """JSON object name → value, sorted by name; TIMESTAMP as epoch ns."""
    types: tuple[tuple[str, str], ...]
    """Column name and type. A single-measure record has one column, `measure_value::<type>`."""
    size: int
    problem: str | None


def read_measures(
    kind: str, single: str | None, many: list[wire.MeasureValue] | None, unit_ns: int, path: str
) -> Measures:
    """The measures of a record of this type; `single` is its MeasureValue, `many` its MeasureValues."""
    if kind == "MULTI":
        if single is not None or not many:
            refuse("Invalid record: type MULTI needs MeasureValues and takes no MeasureValue.")
        return _multi(many, unit_ns, path)
    check_kind(kind, path)
    if many is not None:
        refuse("Invalid record: MeasureValues are only allowed for type MULTI.")
    if kind == "TIMESTAMP":
        refuse("TIMESTAMP is an invalid measure value type.")
    value, size = _value(single, kind, unit_ns, f"{path}.measureValue")
    column = f"measure_value::{kind.lower()}"
    return Measures(to_json({column: value}), ((column, kind),), size, None)


def check_kind(kind: str | None, path: str) -> None:
    """The type of a record, if it has one, is one the service knows."""
    if kind not in (None, "MULTI", *PARSERS):
        refuse_member(kind, f"{path}.measureValueType", f"satisfy enum value set: [{_KINDS}, MULTI]")


def _multi(many: list[wire.MeasureValue], unit_ns: int, path: str) -> Measures:
    values: dict[str, Value] = {}
    types = []
    total = 0
    for place, measure in enumerate(many, start=1):
        where = f"{path}.measureValues.{place}.member"
        name, kind = measure.name, measure.type
        if not name:
            refuse_blank(name, f"{where}.name")
        if kind not in PARSERS:
            refuse_member(kind, f"{where}.type", f"satisfy enum value set: [{_KINDS}]")
        values[name], size = _value(measure.value, kind, unit_ns, f"{where}.value")
        types.append((name, kind))
        total += size + len(name)
    if len(values) != len(types):
        refuse("Invalid record: a name occurs twice in MeasureValues.")
    shape = tuple(types)
    extra_bytes, problem = _judge_names(shape)
    return Measures(to_json(values), shape, total + extra_bytes, problem)


@lru_cache(maxsize=4096)
def _judge_names(types: tuple[tuple[str, str], ...]) -> tuple[int, str | None]:
    """How many bytes the names have beyond their characters, and which limit they break.

    Raises ValidationException for a name that must not be.
    """
    for name, _ in types:
        check_name(name, "measure")
    extra_bytes = sum(utf8_bytes(name) - len(name) for name, _ in types)
    if len(types) > limits.MEASURES_PER_RECORD:
        return extra_bytes, reasons.too_large(
            "record", len(types), limits.MEASURES_PER_RECORD, "measure values"
        )
    for name, _ in types:
        if utf8_bytes(name) > limits.MEASURE_NAME_BYTES:
            return extra_bytes, reasons.too_large("measure name", utf8_bytes(name), limits.MEASURE_NAME_BYTES)
    return extra_bytes, None


def _value(text: str | None, kind: str, unit_ns: int, path: str) -> tuple[Value, int]:
    """The typed value and its metered size."""
    if not text:
        refuse_blank(text, path)
    if len(text) > limits.VALUE_CHARS:
        refuse_member(text[:40] + "...", path, f"have length less than or equal to {limits.VALUE_CHARS}")
    if kind == "VARCHAR":
        return text, utf8_bytes(text)
    try:
        return PARSERS[kind](text, unit_ns), FIXED_BYTES[kind]
    except (ValueError, KeyError):
        refuse(f"Invalid measure value for record: '{text}' at '{path}' is no {kind}.")
