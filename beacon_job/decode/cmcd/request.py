"""CMCD of request mode (v1, v2): queries of media requests, and log records of a CDN that hold them. Pure."""

from urllib.parse import unquote

from beacon_job.decode.bad import UnreadableError, bad_record, shown
from beacon_job.decode.cmcd.event import request, values_in
from beacon_job.decode.cmcd.keys import Values, values_of
from beacon_job.decode.cmcd.line import Item, check_length
from beacon_job.decode.origin import Origin
from beacon_job.decode.vocabulary.fields import FIELDS
from beacon_job.decode.vocabulary.spelling import ROLES, squash
from beacon_job.decode.vocabulary.values import epoch_ms
from beacon_job.types.beacon import BadRecord, Beacon, KinesisRecord, Reason

_MARK = "CMCD="
_QUERY_STARTS = (_MARK, "?", "/", "http://", "https://")

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


def decode_request_query(
    query: str, recv_at_ms: int, *, path: str = "", user_agent: str = "", country: str = ""
) -> Beacon | BadRecord:
    """The beacon of one CMCD query as a CDN log has it: source `cmcd_request`, event `request`. Never raises.

    `recv_at_ms` is the time of the log line, the only time there is; `path` is that of the media request.
    """
    record = KinesisRecord(query.encode(errors="replace"), recv_at_ms)
    try:
        return read_query(query, Origin(record, recv_at_ms, "", user_agent, country), recv_at_ms, path)
    except UnreadableError as problem:
        return bad_record(problem, record.data, record, recv_at_ms)


def line_in(query: str) -> str | None:
    """The CMCD line in a query or url (`...?CMCD=br%3D868%2C...`), decoded; None when it has none."""
    position = query.find(_MARK)
    while position > 0 and query[position - 1] not in "?&":
        position = query.find(_MARK, position + 1)
    if position < 0:
        return None
    return _unescaped(query[position + len(_MARK) :].partition("&")[0].partition("#")[0])


def _unescaped(line: str) -> str:
    """The CMCD line, also where a log has escaped what was escaped already."""
    line = unquote(line)
    return (line if "=" in line else unquote(line)).strip()


def read_query(query: str, origin: Origin, client_ms: int, path: str = "") -> Beacon:
    """As `decode_request_query`, for what came in a record. Raises UnreadableError."""
    check_length(query)
    line = line_in(query)
    if line is None:
        raise UnreadableError(Reason.UNKNOWN_FORM, f"query holds no CMCD= parameter: {shown(query)}")
    values = values_in(line) | _of_url(path or query)
    return request(values, line, origin, client_ms)


def read_line(line: str, origin: Origin) -> Beacon:
    """The beacon of one line of a log: a url or query alone, or among words. Raises UnreadableError.

    Its time is that of the line where that begins with one, else arrival.
    """
    if line.startswith(_QUERY_STARTS):
        return read_query(line, origin, origin.recv_at_ms)
    check_length(line)
    words = line.split()
    times = (epoch_ms(start) for start in (" ".join(words[:2]), words[0]))
    client_ms = next((time for time in times if time is not None), origin.recv_at_ms)
    query = next(word for word in words if _MARK in word)
    return read_query(query.strip('"') if query.startswith('"') else query, origin, client_ms)


def fits(value: dict[str, object]) -> bool:
    """Whether an object with a telling key is a log record with CMCD in it."""
    names = {squash(key): member for key, member in value.items()}
    return names.keys().isdisjoint(_SESSION_KEYS) and any(
        isinstance(member, str) and _holds_cmcd(name, member) for name, member in names.items()
    )


def _holds_cmcd(name: str, member: str) -> bool:
    return (name in _QUERY_KEYS and _MARK in member) or name in _CMCD_KEYS


def read_log(value: dict[str, object], origin: Origin) -> Beacon:
    """The beacon of one log record, at the log's own time. Raises UnreadableError."""
    log = {squash(key): member for key, member in value.items() if len(key) <= 32}
    texts = {key: member for key, member in log.items() if isinstance(member, str)}
    if "date" in texts and "time" in texts:
        log["datetime"] = f"{texts['date']} {texts['time']}"
    queries = [texts[key] for key in texts if key in _QUERY_KEYS and _MARK in texts[key]]
    stated = texts.get("cmcd") or ",".join(texts[key] for key in _HEADER_KEYS if key in texts)
    for found in (*queries, stated):
        check_length(found)
    line = next(filter(None, map(line_in, queries)), None) or _unescaped(stated.removeprefix(_MARK))
    values = values_in(line)
    for key, name in _LOG_FIELDS.items():
        measure = FIELDS[name].read(log.get(key))
        if measure is not None:
            values[name] = measure
    for key in ("path", "csuristem", "uri", "url", "requesturi"):
        values.update(_of_url(texts.get(key, "")))
    times = (epoch_ms(log.get(key)) for key in _TIME_KEYS)
    client_ms = next((time for time in times if time is not None), origin.recv_at_ms)
    return request(values, line, origin, client_ms)


def _of_url(url: str) -> Values:
    """Host and extension of a url or of a bare path."""
    path = url.partition("?")[0]
    if "/" not in path:
        return {}
    return values_of("url", [Item(path if "://" in path else "/" + path.lstrip("/"))])
