"""Formats of date_format (MySQL's) and format_datetime (Joda's) as DuckDB's strftime has them. Pure."""

import re

from local.timestream.query.errors import unsupported

_MYSQL = {
    "%": "%%",
    "a": "%a",
    "b": "%b",
    "c": "%-m",
    "d": "%d",
    "e": "%-d",
    "f": "%f",
    "H": "%H",
    "h": "%I",
    "I": "%I",
    "i": "%M",
    "j": "%j",
    "k": "%-H",
    "l": "%-I",
    "M": "%B",
    "m": "%m",
    "p": "%p",
    "r": "%I:%M:%S %p",
    "S": "%S",
    "s": "%S",
    "T": "%H:%M:%S",
    "v": "%V",
    "W": "%A",
    "x": "%G",
    "Y": "%Y",
    "y": "%y",
}
_JODA = {
    "yyyy": "%Y",
    "YYYY": "%Y",
    "yy": "%y",
    "MMMM": "%B",
    "MMM": "%b",
    "MM": "%m",
    "M": "%-m",
    "dd": "%d",
    "d": "%-d",
    "EEEE": "%A",
    "EEE": "%a",
    "E": "%a",
    "HH": "%H",
    "H": "%-H",
    "hh": "%I",
    "h": "%-I",
    "mm": "%M",
    "ss": "%S",
    "SSS": "%g",
    "SSSSSS": "%f",
    "a": "%p",
    "D": "%-j",
}
_JODA_PARTS = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+")


def mysql_format(pattern: str) -> str:
    """`%Y-%m-%d %H:%i:%s` and the like. Raises ValidationException for a part that is not supported."""

    def part(found: re.Match[str]) -> str:
        letter = found.group(1)
        if letter not in _MYSQL:
            unsupported(f"%{letter} in a date format")
        return _MYSQL[letter]

    return re.sub(r"%(.)", part, pattern, flags=re.DOTALL)


def joda_format(pattern: str) -> str:
    """`yyyy-MM-dd HH:mm:ss` and the like. Raises ValidationException for a part that is not supported."""

    def part(found: re.Match[str]) -> str:
        text = found.group(0)
        if found.group(1) is not None:
            return (found.group(1).replace("''", "'") or "'").replace("%", "%%")
        if found.group(2) is None:
            return text.replace("%", "%%")
        if text not in _JODA:
            unsupported(f"{text} in a date format")
        return _JODA[text]

    return _JODA_PARTS.sub(part, pattern)
