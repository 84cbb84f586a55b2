"""Normalises one value: what senders write -> a clean scalar, or None when it says nothing. Pure."""

import re

from beacon_job.decode.vocabulary.bounds import MAX_CUSTOM_CHARS
from beacon_job.types.beacon import Value

MAX_INTEGER = 2**53 - 1
"""The largest integer that JSON carries exactly between all languages; it also fits a store's BIGINT."""

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_MAX_NUMBER_CHARS = 40

_TRUE = frozenset({"true", "1", "yes", "on", "?1"})
_FALSE = frozenset({"false", "0", "no", "off", "?0"})


def number(value: object) -> int | float | None:
    """A finite number, also out of a string such as `" 12.5 "`; None for anything else (bools included)."""
    if isinstance(value, str):
        value = parsed(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not -MAX_INTEGER <= value <= MAX_INTEGER:  # NaN compares false
        return None
    return value + 0 if value else 0  # -0.0 becomes 0


def parsed(text: str) -> int | float | None:
    """A number written in plain digits; None for any other text."""
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
