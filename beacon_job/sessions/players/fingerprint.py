"""Which player speaks in a session, from what it says alone. Pure.

Every beacon leaves traces (bits); the traces of a session, taken together, name the player by the first row
of `SIGNS` that fits. A player that the sender names itself always wins. The rows were read off recordings of
real builds (docs/players.md) and say how sure they are; of a player that fits none nothing is assumed.
"""

from functools import lru_cache
from typing import NamedTuple

from beacon_job.types.beacon import Beacon

STATE, PRELOAD, START, REBUFFER_FIRST, WAITING = 1, 2, 4, 8, 16
"""Carries a state at all; `d`; `s`; opens with `r` (set by the machine, which knows the order); `w`."""
RATE, RENDITION, LISTED_AUDIO, HINT, VISIBILITY, MUTE, LADDER, THROUGHPUT = (
    32,
    64,
    128,
    256,
    512,
    1024,
    2048,
    4096,
)
"""`e=pr`; `e=bc`; audio beside video in one key; `msd`; `e=b`; `m`, `um`; `tb` or `lb`; `mtp`."""
STICKY_CODE, EPOCH_TTFB, CMCD, DASH = 8192, 16384, 32768, 65536
"""An error code on a record that is no error; a time to first byte as large as a date; `sf=d`."""
RESPONSE, ERROR_BARE = 131072, 262144
"""`e=rr`; `e=e` without a code."""

_AUDIO = frozenset({"audio_buffer_ms", "audio_bitrate_kbps", "audio_throughput_kbps"})
_EVENT_TRACES = {
    "rate_change": RATE,
    "rendition_change": RENDITION,
    "visibility": VISIBILITY,
    "mute": MUTE,
    "unmute": MUTE,
    "response": RESPONSE,
}
_STATE_TRACES = {"preloading": PRELOAD, "starting": START, "waiting": WAITING}


class Sign(NamedTuple):
    """Traces that must all be there (`all`), and of which none may be (`none`); certainty in percent."""

    player: str
    versions: str
    all: int
    none: int
    certainty: int
    why: str


SIGNS: tuple[Sign, ...] = (
    Sign("dash.js", ">=5.2", LISTED_AUDIO | LADDER, 0, 95, "lists with audio members and the ladder's ends"),
    Sign("dash.js", ">=5.2", WAITING, 0, 90, "the state `w`, which no other player sends"),
    Sign("hls.js", ">=1.7", PRELOAD, HINT | VISIBILITY, 90, "the state `d` before anything was asked for"),
    Sign("hls.js", ">=1.7", RATE | RENDITION, HINT, 90, "`e=pr` and `e=bc` in one session"),
    Sign(
        "shaka-player",
        ">=5",
        REBUFFER_FIRST,
        PRELOAD | START | THROUGHPUT,
        85,
        "opens with `r`, no `s`, `d`, `mtp`",
    ),
    Sign(
        "shaka-player",
        ">=5",
        STATE | HINT | RENDITION,
        PRELOAD | START | THROUGHPUT,
        70,
        "`msd`, `e=bc`, no `s`",
    ),
    Sign(
        "shaka-player", ">=5", RENDITION, STATE | PRELOAD | START | THROUGHPUT, 80, "`e=bc` but never a state"
    ),
    Sign("shaka-player", ">=5", HINT, STATE | THROUGHPUT, 70, "`msd` but never a state"),
    Sign(
        "dash.js", ">=5.2", START | HINT, PRELOAD | RENDITION | RATE, 60, "opens with `s` and carries `msd`"
    ),
    Sign("dash.js", ">=5.2", START | DASH, PRELOAD | RENDITION | RATE, 60, "opens with `s` on a DASH stream"),
    Sign(
        "hls.js",
        ">=1.7",
        STATE | THROUGHPUT,
        HINT | LISTED_AUDIO | LADDER,
        60,
        "states with `mtp`, no `msd`, no lists",
    ),
    Sign(
        "dash.js",
        ">=5.2",
        START | LISTED_AUDIO,
        PRELOAD | RENDITION | RATE,
        60,
        "opens with `s`; audio in lists",
    ),
)

NAMES: dict[str, str] = {
    "hls.js": "hls.js",
    "hlsjs": "hls.js",
    "hls": "hls.js",
    "dash.js": "dash.js",
    "dashjs": "dash.js",
    "dash": "dash.js",
    "shaka": "shaka-player",
    "shakaplayer": "shaka-player",
    "shaka-player": "shaka-player",
    "shaka player": "shaka-player",
}
"""Names that senders use for the players of `SIGNS`, in lower case."""


def traces(beacon: Beacon) -> int:
    """The traces that one beacon leaves; 0 for a sender that is no CMCD player."""
    if beacon.source != "cmcd_event":
        return 0
    measures = beacon.measures
    bits = CMCD | _EVENT_TRACES.get(beacon.event, 0)
    if beacon.state:
        bits |= STATE | _STATE_TRACES.get(beacon.state, 0)
    if "startup_hint_ms" in measures:
        bits |= HINT
    if "throughput_kbps" in measures or "audio_throughput_kbps" in measures:
        bits |= THROUGHPUT
    if "bitrate_top_kbps" in measures or "bitrate_low_kbps" in measures:
        bits |= LADDER
    if not _AUDIO.isdisjoint(measures):
        bits |= LISTED_AUDIO
    if beacon.event == "error":
        bits |= 0 if "error_code" in measures else ERROR_BARE
    elif "error_code" in measures:
        bits |= STICKY_CODE
    if beacon.dims.get("stream_format") == "dash":
        bits |= DASH
    return bits


def named(player: str) -> str:
    """The name this project uses for a player that a sender names; unknown players keep theirs."""
    return NAMES.get(player.lower(), player)


def recognise(bits: int) -> Sign | None:
    """The first sign that the traces of a session fit."""
    for sign in SIGNS:
        if bits & sign.all == sign.all and not bits & sign.none:
            return sign
    return None


@lru_cache(maxsize=4096)
def player_of(explicit: str, traces: int) -> tuple[str, str]:
    """Name and versions of a session's player; `unknown` when neither the sender nor its traces tell."""
    sign = recognise(traces)
    if explicit:
        name = named(explicit)
        return name, (sign.versions if sign and sign.player == name else "")
    return (sign.player, sign.versions) if sign else ("unknown", "")
