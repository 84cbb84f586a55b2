"""The names that fields, dimensions and the parts of an event have in JSON. Tables made of `fields`."""

import re
from functools import lru_cache

from msgspec.structs import replace

from beacon_job.decode.vocabulary.field import BY_SIZE, Field
from beacon_job.decode.vocabulary.fields import DIMENSIONS, FIELDS
from beacon_job.types.beacon import UNREAD

ROLES: dict[str, tuple[str, ...]] = {
    "event": ("event", "eventname", "actionname", "eventtype", "type", "name", "action"),
    "session": ("sessionid", "session", "sid", "playbackid", "viewid"),
    "time": ("ts", "timestamp", "clientms", "clienttime", "time", "date"),
    "seq": ("seq", "sequencenumber", "sequence", "sn"),
    "state": ("state", "playerstate"),
    "id": ("id", "eventid"),
}
"""What makes an object an event, with its squashed JSON names; the first one found counts."""

_SQUASH = re.compile(r"[^a-z0-9]+")

_MS_UNITS = {
    "": 1.0,
    "ms": 1.0,
    "millis": 1.0,
    "milliseconds": 1.0,
    "s": 1_000.0,
    "sec": 1_000.0,
    "seconds": 1_000.0,
    "us": 1e-3,
    "microseconds": 1e-3,
    "ns": 1e-6,
    "nanoseconds": 1e-6,
}
_KBPS_UNITS = {"": BY_SIZE, "bps": 1e-3, "kbps": 1.0, "mbps": 1_000.0}


@lru_cache(maxsize=4_096)
def squash(name: str) -> str:
    """A name without case, `_`, `-`, `.` and blanks: `videoHeight` and `video_height` are one."""
    return _SQUASH.sub("", name.lower())


def _json_names(field: Field) -> dict[str, tuple[Field, float]]:
    """Squashed JSON name -> the field as it is under that name, and the factor into its unit."""
    base, _, unit = field.name.rpartition("_")
    units = _MS_UNITS if unit == "ms" else _KBPS_UNITS if unit == "kbps" else {}
    names = {squash(base) + suffix: (field, factor) for suffix, factor in units.items()}
    names[squash(field.name)] = field, 1.0
    for alias in field.aliases:
        name, _, told = alias.partition(" ")
        stated, _, most = told.partition(" ")
        for suffix, factor in units.items():
            names[squash(name) + suffix] = field, factor
        factor = units.get(stated, 1.0)
        names[squash(name)] = (replace(field, high=int(most) * factor) if most else field), factor
    return names


JSON_FIELDS: dict[str, tuple[Field, float]] = {
    name: spelt
    for field in FIELDS.values()
    if field.name != UNREAD
    for name, spelt in _json_names(field).items()
}
"""Squashed JSON name -> (field, factor into its unit)."""

JSON_DIMENSIONS: dict[str, str] = {
    squash(name): dimension for dimension, names in DIMENSIONS.items() for name in (dimension, *names)
}
