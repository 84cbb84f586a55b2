"""CMCD in the urls of requests (v1, v2): queries, alone or among the words of a log's line. Pure.

A record of event mode may come so, too: what names an event is one, at its own time.
"""

import re
from urllib.parse import unquote

from msgspec.structs import replace

from beacon_job.decode.bad import UnreadableError, bad_record, shown
from beacon_job.decode.cmcd.event import event, note_unread, request, values_in
from beacon_job.decode.cmcd.keys import Values, values_of
from beacon_job.decode.cmcd.line import Item, check_length
from beacon_job.decode.cmcd.query import lines_in, plain_quotes, url_in
from beacon_job.decode.cmcd.segment import segment_of
from beacon_job.decode.origin import Origin
from beacon_job.decode.vocabulary.times import times_in
from beacon_job.types.beacon import BadRecord, Beacon, KinesisRecord, Reason

_RANGE = re.compile(r"(?:^|,)nrr=")
"""A player that names the next range fetches one file in pieces: its name does not tell which."""

_STATUS = re.compile(r'"[ \t](\d{3})(?=\s|$)', re.ASCII)
_AGENT = re.compile(r"(?:^|[\t|\" ])((?!HTTP/|CMCD)[A-Za-z][\w.-]*/\d+\.\d[^\t|\"]*)", re.ASCII)


def decode_request_query(
    query: str, recv_at_ms: int, *, path: str = "", user_agent: str = "", country: str = ""
) -> Beacon | BadRecord:
    """The beacon of one CMCD query as a CDN log has it: source `cmcd_request`, event `request`. Never raises.

    `recv_at_ms` is the time of the log line, the only time there is; `path` is that of the media request. A
    query that names an event (`e`, `ts`) is an event of source `cmcd_event`, at its own time.
    """
    record = KinesisRecord(query.encode(errors="replace"), recv_at_ms)
    try:
        return read_query(query, Origin(record, recv_at_ms, "", user_agent, country), recv_at_ms, path)
    except UnreadableError as problem:
        return bad_record(problem, record.data, record, recv_at_ms)


def read_query(query: str, origin: Origin, client_ms: int, path: str = "") -> Beacon:
    """As `decode_request_query`, for what came in a record. Raises UnreadableError."""
    check_length(query)
    lines = lines_in(query)
    if not lines:
        raise UnreadableError(Reason.UNKNOWN_FORM, f"query holds no CMCD= argument: {shown(query)}")
    line, values = joined(lines)
    return beacon_of(values, line, path or query, origin, client_ms)


def read_line(text: str, origin: Origin) -> Beacon:
    """The beacon of one line of a log: a url or query alone, or among words. Raises UnreadableError.

    Its time is the first in the line. Where there is none it is arrival; if it stands among words, that is
    noted (`unread`), as one of them may be a time that nobody knows.
    """
    check_length(text)
    text = plain_quotes(text)
    lines = lines_in(text)
    if not lines:
        raise UnreadableError(Reason.UNKNOWN_FORM, f"line holds no CMCD= argument: {shown(text)}")
    line, values = joined(lines)
    begin, end = url_in(text)
    words = text[:begin] + text[end:]
    client_ms = next(times_in(words), None)
    if client_ms is None and words.strip(' \t"'):
        note_unread(values, "time")
    status = _STATUS.search(text, end)
    if status:
        values["response_code"] = int(status[1])
    if words:  # who ships a log is no viewer
        agent = _AGENT.search(words)
        origin = replace(origin, user_agent=unquote(agent[1]) if agent else "", country="")
    return beacon_of(values, line, text[begin:end], origin, client_ms or origin.recv_at_ms)


def joined(lines: list[str]) -> tuple[str, Values]:
    """Several CMCD lines of one request as one, and what they say: what comes later wins.

    Raises UnreadableError where none of them can be read; where some cannot, `unread` says `cmcd`.
    """
    readable: list[str] = []
    problems: list[UnreadableError] = []
    for line in (text.strip(", \t") for text in lines):
        try:
            values = values_in(line)
            readable.append(line)
        except UnreadableError as problem:
            problems.append(problem)
    if not readable:
        raise problems[0]
    if len(readable) > 1:
        values = values_in(",".join(readable))
    if problems:
        note_unread(values, "cmcd")
    return ",".join(readable), values


def beacon_of(values: Values, line: str, url: str, origin: Origin, client_ms: int) -> Beacon:
    """The beacon of a request for `url` that says these values: the request itself, or the event it reports.

    Raises UnreadableError.
    """
    if "e" in values or ("ts" in values and "response_code" in values and "url_host" in values):
        return event(values, line, origin.target(url) or origin.target(), origin)
    values |= of_url(url)
    if "object_duration_ms" in values and not _RANGE.search(line):
        values |= segment_of(url, str(values.get("next_object", "")))
    return request(values, line, origin, client_ms)


def of_url(url: str) -> Values:
    """Host and extension of a url or of a bare path."""
    path = url.partition("?")[0]
    if "/" not in path:
        return {}
    return values_of("url", [Item(path if "://" in path else "/" + path.lstrip("/"))])
