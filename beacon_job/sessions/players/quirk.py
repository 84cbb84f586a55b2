"""What an entry of the registry holds, and the quirks that a session can be marked with."""

from enum import IntEnum
from typing import NamedTuple

MACHINE, DECODE, NOTED = "machine", "decode", "noted"
"""Where an entry is dealt with: in the session machine, in decode, or nowhere (it is known and harmless, or
out of reach, and named so that nobody builds on it)."""


class Quirk(IntEnum):
    """What a session was read by, as bits of `View.quirks`. They stand in stored state: add at the end."""

    SEEK_SAYS_REBUFFERING = 1 << 0
    WAITED_FOR_VIEWER = 1 << 1
    ERROR_CODE_STICKS = 1 << 2
    STARTUP_HINT_IS_WAIT = 1 << 3
    WAITING_IS_NOT_A_STALL = 1 << 4
    LOAD_SAYS_REBUFFERING = 1 << 5
    STARTUP_HINT_SINCE_LOAD = 1 << 6
    SEEK_SAYS_REBUFFERING_TOO = 1 << 7
    FAILED_MEANS_ERROR = 1 << 8
    HEARTBEAT_BEFORE_REQUEST = 1 << 9
    CHANGES_NEVER_SENT = 1 << 10
    NEVER_A_STATE = 1 << 11
    FAILS_IN_SILENCE = 1 << 12
    STARTING_AFTER_FAILURE = 1 << 13
    GIVES_UP_REBUFFERING = 1 << 14
    STARTING_AT_LOAD = 1 << 15
    SEEK_HIDES_PAUSE = 1 << 16
    END_BOUNCES = 1 << 17
    PLAYING_MEANS_BUFFERED = 1 << 18
    PLAYING_IN_A_PAUSE = 1 << 19
    NUMBERS_START_AGAIN = 1 << 20
    SHORT_FREEZE = 1 << 21
    NUDGES = 1 << 22
    WAITS_BOTH_WAYS = 1 << 23
    SHARES_NUMBERS = 1 << 24
    STARTING_BY_LOAD = 1 << 25
    SILENT_LATER = 1 << 26


class Entry(NamedTuple):
    """One way in which what a player says is not what happened."""

    id: str
    player: str
    versions: str
    does: str
    if_trusted: str
    made_of_it: str
    where: str
    seen_in: tuple[str, ...]
    mark: Quirk | None = None
    """What a session is marked with that was read by it."""
