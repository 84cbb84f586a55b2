"""Requests of the query side, member by member as the API model names them, and the limits of each. Types
and checks only; a member that is null is one that is absent."""

from typing import Any

import msgspec

from local.timestream.query import limits
from local.timestream.rules.errors import refuse_member


class QueryInsights(msgspec.Struct, rename="pascal", frozen=True):
    """Whether to tell what a query read; taken, and not answered."""

    mode: str | None = None


class QueryRequest(msgspec.Struct, rename="pascal", frozen=True):
    """Query, PrepareQuery and CancelQuery: where two have a member of one name, it has the same type."""

    query_string: str | None = None
    client_token: str | None = None
    next_token: str | None = None
    max_rows: int | None = None
    query_insights: QueryInsights | None = None
    validate_only: bool | None = None
    query_id: str | None = None


decode_query: msgspec.json.Decoder[QueryRequest] = msgspec.json.Decoder(QueryRequest)
decode_settings: msgspec.json.Decoder[dict[str, Any]] = msgspec.json.Decoder(dict[str, Any])


def check_query(request: QueryRequest) -> str:
    """The query string of a request that keeps the API model. Raises ValidationException."""
    text = _text_of(request)
    _check_length(request.client_token, "clientToken", limits.CLIENT_TOKEN_CHARS)
    _check_length(request.next_token, "nextToken", range(1, limits.NEXT_TOKEN_CHARS + 1))
    rows, most = request.max_rows, limits.ROWS_PER_PAGE
    if rows is not None and rows < most[0]:
        refuse_member(rows, "maxRows", f"have value greater than or equal to {most[0]}")
    if rows is not None and rows > most[-1]:
        refuse_member(rows, "maxRows", f"have value less than or equal to {most[-1]}")
    modes = ("ENABLED_WITH_RATE_CONTROL", "DISABLED")
    if request.query_insights is not None and request.query_insights.mode not in modes:
        mode = request.query_insights.mode
        refuse_member(mode, "queryInsights.mode", f"satisfy enum value set: [{', '.join(modes)}]")
    return text


def check_prepare(request: QueryRequest) -> str:
    """The query string of PrepareQuery. Raises ValidationException."""
    return _text_of(request)


def check_cancel(request: QueryRequest) -> str:
    """The query id of CancelQuery. Raises ValidationException."""
    query_id = request.query_id
    if query_id is None:
        refuse_member(None, "queryId", "not be null")
    if not (1 <= len(query_id) <= 64 and query_id.isascii() and query_id.isalnum()):
        refuse_member(query_id[:80], "queryId", "satisfy regular expression pattern: [a-zA-Z0-9]+")
    return query_id


def _text_of(request: QueryRequest) -> str:
    text = request.query_string
    if text is None:
        refuse_member(None, "queryString", "not be null")
    if not text:
        refuse_member(text, "queryString", "have length greater than or equal to 1")
    if len(text) > limits.STATEMENT_CHARS:
        shown = f"[{len(text)} characters]"
        refuse_member(shown, "queryString", f"have length less than or equal to {limits.STATEMENT_CHARS}")
    return text


def _check_length(value: str | None, path: str, allowed: range) -> None:
    if value is None:
        return
    if len(value) < allowed[0]:
        refuse_member(value, path, f"have length greater than or equal to {allowed[0]}")
    if len(value) > allowed[-1]:
        refuse_member(f"{value[:40]}...", path, f"have length less than or equal to {allowed[-1]}")
