"""What no column of PostgreSQL can hold, told before it is sent. Pure.

Texts of any length are taken, and names that have no column: there is little to refuse.
"""

import math
from collections.abc import Iterable
from enum import StrEnum

from beacon_job.stores.limits import BIGINT_MAX, BIGINT_MIN, TIMESTAMP_MAX_MS, OverLimit


class Limit(StrEnum):
    """What was broken: the kinds of refusal before sending. A closed list."""

    TIME = "time_out_of_range"
    VERSION = "version_out_of_range"
    NUMBER = "number_out_of_range"
    VALUE_TYPE = "value_type"
    UNICODE = "not_unicode"
    NUL = "nul_character"
    NAME_TWICE = "name_twice"


def check_time(time_ns: int) -> None:
    """The time of a row."""
    if not 0 <= time_ns <= BIGINT_MAX:
        raise OverLimit(Limit.TIME, f"the time is {time_ns} ns; allowed are 0 to 2^63-1 ns since 1970")


def check_version(version: int) -> None:
    """The version of a row."""
    if not BIGINT_MIN <= version <= BIGINT_MAX:
        raise OverLimit(Limit.VERSION, f"the version is {version}; allowed are whole numbers of 64 bits")


def check_integer(name: str, value: int) -> None:
    """The value of a bigint."""
    if not BIGINT_MIN <= value <= BIGINT_MAX:
        reason = f"measure {name} is {value}; allowed are whole numbers of 64 bits"
        raise OverLimit(Limit.NUMBER, reason)


def check_double(name: str, value: float) -> None:
    """The value of a double precision: PostgreSQL would take infinities, JSON has no word for them."""
    if not math.isfinite(value):
        raise OverLimit(Limit.NUMBER, f"measure {name} is {value}; allowed are finite numbers")


def check_timestamp(name: str, value_ms: int) -> None:
    """The value of a timestamptz, as epoch ms: what any store holds, though PostgreSQL could hold more."""
    if not -TIMESTAMP_MAX_MS <= value_ms <= TIMESTAMP_MAX_MS:
        reason = f"measure {name} is {value_ms} ms; allowed are 64 bits of ns since 1970"
        raise OverLimit(Limit.NUMBER, reason)


def check_texts(texts: Iterable[tuple[str, object]]) -> None:
    """Names and values of which some is known to hold a NUL or half a surrogate pair; tells which."""
    for name, value in texts:
        for text in (name, value):
            if not isinstance(text, str):
                continue
            if "\0" in text:
                reason = f"{name[:80]!r} or its value holds a NUL character; allowed is text without"
                raise OverLimit(Limit.NUL, reason)
            if not _encodes(text):
                reason = f"{name[:80]!r} or its value holds half a surrogate pair; allowed is valid Unicode"
                raise OverLimit(Limit.UNICODE, reason)


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
