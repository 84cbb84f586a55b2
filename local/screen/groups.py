"""Stalls by player and CDN, added up from the rows of `qoe`. Pure, but for reading."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from beacon_job.sessions.results.ledger import MEASURE as SUMS
from local.stores import LocalStore, Row

WATCHED = ("startup_ms", "play_ms", "stall_ms", "seek_ms")


class GroupLine(NamedTuple):
    """One player on one CDN, as text."""

    player: str
    cdn: str
    watched_last_hour: str
    starts: str
    stalls: str
    rebuffer_ratio: str


def read_sums(store: LocalStore, from_ms: int) -> list[Row]:
    """The rows of `qoe` that hold sums of sessions, from a time on."""
    return store.rows("qoe", SUMS, from_ms)


def by_player_and_cdn(rows: Iterable[Row], most: int = 12) -> list[GroupLine]:
    """Rebuffer ratio as CTA-2066 has it, stall over watched time, as a ratio of sums; most watched first."""
    groups: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        dims = row["dimensions"]
        key = (dims.get("player", "unknown"), dims.get("cdn", "unknown"))
        groups.setdefault(key, Counter()).update(row["measures"])
    watched = {key: sum(sums[name] for name in WATCHED) for key, sums in groups.items()}
    return [
        GroupLine(
            *key,
            watched_last_hour=f"{watched[key] / 60_000:.1f} min",
            starts=str(groups[key]["starts"]),
            stalls=str(groups[key]["stalls"]),
            rebuffer_ratio=f"{100 * groups[key]['stall_ms'] / watched[key]:.2f} %",
        )
        for key in sorted(groups, key=lambda key: (-watched[key], key))[:most]
        if watched[key]
    ]


def watching(rows: Iterable[Row], bucket: int, window_ms: int) -> float:
    """Average number of viewers who watched or waited in a bucket of `qoe` (epoch ms // `window_ms`)."""
    active_ms = sum(
        row["measures"].get("active_ms", 0) for row in rows if row["time"] // 1_000_000 // window_ms == bucket
    )
    return float(active_ms) / window_ms
