"""Answers a page at a time: NextToken, MaxRows, and the same answer for the same ClientToken."""

import base64
import binascii
import secrets
from collections import OrderedDict
from typing import Any

import msgspec

from local.timestream.query import limits
from local.timestream.query.errors import cancelled, invalid
from local.timestream.query.limits import Limits
from local.timestream.query.values import Datum, Shape


class Result(msgspec.Struct):
    """A whole answer, of which pages are cut."""

    query_id: str
    text: str
    column_info: list[dict[str, Any]]
    rows: list[tuple[Any, ...]]
    shapes: list[Shape] | None
    """None where the rows are data already."""
    scanned_bytes: int | None
    """None for a statement that reads no table's records and costs nothing: SHOW and DESCRIBE."""
    kept_until_s: float = 0
    cancelled: bool = False

    def row(self, place: int) -> list[Datum]:
        """The data of one row."""
        row = self.rows[place]
        if self.shapes is None:
            return list(row)
        return [shape.write(value) for shape, value in zip(self.shapes, row, strict=True)]


class Results:
    """Answers that may still be asked for, the newest last."""

    def __init__(self, bounds: Limits) -> None:
        self._bounds = bounds
        self._by_id: OrderedDict[str, Result] = OrderedDict()
        self._by_client_token: dict[str, str] = {}

    def keep(self, result: Result, client_token: str | None, now_s: float) -> None:
        """Remember an answer for its further pages and for a repeated request."""
        result.kept_until_s = now_s + self._bounds.kept_s
        self._by_id[result.query_id] = result
        if client_token:
            self._by_client_token[client_token] = result.query_id
        self._drop_old(now_s)

    def same_request(self, client_token: str | None, text: str) -> Result | None:
        """The answer to an earlier request of the same token. Raises if that one had another text."""
        result = self._by_id.get(self._by_client_token.get(client_token or "", ""))
        if result is not None and result.text != text:
            message = "The ClientToken was used before with another query string"
            raise invalid(message)
        return result

    def of_token(self, token: str, text: str, now_s: float) -> tuple[Result, int]:
        """The answer a NextToken belongs to, and the row its page begins with."""
        self._drop_old(now_s)
        query_id, place = _read_token(token)
        result = self._by_id.get(query_id)
        if result is None:
            message = "The NextToken is not valid, or its result is no longer kept"
            raise invalid(message)
        if result.text != text:
            message = "The NextToken belongs to another query string"
            raise invalid(message)
        if result.cancelled:
            raise cancelled(query_id)
        if place > len(result.rows):
            message = "The NextToken is not valid"
            raise invalid(message)
        return result, place

    def cancel(self, query_id: str) -> bool:
        """Give up the pages not yet asked for; False if no such answer is kept."""
        result = self._by_id.get(query_id)
        if result is None:
            return False
        result.cancelled = True
        return True

    def _drop_old(self, now_s: float) -> None:
        total = sum(len(result.rows) for result in self._by_id.values())
        for query_id, result in list(self._by_id.items())[:-1]:
            over = len(self._by_id) > self._bounds.kept_answers or total > 2 * self._bounds.rows
            if not over and result.kept_until_s > now_s:
                break
            total -= len(result.rows)
            del self._by_id[query_id]
        if len(self._by_client_token) > 4 * self._bounds.kept_answers:
            self._by_client_token = {
                token: query_id
                for token, query_id in self._by_client_token.items()
                if query_id in self._by_id
            }


def new_query_id() -> str:
    """As the service makes them: capitals and digits."""
    return "Q" + secrets.token_hex(24).upper()


def page(result: Result, place: int, max_rows: int | None) -> dict[str, Any]:
    """The answer of Query from this row on: at most `max_rows`, at most a megabyte."""
    rows: list[dict[str, Any]] = []
    size = 0
    end = min(len(result.rows), place + (max_rows or len(result.rows)))
    while place < end and size < limits.PAGE_BYTES:
        row = {"Data": result.row(place)}
        size += len(msgspec.json.encode(row))
        rows.append(row)
        place += 1
    answer = {
        "QueryId": result.query_id,
        "Rows": rows,
        "ColumnInfo": result.column_info,
        "QueryStatus": {
            "ProgressPercentage": 100.0 * place / len(result.rows) if result.rows else 100.0,
            "CumulativeBytesScanned": result.scanned_bytes or 0,
            "CumulativeBytesMetered": _metered_bytes(result.scanned_bytes),
        },
    }
    if place < len(result.rows):
        answer["NextToken"] = _token(result.query_id, place)
    return answer


def _metered_bytes(scanned_bytes: int | None) -> int:
    return 0 if scanned_bytes is None else max(scanned_bytes, limits.LEAST_METERED_BYTES)


def _token(query_id: str, place: int) -> str:
    return base64.urlsafe_b64encode(f"{query_id}:{place}".encode()).decode()


def _read_token(token: str) -> tuple[str, int]:
    try:
        query_id, _, place = base64.urlsafe_b64decode(token.encode()).decode().partition(":")
        if place.isascii() and place.isdigit():
            return query_id, int(place)
    except (binascii.Error, ValueError):
        pass
    message = "The NextToken is not valid"
    raise invalid(message)
