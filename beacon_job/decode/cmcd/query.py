"""The CMCD in a url, a query or a line of a log: found, cut from what surrounds it, and unescaped. Pure."""

import re
from urllib.parse import unquote

_RAW = r"(?:(?<=[=(])|(?<=%3[Dd])|(?<=%28)|(?<=%20))"
# Quotes and blanks are the log's own, but for a raw string (behind `=` or `(`) and a raw list.
_ARGUMENT = re.compile(
    r"(?:^|(?<=[?&\s\"|,;:]))cmcd="
    rf"(?P<line>(?:[^\s\"'|<>&#(]|'(?![\s,;]|$)|{_RAW}\"[^\"]*\"|\([^()|<>&#]*\)|\()*+)",
    re.IGNORECASE,
)
_BYTE = re.compile(r"\\x([0-9A-Fa-f]{2})")
"""nginx writes a quote as `\\x22`."""

_VERSION_OF_AKAMAI = re.compile(r"//[^/@]*@V/")
_MAX_LAYERS = 4
"""A player escapes once, a log once more, and so does each log shipper behind it."""


_DELIMITERS = re.compile(r"[\s\"'|,;<>]")
_PLUS_IN_LIST = re.compile(r"\([^()\"]*\)")


def holds_cmcd(text: str) -> bool:
    """Whether a text may hold CMCD as an argument of a query."""
    return "CMCD=" in text or "cmcd=" in text


def lines_in(text: str) -> list[str]:
    """The CMCD lines in a url, a query or a line of a log, one an argument, unescaped."""
    text = plain_quotes(text)
    return [line for match in _ARGUMENT.finditer(text) if (line := unescaped(match["line"]))]


def url_in(text: str) -> tuple[int, int]:
    """Where the url, query or column with CMCD in it begins and ends; nowhere is (0, 0)."""
    found = list(_ARGUMENT.finditer(text))
    if not found:
        return 0, 0
    before = [match.end() for match in _DELIMITERS.finditer(text, 0, found[0].start())]
    return before[-1] if before else 0, found[-1].end()


def unescaped(line: str) -> str:
    """A CMCD line without the escapes of urls, as many as there are, and of Akamai."""
    # Form encoding (WHATWG) writes a blank as `+` and leaves none of CMCD's own marks.
    if "+" in line and "%" in line and not any(mark in line for mark in '=,"'):
        line = line.replace("+", " ")
    elif "+" in line:
        line = _PLUS_IN_LIST.sub(lambda match: match[0].replace("+", " "), line)
    line = unquote(line)
    for _ in range(_MAX_LAYERS):
        if "%" not in line or ("=" in line and ('"' in line or "%22" not in line)):
            break
        line = unquote(line)
    return _VERSION_OF_AKAMAI.sub("", line, count=1).strip()


def plain_quotes(text: str) -> str:
    """A line of a log with the quotes that its server has escaped (`\\x22`, `\\"`)."""
    if "\\" not in text:
        return text
    return _BYTE.sub(lambda match: chr(int(match[1], 16)), text).replace('\\"', '"')
