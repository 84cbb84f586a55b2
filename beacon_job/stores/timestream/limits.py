"""What Timestream accepts in one record. Pure. Sources: its quotas, naming constraints and API model.

What breaks a limit is refused before it is sent, because the service answers most of these by refusing the
whole request. Nothing is cut or renamed: a row holds what the beacon said, or the beacon is whole in the dead
letters. Whether a time lies within a table's retention only the service knows; it says so record by record.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

RECORDS_PER_REQUEST = 100
RECORD_BYTES = 2_048
VALUE_CHARS = 2_048
DIMENSIONS = 128
DIMENSIONS_BYTES = 2_048
DIMENSION_NAME_BYTES = 60
MEASURES = 256
MEASURE_NAME_BYTES = 256
BIGINT_MIN, BIGINT_MAX = -(2**63), 2**63 - 1
TIMESTAMP_MAX_MS = BIGINT_MAX // 10**6
"""Sent in ns, either side of 1970."""
RESERVED_NAMES = frozenset({"time", "measure_name", "measure_value"})
RESERVED_PREFIXES = ("ts_", "measure_value")


class Limit(StrEnum):
    """What was broken: the kinds of refusal before sending. A closed list."""

    TIME = "time_out_of_range"
    DIMENSION_COUNT = "dimension_count"
    DIMENSIONS_SIZE = "dimensions_size"
    MEASURE_COUNT = "measure_count"
    NAME_SIZE = "name_size"
    NAME_RESERVED = "name_reserved"
    VALUE_SIZE = "value_size"
    VALUE_TYPE = "value_type"
    NUMBER = "number_out_of_range"
    UNICODE = "not_unicode"
    RECORD_SIZE = "record_size"


class OverLimit(Exception):
    """A record the service would not take, and a sentence that says what was found and what is allowed."""

    def __init__(self, limit: Limit, reason: str) -> None:
        super().__init__(reason)
        self.limit = limit


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


def check_measure_name(name: str) -> int:
    """The record's `measure_name`; its bytes."""
    return _check_length("measure_name", name, MEASURE_NAME_BYTES)


def check_measures(names: Sequence[str]) -> int:
    """The names of a record's measures; their bytes."""
    if not 1 <= len(names) <= MEASURES:
        reason = f"the record has {len(names)} measures; allowed are 1 to {MEASURES}"
        raise OverLimit(Limit.MEASURE_COUNT, reason)
    for name in names:
        _check_column("measure", name)
    return sum(_check_length("the name of a measure", name, MEASURE_NAME_BYTES) for name in names)


def check_dimensions(dims: Mapping[str, str]) -> int:
    """All dimensions of a series; the bytes of their names and values."""
    if len(dims) > DIMENSIONS:
        reason = f"the record has {len(dims)} dimensions; allowed are 0 to {DIMENSIONS}"
        raise OverLimit(Limit.DIMENSION_COUNT, reason)
    total = 0
    for name, value in dims.items():
        _check_column("dimension", name)
        total += _check_length("the name of a dimension", name, DIMENSION_NAME_BYTES)
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


def _check_length(what: str, name: str, allowed: int) -> int:
    size = utf8_bytes(name, what)
    if not 1 <= size <= allowed:
        reason = f"{what} has {size} bytes, it begins {name[:40]!r}; allowed are 1 to {allowed}"
        raise OverLimit(Limit.NAME_SIZE, reason)
    return size


def _check_column(what: str, name: str) -> None:
    if name in RESERVED_NAMES or name.startswith(RESERVED_PREFIXES) or ":" in name:
        reason = (
            f"a {what} is named {name[:80]!r}; a name may not hold a colon, nor be "
            f"{', '.join(sorted(RESERVED_NAMES))}, nor begin with {', '.join(RESERVED_PREFIXES)}"
        )
        raise OverLimit(Limit.NAME_RESERVED, reason)
