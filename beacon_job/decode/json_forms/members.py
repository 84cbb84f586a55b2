"""What a JSON object says, member by member: measures, dimensions, and what makes it an event. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from beacon_job.decode.json_forms.text import check_depth, check_width
from beacon_job.decode.origin import Origin
from beacon_job.decode.vocabulary.bounds import MAX_CUSTOM_CHARS, MAX_CUSTOM_FIELDS, MAX_DIM_CHARS
from beacon_job.decode.vocabulary.field import Field
from beacon_job.decode.vocabulary.spelling import JSON_DIMENSIONS, JSON_FIELDS, ROLES, squash
from beacon_job.decode.vocabulary.values import custom_value, text
from beacon_job.types.beacon import Value

_PLAIN_CONTAINERS = frozenset({"data", "payload", "context", "detail", "details", "properties", "params"})
"""Objects whose members are read as if they stood one level up."""

_CUSTOM = "custom"
_CUSTOM_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_SAYS_NOTHING = ("", -1)
"""What senders write for nothing, such as the duration of a live stream."""
_MAX_LEVELS = 3
"""Objects within an event that are looked into, from the event down."""
_MAX_KNOWN_KEYS = 4_096
_RANKS_PER_LEVEL = 100


_Slot = tuple[str, str, type | None, Field, float, int]
"""Where a key's value goes: (kind, name, plain type, field, factor into its unit, rank of a role's name).

A value of the plain type within the field's limits is taken as it is; `Field.read` looks at every other.
"""

_FIELD, _DIMENSION, _ROLE, _PLAIN, _OWN, _UNKNOWN = "field", "dimension", "role", "plain", "own", "unknown"
_PLAIN_TYPES: dict[str, type] = {"int": int, "float": float, "bool": bool}
_NO_FIELD = Field("", "text")
_NOT_KNOWN: _Slot = (_UNKNOWN, "", None, _NO_FIELD, 1, 0)


def _slot_of_field(field: Field, factor: float) -> _Slot:
    plain = _PLAIN_TYPES.get(field.type) if factor == 1 else None
    return (_FIELD, field.name, plain, field, factor, 0)


_SLOTS: dict[str, _Slot] = (
    {name: _slot_of_field(field, factor) for name, (field, factor) in JSON_FIELDS.items()}
    | {name: (_DIMENSION, dimension, None, _NO_FIELD, 1, 0) for name, dimension in JSON_DIMENSIONS.items()}
    | {
        name: (_ROLE, role, None, _NO_FIELD, 1, rank)
        for role, names in ROLES.items()
        for rank, name in enumerate(names)
    }
    | {name: (_PLAIN, "", None, _NO_FIELD, 1, 0) for name in _PLAIN_CONTAINERS}
    | {_CUSTOM: (_OWN, "", None, _NO_FIELD, 1, 0)}
)


class _KnownKeys(dict[str, _Slot]):
    """Key as a sender writes it -> its slot. Learnt, up to a bound: senders use few keys, attackers many."""

    def __missing__(self, key: str) -> _Slot:
        if len(key) > MAX_CUSTOM_CHARS:
            return _NOT_KNOWN
        slot = _SLOTS.get(squash(key), _NOT_KNOWN)
        if len(self) < _MAX_KNOWN_KEYS:
            self[key] = slot
        return slot


_slots = _KnownKeys()


class Members:
    """What was read of an object so far: of an event alone, or on top of what its batch states once."""

    def __init__(self, common: "Members | None" = None) -> None:
        self.measures: dict[str, Value] = dict(common.measures) if common else {}
        self.roles: dict[str, tuple[int, object]] = dict(common.roles) if common else {}
        self._own_dims: dict[str, str] = {}
        self._common = common
        self.unread: dict[str, None] = dict(common.unread) if common else {}
        """Keys whose values could not be read; squashed, as there must not be endless many."""
        self._custom: int = common._custom if common else 0
        self._rendered: dict[str, str] | None = None

    def role(self, name: str) -> object:
        """The value found for one of ROLES, or None."""
        found = self.roles.get(name)
        return found[1] if found else None

    def dims(self, source: str, origin: Origin) -> dict[str, str]:
        """The dimensions; one dict for all events that state none beyond their batch's."""
        if self._common and not self._own_dims:
            return self._common.dims(source, origin)
        if self._rendered is None:
            stated = self._common._own_dims | self._own_dims if self._common else self._own_dims
            self._rendered = origin.dims(source, "", tuple(stated), tuple(stated.values()))
        return self._rendered

    def read(
        self, value: Mapping[str, Any], level: int = 0, prefix: str = "", keep_unknown: bool = False
    ) -> None:
        """Read an object's members. What is not known, ill-typed or out of its limits says nothing."""
        check_width(value)
        for key, member in value.items():
            kind, name, plain, field, factor, rank = _slots[prefix + key]
            if member is None:
                continue
            if kind is _FIELD:
                # A float 0 is not taken as it is: it may be -0.0.
                found_type = type(member)
                if (
                    found_type is plain
                    and field.low <= member <= field.high
                    and (member or plain is not float)
                ):
                    self.measures[name] = member
                    continue
                measure = field.read(member, factor)
                if measure is not None:
                    self.measures[name] = measure
                    continue
                if not isinstance(member, dict) and member not in _SAYS_NOTHING:
                    self.unread[squash(prefix + key)] = None
            elif kind is _ROLE and not isinstance(member, dict | list):
                rank += level * _RANKS_PER_LEVEL
                found = self.roles.get(name)
                if found is None or rank <= found[0]:
                    self.roles[name] = (rank, member)
                continue
            elif kind is _DIMENSION:
                dimension = text(member, MAX_DIM_CHARS)
                if dimension:
                    self._own_dims[name] = dimension
                    continue
            if isinstance(member, dict):
                if prefix or level == _MAX_LEVELS:
                    check_depth(member, level + 2)
                elif kind is _PLAIN:
                    self.read(member, level + 1)
                elif kind is _OWN:
                    self._read_custom(member, level + 1)
                else:
                    self.read(member, level + 1, prefix=f"{key}.")
            elif isinstance(member, list):
                check_depth(member, level + 2)
            elif kind is _UNKNOWN and (keep_unknown or "-" in key or key.startswith("com.")):
                self._keep(f"{_CUSTOM}.{key}" if keep_unknown else key, member)

    def _read_custom(self, value: Mapping[str, Any], level: int) -> None:
        check_width(value)
        for key, member in value.items():
            if isinstance(member, dict | list):
                check_depth(member, level + 2)
            else:
                self._keep(f"{_CUSTOM}.{key}", member)

    def _keep(self, name: str, value: object) -> None:
        kept = custom_value(value)
        if kept is None or self._custom >= MAX_CUSTOM_FIELDS:
            return
        if len(name) <= MAX_CUSTOM_CHARS and _CUSTOM_NAME.fullmatch(name):
            self._custom += name not in self.measures
            self.measures[name] = kept
