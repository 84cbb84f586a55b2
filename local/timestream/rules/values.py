"""Measure values and times: on the wire they are strings, in a table they have types. Pure."""

import math
import re
from collections.abc import Callable

import msgspec

from local.timestream.rules.limits import BIGINT

Value = float | int | bool | str

UNIT_NS = {"SECONDS": 10**9, "MILLISECONDS": 10**6, "MICROSECONDS": 10**3, "NANOSECONDS": 1}

_DOUBLE = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII).fullmatch
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII).fullmatch


def _double(text: str, _unit_ns: int) -> float:
    """A finite IEEE 754 number: the service knows neither NaN nor infinities in writes."""
    if _DOUBLE(text) and math.isfinite(value := float(text)):
        return value
    raise ValueError(text)


def _bigint(text: str, _unit_ns: int) -> int:
    if _INTEGER(text) and (value := int(text)) in BIGINT:
        return value
    raise ValueError(text)


def _boolean(text: str, _unit_ns: int) -> bool:
    return {"true": True, "false": False}[text.lower()]


def _varchar(text: str, _unit_ns: int) -> str:
    return text


def _timestamp(text: str, unit_ns: int) -> int:
    """Epoch nanoseconds; the text counts in the record's own TimeUnit."""
    return _bigint(str(_bigint(text, 1) * unit_ns), 1)


PARSERS: dict[str, Callable[[str, int], Value]] = {
    "DOUBLE": _double,
    "BIGINT": _bigint,
    "BOOLEAN": _boolean,
    "VARCHAR": _varchar,
    "TIMESTAMP": _timestamp,
}
"""By measure type: text and the record's time unit in ns → value; ValueError or KeyError if it is none."""


FIXED_BYTES = {"DOUBLE": 8, "BIGINT": 8, "TIMESTAMP": 8, "BOOLEAN": 1}
"""Metered size of a value by type; VARCHAR counts its UTF-8 bytes."""
TIME_BYTES = 8

_encoder = msgspec.json.Encoder(order="sorted")


def to_json(values: dict[str, str] | dict[str, Value]) -> str:
    """A JSON object sorted by name: equal values, equal text."""
    return _encoder.encode(values).decode()


def utf8_bytes(text: str) -> int:
    """The size limits and metering count in."""
    return len(text) if text.isascii() else len(text.encode())
