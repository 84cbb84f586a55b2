"""Point -> the part of a Timestream record that is its own: time, version and measures, as JSON. Pure.

What it may share with others (dimensions, measure name) is put around it by `grouping`. Records with the same
measure names and types have the same *shape*: their JSON differs in values only, so it is a template, made
and checked once per shape, which is cheaper than dictionaries and an encoder.
"""

import functools
import math
from json.encoder import encode_basestring as quote

import msgspec

from beacon_job.stores.limits import BIGINT_MAX, BIGINT_MIN, TIMESTAMP_MAX_MS, OverLimit
from beacon_job.stores.timestream.limits import (
    VALUE_CHARS,
    Limit,
    check_measure_name,
    check_measures,
    check_record_size,
    check_text,
    check_time,
    check_version,
)
from beacon_job.types.beacon import Value
from beacon_job.types.point import Point

TYPES: dict[type, str] = {int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN", str: "VARCHAR"}

TIME_BYTES = 8
BYTES: dict[str, int] = {"BIGINT": 8, "DOUBLE": 8, "TIMESTAMP": 8, "BOOLEAN": 1, "VARCHAR": 0}
"""What the service counts for a value; a VARCHAR counts its UTF-8 length."""

TIMESTAMPS = frozenset({"client_time"})
"""Whole-number measures that are epoch ms and stored as TIMESTAMP, in the unit of the record's time (ns)."""


class Shape(msgspec.Struct, frozen=True):
    """All that is the same in records with equal measure names and types."""

    template: str
    names: tuple[str, ...]
    fixed_bytes: int
    """Size of a record without its texts."""
    integers: tuple[int, ...]
    timestamps: tuple[int, ...]
    doubles: tuple[int, ...]
    booleans: tuple[int, ...]
    texts: tuple[int, ...]
    """Positions of the measures of each type."""


class Record(msgspec.Struct, frozen=True, gc=False):
    """One record's own part."""

    index: int
    """Position of its point in what was given to the store."""
    version: int
    measure_name: str
    json: str
    """From `"Time"` to the closing brace."""
    bytes: int
    """As the service counts: time, measure name, names and values of the measures."""


def record(index: int, point: Point, dimensions_bytes: int) -> Record:
    """The record of a point whose dimensions have so many bytes; raises OverLimit."""
    measures = point.measures
    values: list[Value] = [*measures.values()]
    form = shape((*measures,), (*map(type, values),))
    measure_name = point.measure_name
    size = form.fixed_bytes + _measure_name_bytes(measure_name)
    for i in form.integers:
        if not BIGINT_MIN <= values[i] <= BIGINT_MAX:  # type: ignore[operator]
            reason = f"measure {form.names[i]} is {values[i]}; allowed are whole numbers of 64 bits"
            raise OverLimit(Limit.NUMBER, reason)
    for i in form.timestamps:
        if not -TIMESTAMP_MAX_MS <= values[i] <= TIMESTAMP_MAX_MS:  # type: ignore[operator]
            reason = f"measure {form.names[i]} is {values[i]} ms; allowed are 64 bits of ns since 1970"
            raise OverLimit(Limit.NUMBER, reason)
    for i in form.doubles:
        if not math.isfinite(values[i]):  # type: ignore[arg-type]
            reason = f"measure {form.names[i]} is {values[i]}; allowed are finite numbers"
            raise OverLimit(Limit.NUMBER, reason)
    for i in form.booleans:
        values[i] = "true" if values[i] else "false"
    for i in form.texts:
        text: str = values[i]  # type: ignore[assignment]
        if text.isascii() and 0 < len(text) <= VALUE_CHARS:  # the common case, made cheap
            size += len(text)
        else:
            size += check_text(form.names[i], text)
        values[i] = quote(text)
    check_record_size(size + dimensions_bytes)
    check_time(point.time_ns)
    version = ""
    if point.version != 1:  # the service's default
        check_version(point.version)
        version = f'"Version":{point.version},'
    json = version + form.template % (point.time_ns, *values)
    return Record(index, point.version, measure_name, json, size)


@functools.lru_cache(maxsize=4_096)
def _measure_name_bytes(name: str) -> int:
    return check_measure_name(name)


@functools.lru_cache(maxsize=4_096)
def shape(names: tuple[str, ...], types: tuple[type, ...]) -> Shape:
    """The shape of records with these measures; raises OverLimit."""
    names_bytes = check_measures(names)
    kinds = [_kind(name, kind) for name, kind in zip(names, types, strict=True)]
    measures = ",".join(_measure(name, kind) for name, kind in zip(names, kinds, strict=True))

    def positions(*of: str) -> tuple[int, ...]:
        return tuple(i for i, kind in enumerate(kinds) if kind in of)

    return Shape(
        template=f'"Time":"%d","MeasureValues":[{measures}]}}',
        names=names,
        fixed_bytes=TIME_BYTES + names_bytes + sum(BYTES[kind] for kind in kinds),
        integers=positions("BIGINT"),
        timestamps=positions("TIMESTAMP"),
        doubles=positions("DOUBLE"),
        booleans=positions("BOOLEAN"),
        texts=positions("VARCHAR"),
    )


def _kind(name: str, kind: type) -> str:
    if kind not in TYPES:
        reason = f"measure {name} is a {kind.__name__}; allowed are int, float, bool and str"
        raise OverLimit(Limit.VALUE_TYPE, reason)
    return "TIMESTAMP" if name in TIMESTAMPS and kind is int else TYPES[kind]


def _measure(name: str, kind: str) -> str:
    # The template is filled with %, so a % in a name is doubled. Texts come quoted; six zeros make ms ns.
    slot = {"VARCHAR": "%s", "TIMESTAMP": '"%s000000"'}.get(kind, '"%s"')
    return f'{{"Name":{quote(name).replace("%", "%%")},"Value":{slot},"Type":"{kind}"}}'
