"""Members of a request against the API model, refused in the service's own wording. Pure."""

import re
from collections.abc import Collection
from typing import NoReturn

from local.timestream.rules.errors import refuse_member


def member_path(member: str) -> str:
    """A member's name as it stands in the service's messages."""
    return member[0].lower() + member[1:]


def check_range(value: int, path: str, allowed: range) -> None:
    """A number within its range."""
    if value not in allowed:
        _refuse_outside(value, str(value), path, "value", allowed)


def check_size(size: int, shown: str, path: str, allowed: range) -> None:
    """A text or list of so many characters or items."""
    if size not in allowed:
        _refuse_outside(size, shown, path, "length", allowed)


def check_pattern(text: str, path: str, pattern: str) -> None:
    """A text that matches a pattern as a whole."""
    if not re.fullmatch(pattern, text):
        refuse_member(text, path, f"satisfy regular expression pattern: {pattern}")


def check_choice(value: str | None, path: str, choices: Collection[str]) -> None:
    """One of the values of an enumeration, or none at all."""
    if value is not None and value not in choices:
        refuse_member(value, path, f"satisfy enum value set: [{', '.join(choices)}]")


def _refuse_outside(found: int, shown: str, path: str, what: str, allowed: range) -> NoReturn:
    side, limit = ("greater", allowed[0]) if found < allowed[0] else ("less", allowed[-1])
    refuse_member(shown, path, f"have {what} {side} than or equal to {limit}")
