"""One JSON event (of a batch, a page or the seed) -> Beacon. Pure."""

import re
import zlib
from collections.abc import Mapping

import msgspec

from beacon_job.beacon import Beacon, Reason, Value
from beacon_job.cmcd_keys import custom_value
from beacon_job.decode_limits import MAX_CUSTOM_CHARS, MAX_CUSTOM_FIELDS, MAX_DIM_CHARS
from beacon_job.event_names import END_REASONS, bare_name, event_named, state_named
from beacon_job.fields import JSON_DIMENSIONS, JSON_FIELDS, Field, squash
from beacon_job.json_text import check_depth
from beacon_job.origin import Origin, session_of
from beacon_job.unreadable import UnreadableError, shown
from beacon_job.values import epoch_ms, number, text

TIEBREAKS = 1_000_000

ROLES: dict[str, tuple[str, ...]] = {
    "event": ("event", "eventname", "eventtype", "type", "name", "action"),
    "session": ("sessionid", "session", "sid", "playbackid", "viewid"),
    "time": ("ts", "timestamp", "clientms", "clienttime", "time", "date"),
    "seq": ("seq", "sequencenumber", "sequence", "sn"),
    "state": ("state", "playerstate"),
    "id": ("id", "eventid"),
}
"""What makes an object an event, with its squashed JSON names; the first one found counts."""

_PLAIN_CONTAINERS = frozenset({"data", "payload", "context", "detail", "details", "properties", "params"})
"""Objects whose members are read as if they stood one level up."""

_CUSTOM = "custom"
_CUSTOM_NAME = re.compile(r"[A-Za-z0-9_.-]+")
_MAX_LEVELS = 3
_MAX_KNOWN_KEYS = 4_096
_RANKS_PER_LEVEL = 100


class _Slot(msgspec.Struct, frozen=True):
    """Where the value of a key goes: exactly one of field, dimension, role."""

    field: Field | None = None
    factor: float = 1
    dimension: str = ""
    role: str = ""
    rank: int = 0


_SLOTS: dict[str, _Slot] = (
    {name: _Slot(field=field, factor=factor) for name, (field, factor) in JSON_FIELDS.items()}
    | {name: _Slot(dimension=dimension) for name, dimension in JSON_DIMENSIONS.items()}
    | {name: _Slot(role=role, rank=rank) for role, names in ROLES.items() for rank, name in enumerate(names)}
)
_UNKNOWN = _Slot()
_known_keys: dict[str, _Slot] = {}


def _slot(key: str) -> _Slot:
    slot = _known_keys.get(key)
    if slot is None:
        slot = _SLOTS.get(squash(key), _UNKNOWN) if len(key) <= MAX_CUSTOM_CHARS else _UNKNOWN
        if len(_known_keys) < _MAX_KNOWN_KEYS and len(key) <= MAX_CUSTOM_CHARS:
            _known_keys[key] = slot
    return slot


