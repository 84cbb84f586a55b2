"""Every known lie of a player, as data: what it does, who does it, which recordings show it, and what is
made of it.

Rendered into docs/players.md. An entry names the recordings of tests/cases that show it, and the tests hold
each entry to them. To add one, add it to its player's file; for a new player, add a file.
"""

from beacon_job.sessions.players import dash_js, everyone, hls_js, shaka
from beacon_job.sessions.players.quirk import Entry, Quirk

ENTRIES: tuple[Entry, ...] = tuple(
    sorted(
        (*hls_js.ENTRIES, *dash_js.ENTRIES, *shaka.ENTRIES, *everyone.ENTRIES),
        key=lambda entry: (entry.id[0] != "R", entry.id),
    )
)
"""R: known from the players' sources; N: found in recordings."""

_IDS: dict[Quirk, str] = {entry.mark: entry.id for entry in ENTRIES if entry.mark}


def ids_of(quirks: int) -> tuple[str, ...]:
    """The ids of the quirks whose bits are set."""
    return tuple(_IDS[quirk] for quirk in Quirk if quirks & quirk)
