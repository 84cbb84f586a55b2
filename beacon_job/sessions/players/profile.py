"""What the machine must know of a player to read its states. One row per player; a new quirk is a new
field here."""

from typing import NamedTuple


class Profile(NamedTuple):
    """Each flag stands for quirks of the registry."""

    starts_at_load: bool = False
    """The first state comes with the load, not with the request to play."""
    waits_when_asked: bool = False
    """Before the first movement it reports waiting only when playback was asked for."""
    playing_means_buffered: bool = False
    """`p` says that the buffer is full; only `msd` proves that media moved."""
    failed_means_error: bool = False
    """`f` marks an error while the buffer plays on, and stays after the player has recovered."""
    fails_in_silence: bool = False
    """A fatal error while loading segments is never reported."""
    nudges: bool = False
    """It moves the playhead by itself to get over a gap, and calls that seeking."""
    hint_is_wait: bool = False
    """`msd` on the first `r` or `p` is the time since the request to play."""
    seek_hides_pause: bool = False
    """After a seek while paused `k` stays until playback is resumed."""


PLAIN = Profile()
"""A player of which nothing is assumed but the standard."""

PROFILES: dict[str, Profile] = {
    "hls.js": Profile(fails_in_silence=True, nudges=True),
    "dash.js": Profile(starts_at_load=True, waits_when_asked=True, hint_is_wait=True, seek_hides_pause=True),
    "shaka-player": Profile(starts_at_load=True, playing_means_buffered=True, failed_means_error=True),
}


def profile_of(player: str) -> Profile:
    """The row of a player, by the name `fingerprint` gives it."""
    return PROFILES.get(player, PLAIN)
