"""CMCD key and value -> canonical fields (CTA-5004-B keys in event and in request mode). Pure.

Members repeat: thousands of records say `br=(868)`, `sf=h`, `v=2`, and all viewers of a title ask for its
urls. What a member's text means is therefore learnt once and kept; only times are read each time.
"""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from beacon_job.decode.cmcd.line import Item, member
from beacon_job.decode.vocabulary.bounds import MAX_CUSTOM_CHARS, MAX_DIM_CHARS
from beacon_job.decode.vocabulary.fields import (
    AUDIO,
    CMCD_FIELDS,
    DIMENSIONS,
    FIELDS,
    OF_THE_OBJECT,
)
from beacon_job.decode.vocabulary.values import custom_value, number, text
from beacon_job.types.beacon import UNREAD, Value

STREAM_FORMATS = {
    "h": "hls",
    "d": "dash",
    "s": "smooth",
    "o": "other",
    "e": "other",
    # Low latency, of a draft of version 2: Apple's player since iOS 18, Shaka 4.11 to 5.0.
    "lh": "hls",
    "ld": "dash",
}
STREAM_TYPES = {"v": "vod", "l": "live", "ll": "live"}
OBJECT_TYPES = {
    "m": "manifest",
    "a": "audio",
    "v": "video",
    "av": "muxed",
    "i": "init",
    "c": "caption",
    "tt": "timed_text",
    "k": "key",
    "o": "other",
}

SPECIAL = frozenset({"e", "sta", "sid", "sn", "ts", "v"})
"""Keys that decide what a record is; they keep their CMCD name among the values read."""

OWN_PREFIX = "com.beacon-"
"""Custom keys with this prefix are canonical: `com.beacon-player="hls.js"`, `com.beacon-width-px=1280`."""

_VIDEO_TYPES = frozenset({"v", "av"})
_OTHER_TYPES = frozenset({"a", "m", "i", "c", "tt", "k"})
"""Objects without video in them."""
_JOINED = frozenset({"ec", "nor"})
_SUMMED = frozenset({"bsd"})
_CUSTOM_KEY = re.compile(r"[A-Za-z0-9_.]+-[A-Za-z0-9_.-]+|com\.[A-Za-z0-9_.-]+")
_AUTHORITY = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//(?:[^/]*@)?([^/]*)", re.IGNORECASE)
_MAX_HOST_CHARS = 256
_MAX_EXTENSION_CHARS = 8
_EXTENSION = re.compile(rf"[A-Za-z0-9]{{1,{_MAX_EXTENSION_CHARS}}}")

Values = dict[str, Any]
"""Canonical fields, dimensions and the `SPECIAL` keys of one record; the names of the three never clash.
Under `UNREAD` stands the key whose value could not be read."""

_NOTHING: Values = {}
_MAX_PLAIN_CHARS = 18
_MAX_LEARNT = 32_768
_MAX_LEARNT_CHARS = 160
_NEVER_LEARNT = frozenset({"ts", "smrt"})

Pairs = tuple[tuple[str, Any], ...]


class _Learnt(dict[str, Pairs]):
    """Member's text -> what it says: `br=(868)` -> (("bitrate_kbps", 868),). KeyError when it is no member.

    Unknown keys say nothing: an empty tuple. `object_type` is the `ot` of the records that are read.
    """

    def __init__(self, object_type: str) -> None:
        self._object_type = object_type

    def __missing__(self, segment: str) -> Pairs:
        # The three that differ most are read without a parser where they are as plain as they always are.
        if segment[:3] == "ts=" and segment[3:].isdecimal() and len(segment) <= _MAX_PLAIN_CHARS:
            return (("ts", int(segment[3:])),)
        key, mark, quoted = segment.partition('="')
        if mark and key in ("sid", "url") and quoted.find('"') == len(quoted) - 1 and "\\" not in quoted:
            pairs = _url(quoted[:-1]) if key == "url" else (("sid", quoted[:-1]),)
            return self._keep(segment, pairs)
        read = member(segment)
        if read is None:
            raise KeyError(segment)
        pairs = tuple(values_of(*read, self._object_type).items())
        return pairs if read[0] in _NEVER_LEARNT else self._keep(segment, pairs)

    def _keep(self, segment: str, pairs: Pairs) -> Pairs:
        if len(segment) <= _MAX_LEARNT_CHARS:
            if len(self) >= _MAX_LEARNT:
                self.clear()
            self[segment] = pairs
        return pairs


pairs_of = _Learnt("").__getitem__
"""What one member's text says, as pairs of canonical name and value, in a record about video or all media."""

_by_ot = {object_type: _Learnt(object_type).__getitem__ for object_type in _OTHER_TYPES}

