"""What Timestream accepts in one record. Pure. Sources: its quotas, naming constraints and API model.

What breaks a limit is refused before it is sent, because the service answers most of these by refusing the
whole request. Nothing is cut or renamed: a row holds what the beacon said, or the beacon is whole in the dead
letters. Whether a time lies within a table's retention only the service knows; it says so record by record.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from beacon_job.stores.limits import BIGINT_MAX, OverLimit

RECORDS_PER_REQUEST = 100
RECORD_BYTES = 2_048
VALUE_CHARS = 2_048
DIMENSIONS = 128
DIMENSIONS_BYTES = 2_048
DIMENSION_NAME_BYTES = 60
MEASURES = 256
MEASURE_NAME_BYTES = 256
RESERVED_NAMES = frozenset({"time"})
RESERVED_PREFIXES = ("ts_", "measure_name", "measure_value")
"""System identifiers, in lower case only: `Time` is free. That all that begins with measure_name is reserved
stands in one answer of AWS only; the job's own names never do."""
FORBIDDEN = re.compile(r'[:"\x00-\x1f\u2028\u2029]')
"""In names of dimensions, of measures and in measure_name; values may hold them."""


class Limit(StrEnum):
    """What was broken: the kinds of refusal before sending. A closed list."""

    TIME = "time_out_of_range"
    DIMENSION_COUNT = "dimension_count"
    DIMENSIONS_SIZE = "dimensions_size"
    MEASURE_COUNT = "measure_count"
    NAME_SIZE = "name_size"
    NAME_RESERVED = "name_reserved"
    NAME_CHARACTERS = "name_characters"
    NAME_TWICE = "name_twice"
    VALUE_SIZE = "value_size"
    VALUE_TYPE = "value_type"
    NUMBER = "number_out_of_range"
    UNICODE = "not_unicode"
    RECORD_SIZE = "record_size"
    VERSION = "version_out_of_range"


def utf8_bytes(text: str, what: str) -> int:
    """Length in UTF-8, as the service counts; half a surrogate pair has none."""
    if text.isascii():
        return len(text)
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        reason = f"{what} holds half a surrogate pair; allowed is valid Unicode"
        raise OverLimit(Limit.UNICODE, reason) from None


def check_time(time_ns: int) -> None:
    """A time that some table could hold."""
    if not 0 <= time_ns <= BIGINT_MAX:
        raise OverLimit(Limit.TIME, f"the time is {time_ns} ns; allowed are 0 to 2^63-1 ns since 1970")


def check_version(version: int) -> None:
    """The version of a row."""
    if not 1 <= version <= BIGINT_MAX:
        raise OverLimit(Limit.VERSION, f"the version is {version}; allowed are 1 to 2^63-1")


def check_measure_name(name: str) -> int:
    """The record's `measure_name`; its bytes."""
    return _check_name("measure_name", name, MEASURE_NAME_BYTES)


def check_measures(names: Sequence[str]) -> int:
    """The names of a record's measures; their bytes."""
    if not 1 <= len(names) <= MEASURES:
        reason = f"the record has {len(names)} measures; allowed are 1 to {MEASURES}"
        raise OverLimit(Limit.MEASURE_COUNT, reason)
    return sum(_check_name("the name of a measure", name, MEASURE_NAME_BYTES) for name in names)


def check_columns(dims: Mapping[str, str], measures: Mapping[str, object]) -> None:
    """Dimensions and measures of a record: each is a column of the table."""
    if not dims.keys().isdisjoint(measures):
        names = ", ".join(sorted(dims.keys() & measures.keys()))
        reason = f"{names} is both a dimension and a measure; allowed is one column of a name"
        raise OverLimit(Limit.NAME_TWICE, reason)


def check_dimensions(dims: Mapping[str, str]) -> int:
    """All dimensions of a series; the bytes of their names and values."""
    if not 1 <= len(dims) <= DIMENSIONS:
        reason = f"the record has {len(dims)} dimensions; allowed are 1 to {DIMENSIONS}"
        raise OverLimit(Limit.DIMENSION_COUNT, reason)
    total = 0
    for name, value in dims.items():
        total += _check_name("the name of a dimension", name, DIMENSION_NAME_BYTES)
        total += utf8_bytes(value, f"dimension {name}")
    if total > DIMENSIONS_BYTES:
        reason = f"names and values of the dimensions have {total} bytes; allowed are {DIMENSIONS_BYTES}"
        raise OverLimit(Limit.DIMENSIONS_SIZE, reason)
    return total


def check_text(name: str, text: str) -> int:
    """The value of a VARCHAR measure; its bytes."""
    if not 1 <= len(text) <= VALUE_CHARS:
        reason = f"measure {name} has {len(text)} characters; allowed are 1 to {VALUE_CHARS}"
        raise OverLimit(Limit.VALUE_SIZE, reason)
    return utf8_bytes(text, f"measure {name}")


def check_record_size(size: int) -> None:
    """The whole record: time, dimensions, names and values."""
    if size > RECORD_BYTES:
        reason = f"the record has {size} bytes; allowed are {RECORD_BYTES}"
        raise OverLimit(Limit.RECORD_SIZE, reason)


def _check_name(what: str, name: str, allowed: int) -> int:
    size = utf8_bytes(name, what)
    if not 1 <= size <= allowed:
        reason = f"{what} has {size} bytes, it begins {name[:40]!r}; allowed are 1 to {allowed}"
        raise OverLimit(Limit.NAME_SIZE, reason)
    if name in RESERVED_NAMES or name.startswith(RESERVED_PREFIXES):
        reserved = ", ".join((*RESERVED_NAMES, *(f"{prefix}..." for prefix in RESERVED_PREFIXES)))
        reason = f"{what} is {name[:80]!r}; reserved are {reserved}"
        raise OverLimit(Limit.NAME_RESERVED, reason)
    if FORBIDDEN.search(name):
        reason = (
            f"{what} is {name[:80]!r}; not allowed are colons, double quotes, control characters and line or "
            "paragraph separators"
        )
        raise OverLimit(Limit.NAME_CHARACTERS, reason)
    return size
