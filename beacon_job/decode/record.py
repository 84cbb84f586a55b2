"""The bytes of one Kinesis record -> what they mean. Pure: no clock, no state, never an exception.

This page recognises what a body is, `forms` which form its JSON has; each form has a module of its own.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial

from msgspec.structs import replace

from beacon_job.decode import columns
from beacon_job.decode.bad import UnreadableError, bad_record, refuse, refuse_binary, unknown
from beacon_job.decode.cmcd import event, request
from beacon_job.decode.cmcd.query import holds_cmcd, unescaped
from beacon_job.decode.envelope import is_envelope, open_leniently, opened
from beacon_job.decode.json_forms.event import as_bytes
from beacon_job.decode.json_forms.forms import Unread, events_in
from beacon_job.decode.json_forms.text import loads, loads_around, wrong_bytes
from beacon_job.decode.origin import Origin
from beacon_job.decode.placement import DEFAULT_TOLERANCE, Tolerance, place
from beacon_job.decode.vocabulary.bounds import MAX_EVENTS, MAX_RECORD_BYTES
from beacon_job.types.beacon import BadRecord, Beacon, KinesisRecord, Reason

Items = list[Beacon | BadRecord]

_BOM = b"\xef\xbb\xbf"
_BLANKS = b" \t\r\n"
_CMCD_LINE = re.compile(rb"[a-z*][\w.*-]*[=,].*\bsid=")
_ESCAPED_LINE = re.compile(rb"[A-Za-z*][\w.*-]*%(?:25)*3[Dd]")
"""A body that was url-encoded, as drafts of version 2 had it."""
_BRACKETED = re.compile(rb"\[[^\[\]{}\"]*\]")
"""How a line of a log begins, and no array of events."""


def decode(
    record: KinesisRecord, *, tolerance: Tolerance = DEFAULT_TOLERANCE, log_fields: tuple[str, ...] = ()
) -> Items:
    """All beacons of the record, in their order, and a BadRecord for everything in it that cannot be read.

    At least one item for every record but the head of a log (`#Fields:`). Beacons are placed within
    `tolerance` of their arrival. `log_fields` names the columns of logs between tabs that do not name them.
    """
    recv_at_ms = record.arrival_ms
    try:
        if len(record.data) > MAX_RECORD_BYTES:
            detail = f"record has {len(record.data)} bytes, at most {MAX_RECORD_BYTES} are allowed"
            raise UnreadableError(Reason.TOO_LARGE, detail)
        body, origin = opened(record.data, record) or _without_fast_envelope(record)
        recv_at_ms = origin.recv_at_ms
        if log_fields:
            origin = replace(origin, log_fields=log_fields)
        return place(_read_body(body, origin), recv_at_ms, tolerance)
    except UnreadableError as problem:
        return [bad_record(problem, record.data, record, recv_at_ms)]
    except Exception as error:
        defect = UnreadableError(
            Reason.INTERNAL, f"decode failed with {type(error).__name__}; this is a defect"
        )
        return [bad_record(defect, record.data, record, recv_at_ms)]


def _without_fast_envelope(record: KinesisRecord) -> tuple[bytes, Origin]:
    """Body and origin of a bare body, or of an envelope that is slightly off."""
    data = record.data.removeprefix(_BOM).strip(_BLANKS)
    if data[:1] == b"{" and b'"body"' in data:
        try:
            value = loads(data)
        except UnreadableError:  # it may be lines, and its neighbours are good
            value = None
        if isinstance(value, dict) and is_envelope(value):
            return open_leniently(value, record)
    return data, Origin(record, record.arrival_ms)


def _read_body(body: bytes, origin: Origin) -> Items:
    body = body.strip(_BLANKS)
    if columns.is_directive(body) or columns.fits(body.partition(b"\n")[0], origin.log_fields):
        return _read_columns(body, origin)
    if (
        body[:1].isalpha() and b"=" in body and body[1:2] != b"\x00"
    ):  # CMCD lines, first because nearly all are
        return _read_text(body, origin)
    if _ESCAPED_LINE.match(body) and body.isascii():
        return _read_text(unescaped(body.decode()).encode(), origin)
    body = body.removeprefix(_BOM).lstrip(_BLANKS)
    if not body:
        if holds_cmcd(origin.path):
            return [request.read_query(origin.path, origin, origin.recv_at_ms)]
        raise UnreadableError(Reason.EMPTY, "the body is empty")
    refuse_binary(body)
    if body[:1] in (b"{", b"["):
        return _collected(_events_of_json(body, origin), origin)
    if any(map(_is_event, _lines(body))):  # the first line is wrong
        return _read_text(body, origin)
    raise unknown(body)


def _read_text(body: bytes, origin: Origin) -> Items:
    if _has_argument(body) and not _CMCD_LINE.match(body):
        return _read_lines(body, origin)
    try:
        return event.read_lines(body.decode(), origin)
    except UnicodeDecodeError:  # one line of it is wrong, or it is no text at all
        if any(map(_is_event, _lines(body))):
            return _read_lines(body, origin)
    raise unknown(body)


def _read_lines(body: bytes, origin: Origin) -> Items:
    return _collected(((line, partial(_read_line, line, origin)) for line in _lines(body)), origin)


def _read_columns(body: bytes, origin: Origin) -> Items:
    """A log between tabs. Lines that tell of it are no events; those of another width are read alone."""
    fields = origin.log_fields
    found: list[Unread] = []
    for line in _lines(body):
        if columns.is_directive(line):
            fields = columns.log_fields_in(line) or fields
        elif columns.fits(line, fields):
            found.append((line, partial(_read_by_column, line, fields, origin)))
        else:
            found.append((line, partial(_read_line, line, origin)))
    return _collected(found, origin) if found else []


def _read_by_column(line: bytes, fields: tuple[str, ...], origin: Origin) -> Beacon:
    try:
        return columns.read(line, fields, origin)
    except UnreadableError as problem:
        if problem.reason is Reason.EMPTY and _has_argument(line):  # the log has another order
            return _read_line(line, origin)
        raise


def _lines(body: bytes) -> Iterator[bytes]:
    return (line for line in map(bytes.strip, body.split(b"\n")) if line)


def _is_event(line: bytes) -> bool:
    """Whether a line looks like one event: JSON, CMCD, or of a log with CMCD in it."""
    return line.startswith(b"{") or _has_argument(line) or bool(_CMCD_LINE.match(line))


def _has_argument(text: bytes) -> bool:
    """Whether there is CMCD as an argument of a url."""
    return b"CMCD=" in text or b"cmcd=" in text


def _read_line(line: bytes, origin: Origin) -> Beacon:
    if line.startswith(b"{"):
        return _read_json_line(line, origin)
    if _has_argument(line) and not _CMCD_LINE.match(line):
        return request.read_line(_text(line), origin)
    if line[:1].isalpha() or line.startswith(b"*"):
        return event.read_line(_text(line), origin.target(), origin)
    raise unknown(line, "line")


def _text(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        raise UnreadableError(Reason.NOT_TEXT, f"line is not UTF-8: byte {error.start} is wrong") from None


def _events_of_json(body: bytes, origin: Origin) -> Iterable[Unread]:
    try:
        value = loads(body)
    except UnreadableError as problem:
        if problem.reason is Reason.NOT_TEXT and (found := _events_around(problem, body, origin)):
            return found
        if problem.reason is Reason.TOO_DEEP or not _looks_like_lines(body):
            raise
        return ((line, partial(_read_line, line, origin)) for line in _lines(body))
    return _events_in(value, body, origin)


def _events_around(problem: UnreadableError, body: bytes, origin: Origin) -> Iterable[Unread] | None:
    """The events of JSON with wrong bytes in it, those that hold them refused; None when it is no JSON."""
    try:
        found = _events_in(loads_around(body), body, origin)
    except UnreadableError:
        return None
    return (
        (raw, read) if wrong is None else (wrong, partial(refuse, problem))
        for raw, read in found
        for wrong in [raw if isinstance(raw, bytes) else wrong_bytes(raw)]
    )


def _events_in(value: object, body: bytes, origin: Origin) -> Iterable[Unread]:
    if isinstance(value, list):
        return (event for member in value for event in events_in(member, member, origin))
    return events_in(value, body, origin)


def _looks_like_lines(body: bytes) -> bool:
    """Whether a body that is no JSON as a whole is lines of one event each, JSON or CMCD, one of them wrong.

    JSON that is only printed prettily begins with a lone bracket.
    """
    lines = _lines(body)
    first = next(lines)
    of_a_log = bool(_BRACKETED.match(first)) and _has_argument(first)
    return of_a_log or (len(first) > 1 and any(map(_is_event, lines)))


def _read_json_line(line: bytes, origin: Origin) -> Beacon:
    found = list(events_in(loads(line), line, origin))
    if len(found) != 1:
        raise UnreadableError(Reason.UNKNOWN_FORM, "a line of JSON must be one event; this one is a batch")
    return found[0][1]()


def _collected(events: Iterable[Unread], origin: Origin) -> Items:
    """Reads one after the other; a bad one becomes a BadRecord and costs no other."""
    items: Items = []
    for raw, read in events:
        try:
            if len(items) == MAX_EVENTS:
                detail = f"more than {MAX_EVENTS} events in one body; this is the first that was not read"
                raise UnreadableError(Reason.TOO_MANY_EVENTS, detail)
            items.append(read())
        except UnreadableError as problem:
            content = raw if isinstance(raw, bytes) else as_bytes(raw)
            items.append(bad_record(problem, content, origin.record, origin.recv_at_ms))
            if problem.reason is Reason.TOO_MANY_EVENTS:
                break
    if not items:
        raise UnreadableError(Reason.EMPTY, "the body holds no event")
    return items
