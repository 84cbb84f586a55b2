"""Listings, a page at a time. Pure."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from local.timestream.rules import limits
from local.timestream.rules.errors import refuse
from local.timestream.rules.members import check_range
from local.timestream.rules.wire import Control

Names = TypeVar("Names", bound=tuple[str, ...])
"""What a listing lists: a database, or a table behind its database."""


def page_of(items: Sequence[Names], request: Control) -> tuple[Sequence[Names], dict[str, str]]:
    """One page of a sorted listing and the token of the next.

    The token names the last item before the next page, so that items created or deleted between two pages
    make no other one appear twice or never.
    """
    size = request.get("MaxResults")
    if size is None:
        size = limits.LIST_PAGE[-1]
    check_range(size, "maxResults", limits.LIST_PAGE)
    after = _read_token(request.get("NextToken"))
    rest = [item for item in items if item > after]
    page = rest[:size]
    return page, {"NextToken": _token(page[-1])} if len(rest) > size else {}


def _token(names: tuple[str, ...]) -> str:
    return base64.urlsafe_b64encode("/".join(names).encode()).decode()


def _read_token(token: str | None) -> tuple[str, ...]:
    if not token:
        return ()
    try:
        return tuple(base64.urlsafe_b64decode(token).decode().split("/"))
    except (binascii.Error, ValueError):
        refuse("The NextToken is invalid.")
