"""Times as senders and logs write them -> epoch ms. Pure."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from beacon_job.decode.vocabulary.bounds import MAX_CLIENT_MS
from beacon_job.decode.vocabulary.values import parsed

_MS_PER_UNIT: dict[str, float] = {
    "s": 1_000,
    "seconds": 1_000,
    "ms": 1,
    "milliseconds": 1,
    "us": 1e-3,
    "microseconds": 1e-3,
    "ns": 1e-6,
    "nanoseconds": 1e-6,
}

# A time without a stated unit tells it by its size: the largest unit in which it still lies before 2100.
# What would be seconds before September 2001 are the ms of a clock that began with the page, or in 1970.
_MS_BY_SIZE: tuple[tuple[float, float], ...] = (
    (10**9, 1),
    (MAX_CLIENT_MS / 1_000, 1_000),
    (MAX_CLIENT_MS, 1),
    (MAX_CLIENT_MS * 1_000, 1e-3),
    (MAX_CLIENT_MS * 1_000_000, 1e-6),
)
_PLAIN_MS_FROM = 10**11

_NO_LOG_BEFORE_MS = 1_000_000_000_000
"""September 2001. A server's clock never was there: what is read so is a version, a count or a duration."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_COMMON_LOG = re.compile(
    r"\[?(\d{2})/([A-Z][a-z]{2})/(\d{4}):(\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(?: ([+-]\d{2}):?(\d{2}))?\]?",
    re.ASCII,
)
"""`[23/Nov/2026:17:46:00 +0000]` of Apache and nginx."""

_IN_A_LINE = re.compile(
    r"\d{2}/[A-Z][a-z]{2}/\d{4}:[\d:.]{8,18}(?: [+-]\d{2}:?\d{2})?"
    r"|\d{4}[-/]\d{2}[-/]\d{2}[Tt \t]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:[Zz]|[+-]\d{2}:?\d{2})?"
    r"|[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT"
    r"|(?:(?<![^\s|\"\[,;])|(?<=ts=)|(?<=time=)|(?<=timestamp=)|(?<=msec=))\d{10}(?:\.\d{1,9}|\d{3}|\d{6}|\d{9})?(?![^\s|\"\],;])",
    re.ASCII,
)
"""Dates of logs, and epoch times that stand alone."""


def epoch_ms(value: object, unit: str = "") -> int | None:
    """Epoch ms out of a number (s, ms, us or ns: stated, else by its size), digits in a string, or ISO-8601.

    ISO-8601 without an offset is UTC, and needs no unit. None when it is no time between 1970 and 2100.
    """
    if type(value) is int and not unit and _PLAIN_MS_FROM <= value <= MAX_CLIENT_MS:
        return value  # nearly all of them
    count = parsed(value) if isinstance(value, str) else value
    if count is None and isinstance(value, str):
        return _iso_ms(value)
    if isinstance(count, bool) or not isinstance(count, int | float):
        return None
    factor = _MS_PER_UNIT.get(unit.strip().lower()) if unit else _factor_by_size(count)
    # Before the multiplication: the integer may be too large for a float.
    if factor is None or not 0 < count <= MAX_CLIENT_MS * 1_000_000:
        return None
    ms = int(count) if factor == 1 else _scaled(count, factor)
    return ms if 0 < ms <= MAX_CLIENT_MS else None


def _factor_by_size(count: int | float) -> float | None:
    for bound, factor in _MS_BY_SIZE:
        if count <= bound:
            return factor
    return None


def _scaled(count: int | float, factor: float) -> int:
    if factor < 1 and isinstance(count, int):
        return count // round(1 / factor)  # exact where a float is not
    return round(count * factor)


def _iso_ms(value: str) -> int | None:
    try:
        moment = datetime.fromisoformat(value.strip().upper())
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    ms = round(moment.timestamp() * 1_000)
    return ms if 0 < ms <= MAX_CLIENT_MS else None


def log_ms(value: object) -> int | None:
    """Epoch ms of a log's time: as `epoch_ms`, or as Apache, nginx and HTTP write dates; not before 2001."""
    ms = epoch_ms(value)
    if ms is None and isinstance(value, str) and len(value) <= 40:
        ms = _common_log_ms(value.strip()) or _http_ms(value)
    return ms if ms is not None and ms >= _NO_LOG_BEFORE_MS else None


def times_in(line: str) -> Iterator[int]:
    """The times in a line of a log, epoch ms, in their order."""
    for match in _IN_A_LINE.finditer(line):
        ms = log_ms(match[0].replace("/", "-").replace("\t", " ") if match[0][4:5] in "-/" else match[0])
        if ms is not None:
            yield ms


def _common_log_ms(text: str) -> int | None:
    match = _COMMON_LOG.fullmatch(text)
    if not match or match[2] not in _MONTHS:
        return None
    day, month, year, clock, hours, minutes = match.groups()
    offset = f"{hours}:{minutes}" if hours else "Z"
    return _iso_ms(f"{year}-{_MONTHS.index(month) + 1:02d}-{day}T{clock}{offset}")


def _http_ms(text: str) -> int | None:
    if not text.endswith("GMT"):
        return None
    try:
        return round(parsedate_to_datetime(text).timestamp() * 1_000)
    except (ValueError, OverflowError):
        return None
