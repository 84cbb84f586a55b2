"""CMCD of request mode (v1, v2): queries of media requests, alone or in a line of a log. Pure."""

from urllib.parse import unquote

from beacon_job.decode.bad import UnreadableError, bad_record, shown
from beacon_job.decode.cmcd.event import request, values_in
from beacon_job.decode.cmcd.keys import Values, values_of
from beacon_job.decode.cmcd.line import Item, check_length
from beacon_job.decode.origin import Origin
from beacon_job.decode.vocabulary.values import epoch_ms
from beacon_job.types.beacon import BadRecord, Beacon, KinesisRecord, Reason

MARK = "CMCD="
_QUERY_STARTS = (MARK, "?", "/", "http://", "https://")


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
    position = query.find(MARK)
    while position > 0 and query[position - 1] not in "?&":
        position = query.find(MARK, position + 1)
    if position < 0:
        return None
    return unescaped(query[position + len(MARK) :].partition("&")[0].partition("#")[0])


def unescaped(line: str) -> str:
    """The CMCD line, also where a log has escaped what was escaped already."""
    line = unquote(line)
    return (line if "=" in line else unquote(line)).strip()


def read_query(query: str, origin: Origin, client_ms: int, path: str = "") -> Beacon:
    """As `decode_request_query`, for what came in a record. Raises UnreadableError."""
    check_length(query)
    line = line_in(query)
    if line is None:
        raise UnreadableError(Reason.UNKNOWN_FORM, f"query holds no CMCD= parameter: {shown(query)}")
    values = values_in(line) | of_url(path or query)
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
    query = next(word for word in words if MARK in word)
    return read_query(query.strip('"') if query.startswith('"') else query, origin, client_ms)


def of_url(url: str) -> Values:
    """Host and extension of a url or of a bare path."""
    path = url.partition("?")[0]
    if "/" not in path:
        return {}
    return values_of("url", [Item(path if "://" in path else "/" + path.lstrip("/"))])
