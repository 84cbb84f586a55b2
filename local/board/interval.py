"""How wide a bucket of a panel is, as Grafana works it out from time range and width. Pure."""

import re

_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000

NICE_MS = (
    *(10, 20, 50, 100, 200, 500),
    *(seconds * _SECOND for seconds in (1, 2, 5, 10, 15, 20, 30)),
    *(minutes * _MINUTE for minutes in (1, 2, 5, 10, 15, 20, 30)),
    *(hours * _HOUR for hours in (1, 2, 3, 6, 12)),
    *(days * _DAY for days in (1, 7, 30, 365)),
)
"""The widths a bucket may have."""

_UNITS_MS = {"ms": 1, "s": _SECOND, "m": _MINUTE, "h": _HOUR, "d": _DAY}


def interval_ms(from_ms: int, to_ms: int, points: int, least: str) -> int:
    """The nice width nearest to what gives `points` buckets; never less than `least` (`10s`, `1m`)."""
    wanted_ms = (to_ms - from_ms) / points
    nearest_ms = min(NICE_MS, key=lambda nice_ms: abs(nice_ms - wanted_ms))
    return max(nearest_ms, _duration_ms(least))


def _duration_ms(text: str) -> int:
    """`10s` -> 10000; 0 for what is no duration, as for a panel that names none."""
    found = re.fullmatch(r"(\d+)(ms|[smhd])", text)
    return int(found[1]) * _UNITS_MS[found[2]] if found else 0
