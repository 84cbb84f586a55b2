"""One request in the JSON log of a CDN, with the CMCD of the player in it. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping, Set
from urllib.parse import unquote

from msgspec.structs import replace

from beacon_job.decode.bad import UnreadableError
from beacon_job.decode.cmcd.event import note_unread
from beacon_job.decode.cmcd.keys import Values
from beacon_job.decode.cmcd.line import check_length
from beacon_job.decode.cmcd.query import holds_cmcd, lines_in, plain_quotes, unescaped
from beacon_job.decode.cmcd.request import beacon_of, joined
from beacon_job.decode.json_forms.text import check_depth
from beacon_job.decode.origin import Origin
from beacon_job.decode.vocabulary import log_columns as columns
from beacon_job.decode.vocabulary.bounds import MAX_CUSTOM_CHARS
from beacon_job.decode.vocabulary.fields import FIELDS
from beacon_job.decode.vocabulary.spelling import ROLES, squash
from beacon_job.decode.vocabulary.times import log_ms
from beacon_job.types.beacon import Beacon, Reason

_SESSION_KEYS = frozenset(ROLES["session"])
"""A log names a session in its CMCD only: an object with one of these is an event about a request."""

_OF_LOGS = columns.OF_LOGS_ONLY.union(columns.ARGUMENTS, columns.HEADERS)

TELLING_KEYS = frozenset({*columns.URLS, *columns.QUERIES, *columns.NESTED, *columns.KEYS, *_OF_LOGS})
"""An object with one of these may be a line of a log."""

_SEARCHED = (*columns.QUERIES, *columns.URLS)
_MEASURES = {
    "response_code": columns.STATUSES,
    "url_host": columns.HOSTS,
    "response_bytes": columns.BYTES,
}
_MAX_LEVELS = 3


def fits(value: dict[str, object]) -> bool:
    """Whether an object with a telling key is a line of a log: it has CMCD, or keys that no event has."""
    names = dict.fromkeys(squash(key[:MAX_CUSTOM_CHARS]) for key in value)
    if not _SESSION_KEYS.isdisjoint(names):
        return False
    if not _OF_LOGS.isdisjoint(names) or _is_answered_request(names.keys()):
        return True
    names = dict(_columns(value))
    return (
        not _OF_LOGS.isdisjoint(names)
        or names.get("cmcdsessionid", names.get("cmcdsid")) is not None
        or any(isinstance(member, str) and holds_cmcd(member) for member in _of(names, _SEARCHED))
    )


def _is_answered_request(names: Set[str]) -> bool:
    """Whether an object without an event has what a request and its answer have."""
    return not any(names.isdisjoint(some) for some in (_SEARCHED, columns.STATUSES)) and names.isdisjoint(
        ROLES["event"]
    )


def read(value: dict[str, object], origin: Origin) -> Beacon:
    """The beacon of one line, at the log's own time. Raises UnreadableError; `empty` where it has no CMCD.

    A time that cannot be read is noted (`unread`), and arrival stands for it. Device and country are those of
    the log: who ships it is no viewer.
    """
    check_depth(value)
    log = dict(_columns(value))
    line, values = joined(list(_cmcd_of(log)) or _refuse_without_cmcd())
    for name, keys in _MEASURES.items():
        measure = next((found for m in _of(log, keys) if (found := FIELDS[name].read(m)) is not None), None)
        if measure is not None:
            values[name] = measure
    client_ms = _time(log)
    took_ms = _took(log, client_ms, values)
    if client_ms is not None and took_ms is not None and not columns.WRITTEN_AT_THE_END.isdisjoint(log):
        client_ms -= took_ms
    if client_ms is None and any(True for _ in _of(log, columns.TIMES)):
        note_unread(values, "time")
    country = _text(log, columns.COUNTRIES).upper()
    seen = replace(origin, user_agent=_text(log, columns.AGENTS), country=country)
    return beacon_of(values, line, _text(log, columns.URLS), seen, client_ms or origin.recv_at_ms)


def _columns(value: Mapping[str, object], level: int = 1) -> Iterator[tuple[str, object]]:
    """Columns that say something, by squashed name; the outermost of a name comes last."""
    for key, member in value.items():
        name = squash(key[:MAX_CUSTOM_CHARS])
        if isinstance(member, dict) and name in columns.NESTED and level < _MAX_LEVELS:
            if name in columns.OF_LOGS_ONLY:
                yield name, True
            inner = ((f"cmcd{squash(k)}", m) for k, m in member.items()) if name == "cmcd" else ()
            yield from (*_columns(member, level + 1), *inner)
    for key, member in value.items():
        if isinstance(member, str) and member.strip().lower() in columns.EMPTY:
            continue
        if isinstance(member, str | int | float) and not isinstance(member, bool):
            yield squash(key[:MAX_CUSTOM_CHARS]), member


def _cmcd_of(log: Mapping[str, object]) -> Iterable[str]:
    """The CMCD lines: of headers or else of arguments (CTA-5004-B section 6), or else of columns by key."""
    headers = [str(member) for name, member in log.items() if name in columns.HEADERS]
    if headers:
        return [_checked(plain_quotes(header)) for header in headers]
    texts = [_checked(str(member)) for member in _of(log, _SEARCHED)]
    found = [line for text in dict.fromkeys(texts) for line in lines_in(text)]
    stated = [_checked(str(member)) for member in _of(log, columns.ARGUMENTS)]
    found = found or [line for text in stated for line in lines_in(text) or [unescaped(plain_quotes(text))]]
    return found or [
        f"{columns.KEYS[name]}={_bare(str(member))}" for name, member in log.items() if name in columns.KEYS
    ]


def _checked(text: str) -> str:
    check_length(text)
    return text


def _bare(text: str) -> str:
    """A column's value as one of a dictionary: a plain one as it is, any other as a string."""
    return {"true": "?1", "false": "?0"}.get(text.lower()) or (
        text if text.replace(".", "", 1).isalnum() else json.dumps(text, ensure_ascii=False)
    )


