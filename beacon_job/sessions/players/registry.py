"""Every known lie of a player, as data: what it does, who does it, which recordings show it, what is made of
it.

Rendered into docs/players.md. An entry names the recordings of tests/cases/captures that show it, and the
tests hold each entry to them. To add one, add it to its player's file; for a new player, add a file.
"""

from beacon_job.sessions.players import dash_js, everyone, hls_js, shaka
from beacon_job.sessions.players.quirk import Quirk

QUIRKS: tuple[Quirk, ...] = tuple(
    sorted(
        (*hls_js.ENTRIES, *dash_js.ENTRIES, *shaka.ENTRIES, *everyone.ENTRIES),
        key=lambda quirk: (quirk.id[0] != "R", quirk.id),
    )
)
"""R: known from the players' sources; N: found in recordings."""

BY_ID: dict[str, Quirk] = {quirk.id: quirk for quirk in QUIRKS}

APPLIED: tuple[str, ...] = (
    *("R01", "R03", "R06", "R07", "R10", "R12", "R13", "R14", "R15", "R19", "R23"),
    *("N01", "N02", "N03", "N04", "N05", "N07", "N11", "N12", "N15", "N16", "N24"),
    *("N25",),
)
"""Entries that a session can be marked with, in the order of their bits. Bits stand in stored state: add at
the end."""

_BITS = {name: 1 << index for index, name in enumerate(APPLIED)}


def bit(name: str) -> int:
    """The bit of an entry of APPLIED."""
    return _BITS[name]


def names_of(bits: int) -> tuple[str, ...]:
    """The entries whose bits are set."""
    return tuple(name for name, one in _BITS.items() if bits & one)
