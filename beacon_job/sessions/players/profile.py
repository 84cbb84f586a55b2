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
    waits_both_ways: bool = False
    """`w` marks the beginning and the end of every buffering, beside the states of the standard."""
    preloads_first: bool = False
    """Every load begins with `d`; an `s` right behind it was asked for by the load."""
    shares_numbers: bool = False
    """All targets share one row of sequence numbers: gaps within a target are no losses."""
    silent_later: bool = False
    """After the first load of a page it sends no states but `d`."""


PLAIN = Profile()
"""A player of which nothing is assumed but the standard."""

PROFILES: dict[str, Profile] = {
    "hls.js": Profile(fails_in_silence=True, nudges=True),
    "dash.js": Profile(starts_at_load=True, waits_when_asked=True, hint_is_wait=True, seek_hides_pause=True),
    "shaka-player": Profile(starts_at_load=True, playing_means_buffered=True, failed_means_error=True),
    "shaka-player 4": Profile(
        fails_in_silence=True,
        seek_hides_pause=True,
        waits_both_ways=True,
        preloads_first=True,
        shares_numbers=True,
        silent_later=True,
    ),
}
"""By name, and by the name of a build that is read in another way."""


def profile_of(player: str) -> Profile:
    """The row of a player, by what `fingerprint.profile_named` says."""
    return PROFILES.get(player, PLAIN)