def _refuse_without_cmcd() -> list[str]:
    detail = "the line of a log holds no CMCD: the request was none of a player that says something"
    raise UnreadableError(Reason.EMPTY, detail)


def _time(log: Mapping[str, object]) -> int | None:
    times: list[object] = [f"{log['date']} {log['time']}"] if "date" in log and "time" in log else []
    return next((ms for time in (*times, *_of(log, columns.TIMES)) if (ms := log_ms(time)) is not None), None)


def _took(log: Mapping[str, object], client_ms: int | None, values: Values) -> int | None:
    """How long the response took to its last byte; that and the time to its first join the values."""
    ttfb_ms = _duration(log, columns.TTFBS)
    took_ms = _duration(log, columns.TOOK)
    end_ms = next((ms for time in _of(log, columns.ENDS) if (ms := log_ms(time)) is not None), None)
    transfer_ms = _duration(log, columns.TRANSFERS)
    if took_ms is None and end_ms is not None and client_ms is not None:
        took_ms = end_ms - client_ms
    if took_ms is None and transfer_ms is not None:
        took_ms = transfer_ms + (ttfb_ms or 0)
    for name, value in (("ttfb_ms", ttfb_ms), ("ttlb_ms", took_ms)):
        if value is not None and FIELDS[name].read(value) is not None:
            values[name] = value
    return took_ms


def _duration(log: Mapping[str, object], units: Mapping[str, float]) -> int | None:
    """The first of some columns that is a duration, in ms."""
    for name, ms in units.items():
        if name in log:
            try:
                return round(float(str(log[name]).strip().removesuffix("s")) * ms)
            except (ValueError, OverflowError):
                continue
    return None


def _of(log: Mapping[str, object], names: Iterable[str]) -> Iterator[object]:
    return (log[name] for name in names if name in log)


def _text(log: Mapping[str, object], names: Iterable[str]) -> str:
    found = next((member for member in _of(log, names) if isinstance(member, str)), "")
    return unquote(found) if "%20" in found else found
