"""CMCD records -> beacons: event mode (CTA-5004-B bodies) and request mode (queries in CDN logs). Pure."""

import zlib
from itertools import chain
from urllib.parse import unquote

from beacon_job.decode.bad import UnreadableError, bad_record, shown
from beacon_job.decode.cmcd.keys import OWN_PREFIX, Values, pairs_by_type, pairs_for, pairs_of
from beacon_job.decode.cmcd.line import check_length, members
from beacon_job.decode.cmcd.query import unescaped
from beacon_job.decode.origin import TIEBREAKS, Origin, session_of
from beacon_job.decode.vocabulary.bounds import MAX_CLIENT_MS, MAX_CUSTOM_FIELDS, MAX_EVENTS, MAX_TEXT_CHARS
from beacon_job.decode.vocabulary.events import CMCD_EVENTS, CMCD_PLAY_STATES
from beacon_job.decode.vocabulary.fields import DIMENSIONS
from beacon_job.decode.vocabulary.times import epoch_ms
from beacon_job.types.beacon import UNREAD, BadRecord, Beacon, Reason, Value
from beacon_job.types.events import CMCD_STATES

CMCD_VERSION = 2
"""The newest version understood; CTA-5004-B wants records of a newer one ignored, and logged."""

_DIMENSIONS = frozenset(DIMENSIONS)
_STATED_BY_KEYS = ("stream_format", "stream_type", "cdn")
"""Dimensions with a CMCD key of their own; the others come with keys that begin with OWN_PREFIX."""


def read_lines(body: str, origin: Origin) -> list[Beacon | BadRecord]:
    """Every line of an event-mode body; a bad one becomes a BadRecord and costs no other."""
    target = origin.target()
    found: list[Beacon | BadRecord] = []
    for line in body.split("\n"):
        line = line.strip()
        if not line:
            continue
        try:
            if len(found) == MAX_EVENTS:
                detail = f"more than {MAX_EVENTS} lines in one body; this is the first that was not read"
                raise UnreadableError(Reason.TOO_MANY_EVENTS, detail)
            found.append(read_line(line, target, origin))
        except UnreadableError as problem:
            found.append(bad_record(problem, line.encode(), origin.record, origin.recv_at_ms))
            if problem.reason is Reason.TOO_MANY_EVENTS:
                break
    return found


def read_line(line: str, target: str, origin: Origin) -> Beacon:
    """The beacon of one event-mode record. Raises UnreadableError."""
    if '"' not in line and "%22" in line:
        line = unescaped(line)
    return event(values_in(line), line, target, origin)


def values_in(line: str) -> Values:
    """All that one line says; of a key that comes twice, the last. UnreadableError if it is no dictionary."""
    check_length(line)
    segments = line.split(",")
    pairs = pairs_for(line)
    try:
        values: Values = dict(chain.from_iterable(map(pairs, segments)))
    except KeyError:  # a comma within quotes, or no dictionary at all
        segments = members(line)
        try:
            values = dict(chain.from_iterable(map(pairs, segments)))
        except KeyError as error:
            detail = f"CMCD record is no RFC 8941 dictionary: it has the member {shown(error.args[0])}"
            raise UnreadableError(Reason.BAD_CMCD, detail) from None
    object_type = values.get("object_type")
    told = pairs_by_type.get(object_type, pairs_of) if object_type else pairs_of
    if told is not pairs:
        values = dict(chain.from_iterable(map(told, segments)))
    if UNREAD in values:
        del values[UNREAD]
        note_unread(
            values, *(found[-1][1] for found in map(told, segments) if found and found[-1][0] == UNREAD)
        )
    return values


def note_unread(values: Values, *keys: str) -> None:
    """Name the keys whose values could not be read, each once, in the measure for it."""
    known = values.get(UNREAD)
    values[UNREAD] = ",".join(dict.fromkeys([*(known.split(",") if known else []), *keys]))[:MAX_TEXT_CHARS]


