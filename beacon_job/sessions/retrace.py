"""What a view did, stretch by stretch: its session read once more, for a person to look at. Pure."""

from collections.abc import Iterable

from beacon_job.sessions.facts import fact_of
from beacon_job.sessions.frozen import thaw
from beacon_job.sessions.results.ledger import Ledger
from beacon_job.sessions.results.rows import SessionRow
from beacon_job.sessions.sequence import Reader
from beacon_job.sessions.state import (
    ENDED,
    FAILED,
    PAUSE,
    PLAY,
    SEEK,
    STALL,
    STARTUP,
    UNKNOWN,
)
from beacon_job.types.beacon import Beacon

PHASE_NAMES = {
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
"""(phase, from, until), server ms."""


def stretches_of(beacons: Iterable[Beacon], row: SessionRow) -> list[Stretch]:
    """What the view of a row did, in order; `beacons` are those of its session."""
    ledger = Ledger(row.offset_ms, keep=True)
    reader = Reader(thaw(b""), ledger, row.dims.get("player", ""))
    reader.read(sorted(map(fact_of, beacons)))
    reader.views.close(over=True)
    joined: list[Stretch] = []
    for view, phase, begin_ms, end_ms in ledger.stretches or ():
        if view != row.view:
            continue
        if joined and joined[-1][0] == phase and joined[-1][2] == begin_ms:
            begin_ms = joined.pop()[1]
        joined.append((phase, begin_ms, end_ms))
    return joined
