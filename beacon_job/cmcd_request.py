"""CMCD of request mode (v1, v2): queries of media requests, and log records of a CDN that hold them. Pure."""

from urllib.parse import unquote

from beacon_job.beacon import BadRecord, Beacon, KinesisRecord, Reason
from beacon_job.cmcd import Item, check_length
from beacon_job.cmcd_event import request, values_in
from beacon_job.cmcd_keys import Values, values_of
from beacon_job.decode_limits import MAX_LINE_CHARS
from beacon_job.fields import FIELDS
from beacon_job.json_names import squash
from beacon_job.origin import Origin
from beacon_job.unreadable import UnreadableError, bad_record, shown
from beacon_job.values import epoch_ms

_MARK = "CMCD="

_QUERY_KEYS = frozenset(
    ["query", "querystr", "querystring", "csuriquery", "path", "uri", "url", "requesturi", "csuristem"]
)
"""Where logs keep the url, query or CMCD of a request (squashed)."""

_HEADER_KEYS = ("cmcdobject", "cmcdrequest", "cmcdsession", "cmcdstatus")
"""CMCD sent as headers, in logs that keep them."""

_CMCD_KEYS = frozenset({"cmcd", *_HEADER_KEYS})

TELLING_KEYS = _QUERY_KEYS | _CMCD_KEYS
"""An object with one of these may be a log record."""

_TIME_KEYS = ("startms", "reqtimesec", "timestamp", "ts", "time", "datetime")

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
    line = unquote(query[position + len(_MARK) :].partition("&")[0])
    # Some logs escape what was escaped already.
    return (line if "=" in line else unquote(line)).strip()


def read_query(query: str, origin: Origin, client_ms: int, path: str = "") -> Beacon:
    """As `decode_request_query`, for what came in a record. Raises UnreadableError."""
    check_length(query)
    line = line_in(query)
    if line is None:
        raise UnreadableError(Reason.UNKNOWN_FORM, f"query holds no CMCD= parameter: {shown(query)}")
    values = values_in(line) | _of_url(path or query)
    return request(values, line, origin, client_ms)


def fits(value: dict[str, object]) -> bool:
    """Whether an object with a telling key is a log record with CMCD in it."""
    return any(isinstance(member, str) and _holds_cmcd(squash(key), member) for key, member in value.items())


def _holds_cmcd(name: str, member: str) -> bool:
    return (name in _QUERY_KEYS and _MARK in member) or name in _CMCD_KEYS


def read_log(value: dict[str, object], origin: Origin) -> Beacon:
    """The beacon of one log record, at the log's own time. Raises UnreadableError."""
    log = {squash(key): member for key, member in value.items() if len(key) <= 32}
    texts = {key: member for key, member in log.items() if isinstance(member, str)}
    line = next(
        (
            found
            for key in texts
            if key in _QUERY_KEYS and len(texts[key]) <= MAX_LINE_CHARS and (found := line_in(texts[key]))
        ),
        None,
    )
    if line is None:
        encoded = texts.get("cmcd") or ",".join(texts[key] for key in _HEADER_KEYS if key in texts)
        check_length(encoded)
        line = unquote(encoded).strip()
    values = values_in(line)
    for key, name in _LOG_FIELDS.items():
        measure = FIELDS[name].read(log.get(key))
        if measure is not None:
            values[name] = measure
    for key in ("path", "csuristem", "uri", "url", "requesturi"):
        values.update(_of_url(texts.get(key, "")))
    times = (epoch_ms(log[key]) for key in _TIME_KEYS if key in log)
    client_ms = next((time for time in times if time is not None), origin.recv_at_ms)
    return request(values, line, origin, client_ms)


def _of_url(url: str) -> Values:
    """Host and extension of a url or of a bare path."""
    path = url.partition("?")[0]
    if "/" not in path:
        return {}
    return values_of("url", [Item(path if "://" in path else f"//{path}")])