def event(values: Values, content: str, target: str, origin: Origin) -> Beacon:
    """The beacon of one event-mode record; `values` is used up. Raises UnreadableError."""
    _check_version(values)
    said = values.pop("e", None)
    if said is None and "response_code" in values:
        said = "rr"  # Shaka 4.16 names no event in the reports of its responses
    state = values.pop("sta", "")
    meaning = CMCD_PLAY_STATES.get(state) if said == "ps" else CMCD_EVENTS.get(said)
    if meaning is None:
        raise UnreadableError(Reason.NO_EVENT, _no_event(said, state))
    client_ms = _time(values.pop("ts", None))
    name, implied = meaning
    for measure, value in implied.items():
        values.setdefault(measure, value)
    if name == "error" and state == "f":
        values["fatal"] = True
    return _beacon(name, values, client_ms, state, content, "cmcd_event", target, origin)


def _no_event(said: object, state: object) -> str:
    if said == "ps":
        return f"CMCD key sta of an e=ps is {shown(state)}; it must be one of {' '.join(CMCD_PLAY_STATES)}"
    if said is None:
        return "CMCD record has no key e, the event; only request mode has none"
    return f"CMCD key e is {shown(said)}; it must be one of ps {' '.join(CMCD_EVENTS)}"


def _check_version(values: Values) -> int:
    version: int = values.pop("v", 1)
    if version > CMCD_VERSION:
        detail = f"CMCD key v is {version}; {CMCD_VERSION} is the newest version understood"
        raise UnreadableError(Reason.CMCD_VERSION, detail)
    return version


def _time(value: object) -> int:
    if value is None:
        raise UnreadableError(Reason.NO_TIME, "CMCD event has no key ts, its time")
    if type(value) is int and 0 < value <= MAX_CLIENT_MS:
        return value  # nearly all of them
    client_ms = epoch_ms(value, "ms")
    if client_ms is None:
        detail = f"CMCD key ts is {shown(value)}; it must be epoch milliseconds between 1970 and 2100"
        raise UnreadableError(Reason.BAD_TIME, detail)
    return client_ms


def request(values: Values, content: str, origin: Origin, client_ms: int) -> Beacon:
    """The beacon of one request-mode record; it has no time of its own. Raises UnreadableError."""
    version = _check_version(values)
    values.pop("ts", None)
    state = values.pop("sta", "")
    if version == 1 and "next_object" in values:  # its value is a url-encoded path in version 1 (CTA-5004)
        values["next_object"] = unquote(values["next_object"])
    return _beacon("request", values, client_ms, state, content, "cmcd_request", "request", origin)


def _beacon(
    name: str,
    values: Values,
    client_ms: int,
    state: str,
    content: str,
    source: str,
    target: str,
    origin: Origin,
) -> Beacon:
    session_id = session_of(values.pop("sid", None))
    sequence = values.pop("sn", -1)
    names: tuple[str, ...] = _STATED_BY_KEYS
    stated: tuple[str, ...] = (
        values.pop("stream_format", ""),
        values.pop("stream_type", ""),
        values.pop("cdn", ""),
    )
    if OWN_PREFIX in content:
        own = sorted(_DIMENSIONS.intersection(values))
        names = (*names, *own)
        stated = (*stated, *(values.pop(key) for key in own))
    if len(values) > MAX_CUSTOM_FIELDS:
        _limit_custom(values)
    return Beacon(
        event=name,
        session_id=session_id,
        client_ms=client_ms,
        recv_at_ms=origin.recv_at_ms,
        source=source,
        target=target,
        seq=sequence,
        state=CMCD_STATES.get(state, ""),
        tiebreak=(sequence if sequence >= 0 else zlib.crc32(content.encode(errors="replace"))) % TIEBREAKS,
        measures=values,
        dims=origin.dims(source, target, names, stated),
    )


def _limit_custom(values: dict[str, Value]) -> None:
    """Keep the first custom fields only; canonical names have neither hyphen nor dot."""
    custom = [key for key in values if "-" in key or "." in key]
    for key in custom[MAX_CUSTOM_FIELDS:]:
        del values[key]
