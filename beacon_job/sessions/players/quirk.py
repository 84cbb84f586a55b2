"""What an entry of the registry holds."""

from typing import NamedTuple

MACHINE, DECODE, NOTED = "machine", "decode", "noted"
"""Where an entry is dealt with: in the session machine, in decode, or nowhere (it is known and harmless, or
out of reach, and named so that nobody builds on it)."""


class Quirk(NamedTuple):
    """One way in which what a player says is not what happened."""

    id: str
    player: str
    versions: str
    does: str
    if_trusted: str
    made_of_it: str
    where: str
    seen_in: tuple[str, ...]
