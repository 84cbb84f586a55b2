"""One request in the JSON log of a CDN, with the CMCD of the player in it. Pure."""

from beacon_job.decode.cmcd.event import request, values_in
from beacon_job.decode.cmcd.line import check_length
from beacon_job.decode.cmcd.request import MARK, line_in, of_url, unescaped
from beacon_job.decode.origin import Origin
from beacon_job.decode.vocabulary.fields import FIELDS
from beacon_job.decode.vocabulary.spelling import ROLES, squash
from beacon_job.decode.vocabulary.values import epoch_ms
from beacon_job.types.beacon import Beacon

_QUERY_KEYS = frozenset(
    ["query", "querystr", "querystring", "csuriquery", "path", "uri", "url", "requesturi", "csuristem"]
)
"""Where logs keep the url, query or CMCD of a request (squashed)."""

_HEADER_KEYS = ("cmcdobject", "cmcdrequest", "cmcdsession", "cmcdstatus")
"""CMCD sent as headers, in logs that keep them."""

_CMCD_KEYS = frozenset({"cmcd", *_HEADER_KEYS})

_SESSION_KEYS = frozenset(ROLES["session"])
"""A log names a session in its CMCD only: an object with one of these is an event about a request."""

TELLING_KEYS = _QUERY_KEYS | _CMCD_KEYS
"""An object with one of these may be a log record."""

_TIME_KEYS = ("startms", "reqtimesec", "timestamp", "timestampms", "ts", "datetime", "time")

_LOG_FIELDS = {
    "status": "response_code",
    "statuscode": "response_code",
    "scstatus": "response_code",
    "ttfbms": "ttfb_ms",
}


def fits(value: dict[str, object]) -> bool:
    """Whether an object with a telling key is a log record with CMCD in it."""
    names = {squash(key): member for key, member in value.items()}
    return names.keys().isdisjoint(_SESSION_KEYS) and any(
        isinstance(member, str) and _holds_cmcd(name, member) for name, member in names.items()
    )


def _holds_cmcd(name: str, member: str) -> bool:
    return (name in _QUERY_KEYS and MARK in member) or name in _CMCD_KEYS


def read(value: dict[str, object], origin: Origin) -> Beacon:
    """The beacon of one log record, at the log's own time. Raises UnreadableError."""
    log = {squash(key): member for key, member in value.items() if len(key) <= 32}
    texts = {key: member for key, member in log.items() if isinstance(member, str)}
    if "date" in texts and "time" in texts:
        log["datetime"] = f"{texts['date']} {texts['time']}"
    queries = [texts[key] for key in texts if key in _QUERY_KEYS and MARK in texts[key]]
    stated = texts.get("cmcd") or ",".join(texts[key] for key in _HEADER_KEYS if key in texts)
    for found in (*queries, stated):
        check_length(found)
    line = next(filter(None, map(line_in, queries)), None) or unescaped(stated.removeprefix(MARK))
    values = values_in(line)
    for key, name in _LOG_FIELDS.items():
        measure = FIELDS[name].read(log.get(key))
        if measure is not None:
            values[name] = measure
    for key in ("path", "csuristem", "uri", "url", "requesturi"):
        values.update(of_url(texts.get(key, "")))
    times = (epoch_ms(log.get(key)) for key in _TIME_KEYS)
    client_ms = next((time for time in times if time is not None), origin.recv_at_ms)
    return request(values, line, origin, client_ms)