pairs_by_type = {OBJECT_TYPES[object_type]: pairs for object_type, pairs in _by_ot.items()}
"""The same for records about an object of another type, by its name."""

_by_text = {text[:2]: pairs for ot, pairs in _by_ot.items() for text in (ot, f"{ot},")}


def pairs_for(line: str) -> Callable[[str], Pairs]:
    """The reader that a line asks for with its `ot`, as it looks without being read."""
    at = line.find(",ot=")
    return pairs_of if at < 0 else _by_text.get(line[at + 4 : at + 6], pairs_of)


def values_of(key: str, items: Sequence[Item], object_type: str = "") -> Values:
    """What a key with its values says, in canonical names and units, in a record about such an object."""
    if not items:
        return _NOTHING
    values = _known(key, items, object_type)
    if values is None:
        return _NOTHING if items[0].value == "" else {UNREAD: key}
    return values


def _known(key: str, items: Sequence[Item], object_type: str) -> Values | None:
    """None for a value that its key does not allow."""
    first = items[0].value
    if key in SPECIAL:
        return _special(key, first)
    if key == "sf":
        return _token("stream_format", STREAM_FORMATS, first)
    if key == "st":
        return _token("stream_type", STREAM_TYPES, first)
    if key == "ot":
        return _token("object_type", OBJECT_TYPES, first)
    if key == "cdn":
        return _one("cdn", text(first, MAX_DIM_CHARS))
    if key == "url":
        return dict(_url(first)) if isinstance(first, str) else None
    if key in CMCD_FIELDS:
        return _field(key, items, object_type)
    return _custom(key, first) or _NOTHING


def _special(key: str, value: Value) -> Values | None:
    if key in ("sn", "v"):
        count = number(value)
        return _one(key, int(count) if count is not None and count >= 0 else None)
    return {key: value}  # whoever needs it says what is wrong with it


def _one(name: str, value: Value | None) -> Values | None:
    return None if value is None else {name: value}


def _token(name: str, names: dict[str, str], value: Value) -> Values | None:
    return _one(name, names.get(value)) if isinstance(value, str) else None


def _url(url: str) -> Pairs:
    """Host and extension only: the rest of a url is cardinality, and its query may hold secrets."""
    if "?" in url or "#" in url:
        url = url.partition("?")[0].partition("#")[0]
    folder, _, name = url.rpartition("/")
    extension = name[name.rfind(".") + 1 :]
    return _host_and_extension(folder[:_MAX_HOST_CHARS], extension[: _MAX_EXTENSION_CHARS + 1])


@lru_cache(maxsize=4096)
def _host_and_extension(folder: str, extension: str) -> Pairs:
    match = _AUTHORITY.match(folder + "/")
    host = FIELDS["url_host"].read(match[1].lower()) if match else None
    found = {"url_host": host, "url_ext": extension.lower() if _EXTENSION.fullmatch(extension) else None}
    return tuple((name, value) for name, value in found.items() if value is not None)


def _field(key: str, items: Sequence[Item], object_type: str) -> Values | None:
    field = CMCD_FIELDS[key]
    if key in _JOINED:
        words = [word for word in (text(item.value, int(field.high)) for item in items) if word]
        return _one(field.name, field.read(",".join(words)))
    if key in ("cmsdd", "cmsds"):
        return _one(field.name, field.read(_unpacked(items[0].value)))
    audio = FIELDS.get(AUDIO + field.name)
    if audio is None:
        return _one(field.name, field.read(items[0].value))
    values: Values = {}
    told = _NOTHING
    for item in items:
        types = OBJECT_TYPES.keys() & item.params
        if not types and object_type in _OTHER_TYPES and key in OF_THE_OBJECT:
            types = {object_type}
        if types and "a" not in types and not _VIDEO_TYPES & types:
            continue
        target = audio if "a" in types else field
        value = target.read(item.value)
        if value is None:
            told = {UNREAD: key}
        elif target.name not in values:
            values[target.name] = value
        elif key in _SUMMED:
            total = target.read(values[target.name] + value)
            values[target.name] = values[target.name] if total is None else total
    return values | told


def _unpacked(value: Value) -> Value:
    """Players relay CMSD headers as base64."""
    if not isinstance(value, str):
        return value
    try:
        return base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return value


def _custom(key: str, value: Value) -> Values | None:
    if key.startswith(OWN_PREFIX):
        name = key[len(OWN_PREFIX) :].replace("-", "_")
        if name in DIMENSIONS:
            return _one(name, text(value, MAX_DIM_CHARS))
        return _one(name, FIELDS[name].read(value)) if name in FIELDS and name != UNREAD else None
    if len(key) > MAX_CUSTOM_CHARS or not _CUSTOM_KEY.fullmatch(key):
        return None
    return _one(key, custom_value(value))
