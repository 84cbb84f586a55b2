"""CMCD key and value -> canonical fields (CTA-5004-B keys in event and in request mode). Pure.

Members repeat: thousands of records say `br=(868)`, `sf=h`, `v=2`, and all viewers of a title ask for its
urls. What a member's text means is therefore learnt once and kept; only times are read each time.
"""

import base64
import binascii
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from beacon_job.decode.cmcd.line import Item, member
from beacon_job.decode.vocabulary.bounds import MAX_CUSTOM_CHARS, MAX_DIM_CHARS
from beacon_job.decode.vocabulary.fields import AUDIO, CMCD_FIELDS, DIMENSIONS, FIELDS
from beacon_job.decode.vocabulary.values import custom_value, number, text
from beacon_job.types.beacon import Value

STREAM_FORMATS = {"h": "hls", "d": "dash", "s": "smooth", "o": "other", "e": "other"}
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
_JOINED = frozenset({"ec", "nor"})
_SUMMED = frozenset({"bsd"})
_CUSTOM_KEY = re.compile(r"[A-Za-z0-9_.]+-[A-Za-z0-9_.-]+|com\.[A-Za-z0-9_.-]+")
_AUTHORITY = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//(?:[^/]*@)?([^/]*)", re.IGNORECASE)
_MAX_HOST_CHARS = 256
_MAX_EXTENSION_CHARS = 8
_EXTENSION = re.compile(rf"[A-Za-z0-9]{{1,{_MAX_EXTENSION_CHARS}}}")

Values = dict[str, Any]
"""Canonical fields, dimensions and the `SPECIAL` keys of one record; the names of the three never clash."""

_NOTHING: Values = {}
_MAX_PLAIN_CHARS = 18
_MAX_LEARNT = 32_768
_MAX_LEARNT_CHARS = 160
_NEVER_LEARNT = frozenset({"ts", "smrt"})

Pairs = tuple[tuple[str, Any], ...]


class _Learnt(dict[str, Pairs]):
    """Member's text -> what it says: `br=(868)` -> (("bitrate_kbps", 868),). KeyError when it is no member.

    Ill-typed values and unknown keys say nothing: an empty tuple.
    """

    def __missing__(self, segment: str) -> Pairs:
        # The three that differ most are read without a parser where they are as plain as they always are.
        if segment[:3] == "ts=" and segment[3:].isdecimal() and len(segment) <= _MAX_PLAIN_CHARS:
            return (("ts", int(segment[3:])),)
        key, _, quoted = segment.partition('="')
        if key in ("sid", "url") and quoted.find('"') == len(quoted) - 1 and "\\" not in quoted:
            pairs = _url(quoted[:-1]) if key == "url" else (("sid", quoted[:-1]),)
            return self._keep(segment, pairs)
        read = member(segment)
        if read is None:
            raise KeyError(segment)
        pairs = tuple(values_of(*read).items())
        return pairs if read[0] in _NEVER_LEARNT else self._keep(segment, pairs)

    def _keep(self, segment: str, pairs: Pairs) -> Pairs:
        if len(segment) <= _MAX_LEARNT_CHARS:
            if len(self) >= _MAX_LEARNT:
                self.clear()
            self[segment] = pairs
        return pairs


pairs_of = _Learnt().__getitem__
"""What one member's text says, as pairs of canonical name and value."""


def values_of(key: str, items: Sequence[Item]) -> Values:
    """What a key with its values says, in canonical names and units."""
    if not items:
        return _NOTHING
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
        return dict(_url(first)) if isinstance(first, str) else _NOTHING
    if key in CMCD_FIELDS:
        return _field(key, items)
    return _custom(key, first)


def _special(key: str, value: Value) -> Values:
    if key == "ts":
        return _one("ts", value)
    if key in ("sn", "v"):
        count = number(value)
        return _one(key, int(count) if count is not None and count >= 0 else None)
    return _one(key, value if isinstance(value, str) else text(value, MAX_DIM_CHARS))


def _one(name: str, value: Value | None) -> Values:
    return _NOTHING if value is None else {name: value}


def _token(name: str, names: dict[str, str], value: Value) -> Values:
    return _one(name, names.get(value)) if isinstance(value, str) else _NOTHING


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
    host = _one("url_host", FIELDS["url_host"].read(match[1].lower())) if match else _NOTHING
    return tuple(
        (host | _one("url_ext", extension.lower() if _EXTENSION.fullmatch(extension) else None)).items()
    )


def _field(key: str, items: Sequence[Item]) -> Values:
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
    for item in items:
        target = audio if "a" in item.params else field
        if item.params and target is field and not _VIDEO_TYPES.intersection(item.params):
            continue
        value = target.read(item.value)
        if value is None:
            continue
        if target.name not in values:
            values[target.name] = value
        elif key in _SUMMED:
            total = target.read(values[target.name] + value)
            values[target.name] = values[target.name] if total is None else total
    return values


def _unpacked(value: Value) -> Value:
    """Players relay CMSD headers as base64."""
    if not isinstance(value, str):
        return value
    try:
        return base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return value


def _custom(key: str, value: Value) -> Values:
    if key.startswith(OWN_PREFIX):
        name = key[len(OWN_PREFIX) :].replace("-", "_")
        if name in DIMENSIONS:
            return _one(name, text(value, MAX_DIM_CHARS))
        return _one(name, FIELDS[name].read(value)) if name in FIELDS else _NOTHING
    if len(key) > MAX_CUSTOM_CHARS or not _CUSTOM_KEY.fullmatch(key):
        return _NOTHING
    return _one(key, custom_value(value))
