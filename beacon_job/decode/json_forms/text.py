"""JSON as senders write it: the fast, strict parser first; a lenient one for what it refuses."""

import json
import re
from collections.abc import Mapping

import msgspec

from beacon_job.decode.bad import UnreadableError
from beacon_job.decode.vocabulary.bounds import MAX_DEPTH, MAX_MEMBERS
from beacon_job.types.beacon import Reason

_fast = msgspec.json.Decoder().decode
_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)
"""A string that never ends is one token up to the end, so that it is looked at once."""
_HEX_ESCAPE = re.compile(r"(?<!\\)((?:\\\\)*+)\\x([0-9A-Fa-f]{2})")
_WRONG_BYTE = re.compile("[\udc80-\udcff]")
_HOPELESS_DEPTH = 100_000
"""A record nested this deep is given up as a whole."""
_BATCH_LEVELS = 2
"""An event of a batch lies two levels deep in its record."""


def loads(data: bytes) -> object:
    """The value. NaN, infinities and endless numbers become None; of a key that comes twice, the last counts.

    What is nested far deeper than any beacon is cut off there. Raises UnreadableError (not_text, not_json).
    """
    try:
        return _fast(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _lenient(data)


def loads_around(data: bytes) -> object:
    """As `loads`, for what is not UTF-8 throughout: wrong bytes become half surrogate pairs (PEP 383)."""
    return _shallow(data.decode(errors="surrogateescape"))


def wrong_bytes(value: object) -> bytes | None:
    """What `loads_around` gave, as JSON with the bytes that came, where wrong ones are in it; else None."""
    try:
        text = json.dumps(value, ensure_ascii=False)
        return text.encode(errors="surrogateescape") if _WRONG_BYTE.search(text) else None
    except RecursionError:  # what is so deep is refused for that
        return None
    except UnicodeEncodeError:  # half of a pair that was written as an escape is in it as well
        return json.dumps(value).encode()


def _lenient(data: bytes) -> object:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableError(Reason.NOT_TEXT, f"body is not UTF-8: byte {error.start} is wrong") from None
    try:
        return _shallow(text)
    except UnreadableError:
        if _HEX_ESCAPE.search(
            text
        ):  # nginx escapes quotes so, also within JSON (log_format without escape=json)
            return _shallow(_HEX_ESCAPE.sub(r"\1\\u00\2", text))
        raise


def _shallow(text: str) -> object:
    try:
        return _parsed(text)
    except RecursionError:
        pass
    return _parsed(_without_depth(text))


def _parsed(text: str) -> object:
    try:
        return json.loads(text, parse_constant=_no_number, parse_int=_integer, strict=False)
    except json.JSONDecodeError as error:
        detail = f"body is not JSON: {error.msg} at character {error.pos}"
        raise UnreadableError(Reason.NOT_JSON, detail) from None


def _no_number(_: str) -> None:
    return None


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= 20 else None


def _without_depth(text: str) -> str:
    """The text without what lies far below the deepest event: linear, and shallow enough to parse."""
    keep = MAX_DEPTH + _BATCH_LEVELS + 1
    parts: list[str] = []
    depth = copied = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[{":
            depth += 1
            if depth == keep + 1:
                parts.append(text[copied : token.start()] + "null")
            if depth > _HOPELESS_DEPTH:
                raise UnreadableError(Reason.TOO_DEEP, f"JSON is nested deeper than {MAX_DEPTH} levels")
        elif token[0] in "]}":
            depth -= 1
            if depth == keep:
                copied = token.end()
    if depth <= keep:
        parts.append(text[copied:])
    return "".join(parts)


def check_width(value: Mapping[str, object]) -> None:
    """Raises UnreadableError (too_large) when the object has more than MAX_MEMBERS members."""
    if len(value) > MAX_MEMBERS:
        detail = f"a JSON object has {len(value)} members, at most {MAX_MEMBERS} are allowed"
        raise UnreadableError(Reason.TOO_LARGE, detail)


def check_depth(value: dict[str, object] | list[object], levels: int = 1) -> None:
    """Raises UnreadableError (too_deep) when `value`, itself at `levels`, is nested deeper than MAX_DEPTH."""
    layer: list[dict[str, object] | list[object]] = [value]
    while layer:
        if levels > MAX_DEPTH:
            raise UnreadableError(Reason.TOO_DEEP, f"event is nested deeper than {MAX_DEPTH} levels")
        layer = [
            child
            for item in layer
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list)
        ]
        levels += 1