class Parts:
    """What was read of an object so far. A batch's context is read once, and copied for each event."""

    __slots__ = ("_custom", "dims", "measures", "roles")

    def __init__(self, base: "Parts | None" = None) -> None:
        self.measures: dict[str, Value] = dict(base.measures) if base else {}
        self.dims: dict[str, str] = dict(base.dims) if base else {}
        self.roles: dict[str, tuple[int, object]] = dict(base.roles) if base else {}
        self._custom: int = base._custom if base else 0

    def role(self, name: str) -> object:
        """The value found for one of ROLES, or None."""
        return self.roles.get(name, (0, None))[1]

    def read(self, value: Mapping[str, object], level: int = 0, prefix: str = "", keep_unknown: bool = False) -> None:
        """Read an object's members. What is not known, ill-typed or out of its limits says nothing."""
        for key, member in value.items():
            slot = _slot(prefix + key if prefix else key)
            if slot.field is not None:
                measure = slot.field.read(member, slot.factor)
                if measure is not None:
                    self.measures[slot.field.name] = measure
                    continue
            elif slot.dimension:
                dimension = text(member, MAX_DIM_CHARS)
                if dimension:
                    self.dims[slot.dimension] = dimension
                    continue
            elif slot.role and not isinstance(member, dict | list):
                rank = slot.rank + level * _RANKS_PER_LEVEL
                found = self.roles.get(slot.role)
                if member is not None and (found is None or rank <= found[0]):
                    self.roles[slot.role] = (rank, member)
                continue
            if isinstance(member, dict | list):
                self._nested(key, member, level, prefix)
            elif slot is _UNKNOWN and (keep_unknown or "-" in key or key.startswith("com.")):
                self._keep(f"{_CUSTOM}.{key}" if keep_unknown else key, member)

    def _nested(self, key: str, member: dict[str, object] | list[object], level: int, prefix: str) -> None:
        check_depth(member, level + 2)
        if not isinstance(member, dict) or level >= _MAX_LEVELS or prefix:
            return
        name = squash(key)
        if name == _CUSTOM:
            for own, value in member.items():
                self._keep(f"{_CUSTOM}.{own}", value)
        elif name in _PLAIN_CONTAINERS:
            self.read(member, level + 1)
        else:
            self.read(member, level + 1, prefix=f"{key}.")

    def _keep(self, name: str, value: object) -> None:
        kept = custom_value(value)
        if kept is None or self._custom >= MAX_CUSTOM_FIELDS:
            return
        if len(name) <= MAX_CUSTOM_CHARS and _CUSTOM_NAME.fullmatch(name):
            self._custom += name not in self.measures
            self.measures[name] = kept


def beacon(parts: Parts, source: str, value: object, origin: Origin, unit: str = "") -> Beacon:
    """The beacon of what was read. `value` is the event as it came; `unit` that of its time, where stated.

    Raises UnreadableError when event, session or time are missing or wrong.
    """
    name, implied = _meaning(parts.role("event"))
    measures = parts.measures
    for measure, meant in implied.items():
        measures.setdefault(measure, meant)
    if name == "mute" and measures.get("muted") is False:
        name = "unmute"
    if "end_reason" in measures:
        reason = END_REASONS.get(str(measures.pop("end_reason")).lower()) if name == "end" else None
        if reason:
            measures["end_reason"] = reason
    session_id = session_of(parts.role("session"))
    client_ms = _time(parts.role("time"), unit)
    sequence = number(parts.role("seq"))
    seq = int(sequence) if sequence is not None and sequence >= 0 else -1
    return Beacon(
        event=name,
        session_id=session_id,
        client_ms=client_ms,
        recv_at_ms=origin.recv_at_ms,
        source=source,
        seq=seq,
        state=state_named(parts.role("state")),
        tiebreak=seq % TIEBREAKS if seq >= 0 else _fingerprint(parts.role("id"), value),
        measures=measures,
        dims=origin.dims(source, "", tuple(parts.dims), tuple(parts.dims.values())),
    )


def _meaning(name: object) -> tuple[str, dict[str, Value]]:
    if not isinstance(name, str) or not name.strip():
        raise UnreadableError(Reason.NO_EVENT, f"the event has no name (event or type): found {shown(name)}")
    meaning = event_named(name)
    if meaning is not None and meaning[0] != "custom":
        return meaning
    own = text(bare_name(name), MAX_CUSTOM_CHARS)
    return "custom", {"custom_name": own} if own else {}


def _time(value: object, unit: str) -> int:
    client_ms = epoch_ms(value, unit)
    if client_ms is not None:
        return client_ms
    if value is None:
        raise UnreadableError(Reason.NO_TIME, "the event has no time (ts or timestamp)")
    detail = f"time {shown(value)} {unit} is neither an epoch time nor ISO-8601 between 1970 and 2100"
    raise UnreadableError(Reason.BAD_TIME, detail)


def _fingerprint(event_id: object, value: object) -> int:
    """The same for a retry of the same event, whatever body it comes in."""
    content = event_id if isinstance(event_id, str) and event_id else value
    return zlib.crc32(as_bytes(content)) % TIEBREAKS


def as_bytes(value: object) -> bytes:
    """A parsed value as JSON again."""
    try:
        return msgspec.json.encode(value)
    except (UnicodeEncodeError, RecursionError, OverflowError):
        return ascii(value).encode()
