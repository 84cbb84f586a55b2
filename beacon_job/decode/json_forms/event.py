"""One JSON event (of a batch, a page or the seed) -> Beacon. Pure."""

import json
import zlib

import msgspec

from beacon_job.decode.bad import UnreadableError, shown
from beacon_job.decode.json_forms.members import Members
from beacon_job.decode.origin import TIEBREAKS, Origin, session_of
from beacon_job.decode.vocabulary.bounds import MAX_CUSTOM_CHARS, MAX_TEXT_CHARS
from beacon_job.decode.vocabulary.events import END_REASONS, bare_name, event_named, state_named
from beacon_job.decode.vocabulary.fields import FIELDS
from beacon_job.decode.vocabulary.times import epoch_ms
from beacon_job.decode.vocabulary.values import number, text
from beacon_job.types.beacon import UNREAD, Beacon, Reason, Value

_EPAS = frozenset({"playhead", "duration"})
"""Where both stand in one event, they are in milliseconds (EPAS, Eyevinn/player-analytics-specification);
elsewhere `duration` is that of a media element, in seconds."""


def beacon(members: Members, source: str, value: object, origin: Origin, unit: str = "") -> Beacon:
    """The beacon of what was read. `value` is the event as it came; `unit` that of its time, where stated.

    Raises UnreadableError when event, session or time are missing or wrong.
    """
    name, implied = _meaning(members.role("event"))
    measures = members.measures
    for measure, meant in implied.items():
        measures.setdefault(measure, meant)
    if name == "mute" and measures.get("muted") is False:
        name = "unmute"
    if "end_reason" in measures:
        reason = END_REASONS.get(str(measures.pop("end_reason")).lower()) if name == "end" else None
        if reason:
            measures["end_reason"] = reason
    if members.unread:
        measures[UNREAD] = ",".join(members.unread)[:MAX_TEXT_CHARS]
    seq = _sequence(members.role("seq"))
    return Beacon(
        event=name,
        session_id=session_of(members.role("session")),
        client_ms=_time(members.role("time"), unit),
        recv_at_ms=origin.recv_at_ms,
        source=source,
        seq=seq,
        state=state_named(members.role("state")),
        tiebreak=seq % TIEBREAKS if seq >= 0 else _fingerprint(members.role("id"), value),
        measures=measures,
        dims=members.dims(source, origin),
    )


def read_page(value: dict[str, object], origin: Origin) -> Beacon:
    """The beacon of a hand-written page: `{"event":"beacon:started","session":"6645","timestamp":...}`.

    Raises UnreadableError; `unknown_form` for an object that says nothing an event says.
    """
    members = Members()
    members.read(value)
    if value.keys() >= _EPAS:
        duration = FIELDS["duration_ms"].read(value["duration"])
        members.measures |= {} if duration is None else {"duration_ms": duration}
        members.unread.pop("duration", None)
    if not members.roles.keys() & {"event", "session", "time"}:
        detail = (
            "JSON object is no envelope, batch, event, flat record or CMCD: it has no event, session or time"
        )
        raise UnreadableError(Reason.UNKNOWN_FORM, detail)
    return beacon(members, "page", value, origin)


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
    stated = f" in {shown(unit)}" if unit else ""
    detail = f"time {shown(value)}{stated} is no epoch time (s, ms, us, ns) nor ISO-8601, 1970 to 2100"
    raise UnreadableError(Reason.BAD_TIME, detail)


def _sequence(value: object) -> int:
    if value is None:
        return -1
    count = number(value)
    return int(count) if count is not None and count >= 0 else -1


def _fingerprint(event_id: object, value: object) -> int:
    """The same for a retry of the same event, whatever body it comes in."""
    content = event_id if isinstance(event_id, str) and event_id else value
    return zlib.crc32(as_bytes(content)) % TIEBREAKS


def as_bytes(value: object) -> bytes:
    """A parsed value as JSON again."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:  # half of a surrogate pair
        return json.dumps(value).encode()
