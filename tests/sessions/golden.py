"""The recordings against their truth: what the machine finds, and what the states say at face value."""

from collections.abc import Iterator
from functools import cache
from statistics import median
from typing import Any, NamedTuple

from beacon_job.replay.offline import rows_of, sessions_of
from beacon_job.sessions.players.rules import STALL_MIN_MS
from beacon_job.sessions.results.rows import SessionRow
from tests.sessions.driving import LATER, RECORDINGS, VERSIONS, recorded, truth

PLAYERS = {
    "hlsjs": "hls.js 1.7.4",
    "dashjs": "dash.js 5.2.1",
    "shakadbg": "Shaka 5.2.12 (debug build)",
    "shaka": "Shaka 5.2.12 (as shipped)",
}
VERSIONS_OF = {
    "shakadbg-4.16.50": "Shaka 4.16.50 (debug build)",
    "shakadbg-5.1.8": "Shaka 5.1.8 (debug build)",
    "shaka-5.1.8": "Shaka 5.1.8 (as shipped)",
    "shakadbg-5.2.4": "Shaka 5.2.4 (debug build)",
    "shaka-5.2.4": "Shaka 5.2.4 (as shipped)",
}
TELLING = ("hlsjs", "dashjs", "shakadbg")
"""Players that report states."""


class Pair(NamedTuple):
    """One view: what the machine found, and what happened."""

    recording: str
    row: SessionRow
    true: dict[str, Any]

    @property
    def true_stalls(self) -> list[int]:
        """Freezes that count, in ms."""
        return [took for _, took in self.true["stalls"] if took >= STALL_MIN_MS]


@cache
def rows_found(recording: str) -> tuple[SessionRow, ...]:
    """What the machine finds in a recording."""
    return tuple(rows_of(sessions_of(recorded(recording))))


@cache
def pairs(player: str, *, later: bool = False) -> tuple[Pair, ...]:
    """Every view of the player's recordings of which anything was received."""
    return tuple(
        pair
        for recording in (LATER if later else [*RECORDINGS, *VERSIONS])
        if recording.split("/")[0] == player and rows_found(recording)
        for pair in _matched(recording)
    )


def _matched(recording: str) -> Iterator[Pair]:
    for true in truth(recording)["views"]:

        def overlap(row: SessionRow, true: dict[str, Any] = true) -> int:
            return min(row.end_ms, true["end_ms"]) - max(row.start_ms, true["load_ms"])

        yield Pair(recording, max(rows_found(recording), key=overlap), true)


class Accuracy(NamedTuple):
    """How well a reading of one player's recordings meets the truth; None: the reading has no such figure."""

    views: int
    stalls_known: int
    stalls_exact: int
    stall_error_ms: int
    stall_true_ms: int
    startups: int
    startup_median_ms: float | None
    startup_p90_ms: float | None
    seeks_exact: int
    seeks_known: int
    pauses_exact: int
    pauses_known: int


def accuracy(player: str, *, later: bool = False) -> Accuracy:
    """Of the machine, over all views of a player."""
    found = pairs(player, later=later)
    known = [pair for pair in found if pair.row.stall_count is not None]
    errors = [
        abs(pair.row.startup_ms - pair.true["startup_ms"])
        for pair in found
        if pair.row.startup_ms is not None and pair.true["startup_ms"] is not None
    ]
    seeks = [pair for pair in found if pair.row.seek_count is not None]
    pauses = [pair for pair in found if pair.row.pause_count is not None]
    return Accuracy(
        views=len(found),
        stalls_known=len(known),
        stalls_exact=sum(pair.row.stall_count == len(pair.true_stalls) for pair in known),
        stall_error_ms=sum(abs((pair.row.stall_ms or 0) - sum(pair.true_stalls)) for pair in known),
        stall_true_ms=sum(sum(pair.true_stalls) for pair in known),
        startups=len(errors),
        startup_median_ms=median(errors) if errors else None,
        startup_p90_ms=sorted(errors)[len(errors) * 9 // 10] if errors else None,
        seeks_exact=sum(pair.row.seek_count == pair.true["seek_count"] for pair in seeks),
        seeks_known=len(seeks),
        pauses_exact=sum(pair.row.pause_count == pair.true["pause_count"] for pair in pauses),
        pauses_known=len(pauses),
    )


def naive_accuracy(player: str, *, later: bool = False) -> Accuracy:
    """Of the states at face value, over all recordings of a player: `r` is a stall, `k` a seek, `a` a pause,
    and startup lies between the first `s` and the first `p`."""
    recordings = LATER if later else RECORDINGS
    names = [name for name in recordings if name.split("/")[0] == player and rows_found(name)]
    stalls_exact = seeks_exact = pauses_exact = error_ms = true_ms = 0
    startups: list[int] = []
    for name in names:
        told = truth(name)
        views, naive = told["views"], told["naive"]
        stalls = [took for view in views for _, took in view["stalls"] if took >= STALL_MIN_MS]
        stalls_exact += naive["stalls_sta_r"] == len(stalls)
        error_ms += abs(naive["stall_ms_sta_r"] - sum(stalls))
        true_ms += sum(stalls)
        seeks_exact += naive["seek_count_sta_k"] == sum(view["seek_count"] for view in views)
        pauses_exact += naive["pause_count_sta_a"] == sum(view["pause_count"] for view in views)
        startup = naive["startup_first_s_to_first_p"]
        if startup is not None and views[0]["startup_ms"] is not None:
            startups.append(abs(startup - views[0]["startup_ms"]))
    return Accuracy(
        views=len(names),
        stalls_known=len(names),
        stalls_exact=stalls_exact,
        stall_error_ms=error_ms,
        stall_true_ms=true_ms,
        startups=len(startups),
        startup_median_ms=median(startups) if startups else None,
        startup_p90_ms=sorted(startups)[len(startups) * 9 // 10] if startups else None,
        seeks_exact=seeks_exact,
        seeks_known=len(names),
        pauses_exact=pauses_exact,
        pauses_known=len(names),
    )
