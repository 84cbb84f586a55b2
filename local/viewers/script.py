"""A viewer's true story, as intervals and marks.

Times are whole milliseconds since the player was set up; the intervals follow one another without a gap
from the play request to the moment the viewer leaves.
"""

from enum import StrEnum

import msgspec

from local.viewers.habits import Cdn, Country, Device, Player

PRELOADED_MS = 60
"""A startup no longer than this began with a full buffer."""


class Kind(StrEnum):
    STARTUP = "startup"
    PLAY = "play"
    STALL = "stall"
    SEEK = "seek"
    PAUSE = "pause"
    ENDED = "ended"
    FAILED = "failed"
    SLEEP = "sleep"


class Interval(msgspec.Struct, frozen=True):
    kind: Kind
    start_ms: int
    end_ms: int
    paused: bool = False
    """A seek made while paused."""
    scrubs: int = 0
    """Further seeks made before this one had settled."""
    to_ms: int = 0
    """Where a seek goes: a jump of the playhead relative to where it is."""


class Mark(msgspec.Struct, frozen=True):
    """Something that happens at a moment and changes no interval."""

    at_ms: int
    name: str
    value: float


class Viewer(msgspec.Struct, frozen=True):
    player: Player
    country: Country
    cdn: Cdn
    device: Device
    stream_type: str
    content_id: str
    autoplay: bool
    clock_offset_ms: int
    """What the client's clock shows minus what is true."""


class Script(msgspec.Struct, frozen=True):
    seed: int
    index: int
    session_id: str
    viewer: Viewer
    intent_ms: int | None
    """The play request; None when the viewer never asks."""
    intervals: tuple[Interval, ...]
    marks: tuple[Mark, ...]
    leave_ms: int
    outcome: str
    """played, ended, abandoned, start_failed, playback_failed or unknown (never asked to play)."""
    kbps: int
    """The first rendition."""
