"""One session view as a timeline that a person can read. Pure."""

from collections.abc import Iterable

from beacon_job.sessions.facts import chunks, facts_of
from beacon_job.sessions.results.ledger import Ledger
from beacon_job.sessions.results.rows import Summary
from beacon_job.sessions.sequence import Reading
from beacon_job.sessions.state import ENDED, FAILED, PAUSE, PLAY, SEEK, STALL, STARTUP, UNKNOWN, Fold, View
from beacon_job.types.beacon import Beacon

_MODE_NAMES = {
    STARTUP: "startup",
    PLAY: "play",
    STALL: "STALL",
    SEEK: "seek",
    PAUSE: "pause",
    ENDED: "ended",
    FAILED: "FAILED",
    UNKNOWN: "unknown",
}


Stretch = tuple[int, int, int]
"""(mode, from, until), server ms."""


def stretches_of(beacons: Iterable[Beacon], row: Summary) -> list[Stretch]:
    """What a view did, in order; `beacons` are those of its session."""
    facts = sorted(
        fact for (_, recv, _, _), chunk in chunks(beacons).items() for fact in facts_of(chunk, recv)
    )
    ledger = Ledger(row.offset_ms, keep=True)
    reading = Reading(Fold(View(), {}), ledger, row.dims.get("player", ""))
    reading.read(facts)
    reading.close(over=True)
    joined: list[Stretch] = []
    for mode, begin, end in ledger.stretches or ():
        if begin < row.start_ms or end > row.end_ms:
            continue
        if joined and joined[-1][0] == mode and joined[-1][2] == begin:
            begin = joined.pop()[1]
        joined.append((mode, begin, end))
    return joined


def pretty(row: Summary, stretches: Iterable[Stretch]) -> str:
    """One view as a timeline that a person can read."""
    zero = row.start_ms
    version = f" {row.player_version}" if row.player_version else ""
    share = "" if row.completeness is None else f", {row.completeness:.1%} of its beacons"
    head = f"{row.session_id} view {row.view}: {row.player}{version}, {row.outcome}{share}"
    parts = [head, f"  {_seconds(0)}  first beacon"]
    if row.intent_ms is not None:
        parts.append(f"  {_seconds(row.intent_ms - zero)}  asked to play")
    parts += [
        f"  {_seconds(begin - zero)}  {_MODE_NAMES[mode]:8}{end - begin:>9} ms"
        for mode, begin, end in stretches
    ]
    parts.append(f"  {_seconds(row.end_ms - zero)}  last beacon")
    parts += [f"  not observable: {field}: {reason}" for field, reason in sorted(row.unobservable.items())]
    if row.quirks:
        parts.append(f"  quirks: {', '.join(row.quirks)}")
    return "\n".join(parts)


def _seconds(ms: int) -> str:
    return f"{ms / 1000:>10.3f} s"
