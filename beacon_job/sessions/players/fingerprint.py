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
STICKY_CODE, CMCD, DASH = 8192, 32768, 65536
"""An error code on a record that is no error; a CMCD player at all; `sf=d`."""
HLS, SMOOTH, BARE_BEAT = 131072, 262144, 524288
"""`sf=h`; `sf=s`; a heartbeat without a state, which the standard has in every report."""
SDK = 1048576
"""The beacon SDK, which tells by itself what the media element does: no player's quirks are in it."""

_AUDIO = frozenset({"audio_buffer_ms", "audio_bitrate_kbps", "audio_throughput_kbps"})
_EVENT_TRACES = {
    "rate_change": RATE,
    "rendition_change": RENDITION,
    "visibility": VISIBILITY,
    "mute": MUTE,
    "unmute": MUTE,
}
_FORMAT_TRACES = {"dash": DASH, "hls": HLS, "smooth": SMOOTH}
_STATE_TRACES = {"preloading": PRELOAD, "starting": START, "waiting": WAITING}


class Sign(NamedTuple):
    """Traces that must all be there (`all`), and of which none may be (`none`); certainty in percent."""

    player: str
    versions: str
    all: int
    none: int
    certainty: int
    why: str
    profile: str = ""
    """Row of `profile` it is read by, if not that of its name."""


SIGNS: tuple[Sign, ...] = (
    Sign(
        "shaka-player",
        "4.16 to 5.1",
        PRELOAD | WAITING,
        0,
        95,
        "the states `d` and `w` in one session, which no other player sends",
        "shaka-player 4",
    ),
    Sign("dash.js", ">=5.2", WAITING | START, HLS, 90, "the state `w`, which is in no standard, after `s`"),
    Sign(
        "dash.js",
        ">=5.2",
        BARE_BEAT | START | LISTED_AUDIO,
        HLS | PRELOAD | RENDITION | RATE | VISIBILITY,
        85,
        "a heartbeat without a state, then `s`; lists by media type; neither `e=bc` nor `e=pr`",
    ),
    Sign(
        "dash.js",
        ">=5.2",
        BARE_BEAT | HINT | LISTED_AUDIO,
        HLS | PRELOAD | RENDITION | RATE | VISIBILITY | REBUFFER_FIRST,
        80,
        "a heartbeat without a state; `msd`; lists by media type; neither `e=bc` nor `e=pr`",
    ),
    Sign(
        "dash.js",
        ">=5.2",
        BARE_BEAT | START | HINT,
        HLS | PRELOAD | RENDITION | RATE | VISIBILITY,
        80,
        "a heartbeat without a state, then `s`; `msd`; neither `e=bc` nor `e=pr`",
    ),
    Sign(
        "hls.js",
        ">=1.7",
        BARE_BEAT | PRELOAD,
        HINT | VISIBILITY | DASH | SMOOTH,
        90,
        "a heartbeat without a state, then `d` before anything was asked for",
    ),
    Sign(
        "shaka-player",
        ">=5.2",
        BARE_BEAT | REBUFFER_FIRST,
        PRELOAD | START | THROUGHPUT,
        85,
        "a heartbeat without a state, then `r`; no `s`, `d`, `mtp`",
    ),
    Sign(
        "shaka-player",
        ">=5.2",
        RENDITION,
        STATE | PRELOAD | START | THROUGHPUT,
        80,
        "`e=bc` but never a state",
    ),
)
"""Only what the standard does not ask for is a sign, and only what is sure: a quirk applied to a player that
has it not makes wrong figures of right ones. `sf` excludes players that cannot play it."""

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
    """The traces that one beacon leaves; 0 for a sender that is neither a CMCD player nor the SDK."""
    if beacon.source == "sdk":
        return SDK
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
    if beacon.event != "error" and "error_code" in measures:
        bits |= STICKY_CODE
    if beacon.event == "heartbeat" and not beacon.state:
        bits |= BARE_BEAT
    return bits | _FORMAT_TRACES.get(beacon.dims.get("stream_format", ""), 0)


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
def profile_named(explicit: str, traces: int) -> str:
    """The row of `profile` that a session's player is read by; empty where nothing is assumed of it."""
    if traces & SDK and not traces & CMCD:
        return ""
    sign = recognise(traces)
    name = named(explicit)
    if sign and name in ("", sign.player):
        return sign.profile or sign.player
    return name


@lru_cache(maxsize=4096)
def player_of(explicit: str, traces: int) -> tuple[str, str]:
    """Name and versions of a session's player; `unknown` when neither the sender nor its traces tell."""
    sign = recognise(traces)
    if explicit:
        name = named(explicit)
        return name, (sign.versions if sign and sign.player == name else "")
    return (sign.player, sign.versions) if sign else ("unknown", "")
