"""What senders call an event -> the canonical event, and what its name alone says. See taxonomy.EVENTS."""

from beacon_job.decode.vocabulary.spelling import squash
from beacon_job.types.beacon import Value
from beacon_job.types.events import CMCD_STATES, EVENTS, STATES

Meaning = tuple[str, dict[str, Value]]
"""(canonical event, measures that its name implies)."""

CMCD_EVENTS: dict[str, Meaning] = {
    "t": ("heartbeat", {}),
    "e": ("error", {}),
    "bc": ("rendition_change", {}),
    "pr": ("rate_change", {}),
    # The standard: `bg` there = went to the background, absent = came back.
    "b": ("visibility", {"hidden": False}),
    "c": ("content_change", {}),
    "ce": ("custom", {}),
    "h": ("host_change", {}),
    "m": ("mute", {"muted": True}),
    "um": ("unmute", {"muted": False}),
    "pe": ("fullscreen", {"expanded": True}),
    "pc": ("fullscreen", {"expanded": False}),
    "rr": ("response", {}),
    "abs": ("ad_break_start", {}),
    "abe": ("ad_break_end", {}),
    "as": ("ad_start", {}),
    "ae": ("ad_end", {}),
    "sk": ("ad_skip", {}),
}
"""CTA-5004-B `e`, all but `ps`, whose meaning is its `sta`."""

CMCD_PLAY_STATES: dict[str, Meaning] = {
    "d": ("preload", {}),
    "s": ("play_request", {}),
    "p": ("playing", {}),
    "k": ("seek_start", {}),
    "r": ("stall_start", {}),
    "w": ("stall_start", {}),
    "a": ("pause", {}),
    "e": ("end", {"end_reason": "ended"}),
    "q": ("end", {"end_reason": "quit"}),
    "f": ("end", {"end_reason": "failed"}),
}
"""`sta` of an `e=ps` record."""

_ALIASES: dict[str, str] = {
    # canonical: names of Mux, New Relic, EPAS, Snowplow, the HTML media element and common trackers
    "session_start": "init viewinit ready playerready",
    # A source was attached (EPAS, HTML): nobody has asked for it to be played.
    "preload": "loading loadstart",
    "play_request": "play viewstart playbackrequest contentrequest autoplay",
    "playing": "playbackstart contentstart contentresume resume resumed",
    "first_frame": "firstframe",
    "pause": "playbackpause contentpause",
    "stall_start": "waiting buffering bufferstart contentbufferstart rebufferstart playbackstall rebuffering",
    "stall_end": "buffered bufferend contentbufferend rebufferend",
    "seek_start": "seek seeking contentseekstart",
    "seek_end": "seeked contentseekend",
    "rendition_change": "bitratechanged renditionchange renditionupdate qualitychange contentrenditionchange"
    " levelswitched variantchanged",
    "manifest_loaded": "loaded manifestparsed loadedmetadata",
    "volume_change": "volumechange",
    "mute": "muted",
    "unmute": "unmuted",
    "rate_change": "ratechange playbackratechange",
    "heartbeat": "hb ping contentheartbeat timeupdate progress",
    "error": "warning playbackfail contenterror adaderror",
    "visibility": "visibilitychange",
    "fullscreen": "fullscreenchange",
    "pip": "pictureinpicturechange enterpictureinpicture leavepictureinpicture",
    "resize": "playerresize",
    "response": "requestcompleted requestfailed",
    "ad_break_start": "adbreakstart",
    "ad_break_end": "adbreakend",
    "ad_start": "adplay adplaying adstart",
    "ad_end": "adended adend",
    "ad_skip": "adskip adskipped",
    "content_change": "contentchange",
}

_ALIASES_THAT_SAY_MORE: dict[str, Meaning] = {
    "ended": ("end", {"end_reason": "ended"}),
    "playbackfinish": ("end", {"end_reason": "ended"}),
    "contentend": ("end", {"end_reason": "ended"}),
    "complete": ("end", {"end_reason": "ended"}),
    "stopped": ("end", {}),
    "viewend": ("end", {}),
    "pagehide": ("end", {"end_reason": "quit"}),
    "quit": ("end", {"end_reason": "quit"}),
    "warning": ("error", {"fatal": False}),
    "playbackfail": ("error", {"fatal": True}),
    "enterpictureinpicture": ("pip", {"expanded": True}),
    "leavepictureinpicture": ("pip", {"expanded": False}),
    "mute": ("mute", {"muted": True}),
    "muted": ("mute", {"muted": True}),
    "unmute": ("unmute", {"muted": False}),
    "unmuted": ("unmute", {"muted": False}),
}

_NAMES: dict[str, Meaning] = (
    {alias: (event, {}) for event, aliases in _ALIASES.items() for alias in aliases.split()}
    | {name: (event, {}) for event in EVENTS for name in (event, squash(event)) if event != "request"}
    | _ALIASES_THAT_SAY_MORE
)

END_REASONS: dict[str, str] = {
    "ended": "ended",
    "completed": "ended",
    "finished": "ended",
    "quit": "quit",
    "aborted": "quit",
    "stopped": "quit",
    "closed": "quit",
    "failed": "failed",
    "error": "failed",
}

_STATES: dict[str, str] = (
    {
        "buffering": "rebuffering",
        "loading": "preloading",
        "pause": "paused",
        "complete": "ended",
        "error": "failed",
    }
    | CMCD_STATES
    | {name: name for name in STATES}
)

PREFIX = "beacon:"
MAX_NAME_CHARS = 64


def event_named(name: str) -> Meaning | None:
    """The event a JSON sender means; None for a name of its own, which makes it `custom`.

    Names of `taxonomy.EVENTS` mean themselves, with or without the prefix, in any case, with any separator.
    """
    return _NAMES.get(name) or (_NAMES.get(squash(bare_name(name))) if len(name) <= MAX_NAME_CHARS else None)


def bare_name(name: str) -> str:
    """The name without the `beacon:` that the seed article puts before it."""
    return name[len(PREFIX) :] if name[: len(PREFIX)].lower() == PREFIX else name


def state_named(value: object) -> str:
    """A name of `taxonomy.STATES`, also from a CMCD token or a player's own word; empty when it is none."""
    if not isinstance(value, str):
        return ""
    return _STATES.get(value) or (
        _STATES.get(value.strip().lower(), "") if len(value) <= MAX_NAME_CHARS else ""
    )
