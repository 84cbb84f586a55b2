"""Reads CMCD lines: RFC 8941 dictionaries as players really send them. Pure.

Own code, because players leave the standard where a conforming parser must refuse the whole line: raw UTF-8
in strings, blanks around commas and lines, upper case in keys, text where a number belongs. Syntax is judged
for the line as a whole; a value that is no RFC 8941 item stays text, for the table of keys to judge.
"""

import re

import msgspec

from beacon_job.decode.bad import UnreadableError, shown
from beacon_job.decode.vocabulary.bounds import MAX_LINE_CHARS
from beacon_job.types.beacon import Reason

Bare = int | float | bool | str


class Item(msgspec.Struct, frozen=True):
    """One value and the names of its parameters (object types: `v`, `a`, `av`, ...)."""

    value: Bare
    params: tuple[str, ...] = ()


# Every repetition is possessive or unambiguous: reading is linear in the length, whatever comes.
_STRING = r'"(?:[^"\\]|\\.)*+"'
_BARE = r'[^\s,;()"]++'
_PARAMS = rf"(?:[ \t]*;[ \t]*[\w.*-]++(?:=(?:{_STRING}|{_BARE}))?+)*+"
_ITEM = rf"(?:{_STRING}|{_BARE}){_PARAMS}"
_LIST = rf"\([ \t]*(?P<inner>(?:{_ITEM}(?:[ \t]+|(?=\))))*+)\){_PARAMS}"

_MEMBER = re.compile(
    rf"[ \t]*(?P<key>[A-Za-z*][\w.*-]*+)"
    rf"(?:=(?:{_LIST}|(?P<item>{_ITEM})?)|(?P<flag>{_PARAMS}))[ \t]*",
    re.ASCII | re.DOTALL,
)
_LIST_ITEM = re.compile(rf"[ \t]*(?P<bare>{_STRING}|{_BARE})(?P<params>{_PARAMS})", re.ASCII | re.DOTALL)
_PARAM = re.compile(rf";[ \t]*([\w.*-]++)(=(?:{_STRING}|{_BARE}))?", re.ASCII | re.DOTALL)
_CUT = re.compile(rf'[^,"]*+(?:{_STRING}[^,"]*+)*+', re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_NUMBER = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,9})?", re.ASCII)


def check_length(text: str) -> None:
    """Raises UnreadableError (too_large) for a record longer than any player writes."""
    if len(text) > MAX_LINE_CHARS:
        detail = f"CMCD record has {len(text)} characters, at most {MAX_LINE_CHARS} are allowed"
        raise UnreadableError(Reason.TOO_LARGE, detail)


def members(line: str) -> list[str]:
    """The line's members, cut at the commas outside of strings. UnreadableError where that cannot be."""
    found: list[str] = []
    position = 0
    while position < len(line):
        end = _CUT.match(line, position).end()  # type: ignore[union-attr]  # it always matches
        if end == position or line[end : end + 1] not in ("", ","):
            rest = shown(line[end : end + 20])
            detail = f"CMCD record is no RFC 8941 dictionary from character {end}: {rest}"
            raise UnreadableError(Reason.BAD_CMCD, detail)
        found.append(line[position:end])
        position = end + 1
    return found


def member(text: str) -> tuple[str, list[Item]] | None:
    """Key and values of one member: a scalar is a list of one, an absent value True. None if it is none."""
    match = _MEMBER.fullmatch(text)
    if not match:
        return None
    key = match["key"]
    if match["inner"] is not None:
        inner = match["inner"]
    elif match["item"]:
        inner = match["item"]
    elif match["flag"] is not None:
        return key, [Item(True, _params(match["flag"]))]
    else:
        return key, []
    return key, [Item(_bare(item["bare"]), _params(item["params"])) for item in _LIST_ITEM.finditer(inner)]


def _params(text: str) -> tuple[str, ...]:
    """Names of parameters; `;ot=v`, as one library writes an object type, is the parameter `v`."""
    if not text:
        return ()
    return tuple(
        value[1:].strip('"') if name == "ot" and value else name
        for name, value in _PARAM.findall(text)
        if value != "=?0"
    )


def _bare(text: str) -> Bare:
    if text[0] == '"':
        inner = text[1:-1]
        return _ESCAPE.sub(r"\1", inner) if "\\" in inner else inner
    if text == "?1":
        return True
    if text == "?0":
        return False
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return text
