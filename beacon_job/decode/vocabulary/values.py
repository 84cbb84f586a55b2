"""Normalises one value: what senders write -> a clean scalar, or None when it says nothing. Pure."""

import re
from datetime import UTC, datetime

from beacon_job.decode.vocabulary.bounds import MAX_CLIENT_MS, MAX_CUSTOM_CHARS
from beacon_job.types.beacon import Value

MAX_INTEGER = 2**53 - 1
"""The largest integer that JSON carries exactly between all languages; it also fits a store's BIGINT."""

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_MAX_NUMBER_CHARS = 40

_TRUE = frozenset({"true", "1", "yes", "on", "?1"})
_FALSE = frozenset({"false", "0", "no", "off", "?0"})

_MS_PER_UNIT: dict[str, float] = {
    "s": 1_000,
    "seconds": 1_000,
    "ms": 1,
    "milliseconds": 1,
    "us": 1e-3,
    "microseconds": 1e-3,
    "ns": 1e-6,
    "nanoseconds": 1e-6,
}

# An epoch time tells its unit by its size: the largest unit in which it still lies before 2100.
# Read so, times in ms, us or ns since February 1970 are taken for no other unit.
_MS_BY_SIZE: tuple[tuple[float, float], ...] = (
    (MAX_CLIENT_MS / 1_000, 1_000),
    (MAX_CLIENT_MS, 1),
    (MAX_CLIENT_MS * 1_000, 1e-3),
    (MAX_CLIENT_MS * 1_000_000, 1e-6),
)
_PLAIN_MS_FROM = 10**11


def number(value: object) -> int | float | None:
    """A finite number, also out of a string such as `" 12.5 "`; None for anything else (bools included)."""
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not -MAX_INTEGER <= value <= MAX_INTEGER:  # NaN compares false
        return None
    return value + 0 if value else 0  # -0.0 becomes 0


def _parsed(text: str) -> int | float | None:
    text = text.strip() if len(text) <= _MAX_NUMBER_CHARS else ""
    if not _NUMBER.fullmatch(text):
        return None
    return int(text) if text.lstrip("+-").isdecimal() else float(text)


def boolean(value: object) -> bool | None:
    """True or False, also out of 0, 1 and the usual words; None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return True if value == 1 else False if value == 0 else None
    if isinstance(value, str):
        word = value.strip().lower() if len(value) <= _MAX_NUMBER_CHARS else ""
        return True if word in _TRUE else False if word in _FALSE else None
    return None


def text(value: object, max_chars: int) -> str | None:
    """Printable text without control characters and outer blanks, cut to `max_chars`; None when empty.

    Numbers are written out (an error code may be one); lists, objects and bools are no text.
    """
    if isinstance(value, str):
        if len(value) <= max_chars and value.isprintable():
            return value.strip() or None
        result = value
    elif isinstance(value, bool) or number(value) is None:
        return None
    else:
        result = str(value)
    # What lies far behind the cut is never looked at: the text may be megabytes long.
    result = result[: 4 * max_chars]
    if not result.isprintable():
        result = "".join(char if char.isprintable() else " " if char.isspace() else "" for char in result)
    return result.strip()[:max_chars].rstrip() or None


def custom_value(value: object) -> Value | None:
    """A custom field's value: text (cut), number (always float, so that a column keeps one type) or bool."""
    if isinstance(value, bool):
        return boolean(value)
    if isinstance(value, str):
        return text(value, MAX_CUSTOM_CHARS)
    count = number(value)
    return None if count is None else float(count)


def epoch_ms(value: object, unit: str = "") -> int | None:
    """Epoch ms out of a number (s, ms, us or ns: stated, else by its size), digits in a string, or ISO-8601.

    ISO-8601 without an offset is UTC, and needs no unit. None when it is no time between 1970 and 2100.
    """
    if type(value) is int and not unit and _PLAIN_MS_FROM <= value <= MAX_CLIENT_MS:
        return value  # nearly all of them
    count = _parsed(value) if isinstance(value, str) else value
    if count is None and isinstance(value, str):
        return _iso_ms(value)
    if isinstance(count, bool) or not isinstance(count, int | float):
        return None
    factor = _MS_PER_UNIT.get(unit.strip().lower()) if unit else _factor_by_size(count)
    # Before the multiplication: the integer may be too large for a float.
    if factor is None or not 0 < count <= MAX_CLIENT_MS * 1_000_000:
        return None
    ms = int(count) if factor == 1 else _scaled(count, factor)
    return ms if 0 < ms <= MAX_CLIENT_MS else None


def _factor_by_size(count: int | float) -> float | None:
    for bound, factor in _MS_BY_SIZE:
        if count <= bound:
            return factor
    return None


def _scaled(count: int | float, factor: float) -> int:
    if factor < 1 and isinstance(count, int):
        return count // round(1 / factor)  # exact where a float is not
    return round(count * factor)


def _iso_ms(value: str) -> int | None:
    try:
        moment = datetime.fromisoformat(value.strip().upper())
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    ms = round(moment.timestamp() * 1_000)
    return ms if 0 < ms <= MAX_CLIENT_MS else None
