"""User agent -> device, os, browser: three dimensions of few values each.

A table of its own, not a library: libraries know thousands of models and versions, which is cardinality that
rows must not carry, and do not say what a viewer sits in front of (phone, tablet, TV).
"""

import re
from functools import lru_cache

MAX_USER_AGENT_CHARS = 512
"""What lies behind is not looked at."""

_BOT = re.compile(r"bot\b|crawler|spider|curl/|python-|Go-http-client|Wget", re.IGNORECASE)

# The first line that matches decides, so the special comes before the general: nearly all say "Safari".
_DEVICES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("console", re.compile(r"PlayStation|Xbox|Nintendo")),
    (
        "tv",
        re.compile(
            r"SMART-TV|SmartTV|Smart TV|Web0S|WebOS|Tizen.*TV|HbbTV|NetCast|Roku|AppleTV|Apple TV|tvOS|CrKey"
            r"|BRAVIA|AFT[A-Z0-9]+|Android TV|GoogleTV|Google TV|VIDAA|Viera"
        ),
    ),
    ("tablet", re.compile(r"iPad|Tablet|Silk/|Kindle|PlayBook|Android(?!.*Mobile)")),
    ("phone", re.compile(r"iPhone|iPod|Mobile|Android|Windows Phone")),
    ("desktop", re.compile(r"Windows NT|Macintosh|X11|CrOS|Linux")),
)

_SYSTEMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("tizen", re.compile(r"Tizen")),
    ("webos", re.compile(r"Web0S|WebOS|webOS")),
    ("roku", re.compile(r"Roku")),
    ("tvos", re.compile(r"AppleTV|Apple TV|tvOS")),
    ("playstation", re.compile(r"PlayStation")),
    ("xbox", re.compile(r"Xbox")),
    ("ios", re.compile(r"iPhone|iPad|iPod|AppleCoreMedia.*iOS")),
    ("chromeos", re.compile(r"CrOS")),
    ("android", re.compile(r"Android|AFT[A-Z0-9]+")),
    ("windows", re.compile(r"Windows")),
    ("macos", re.compile(r"Macintosh|Mac OS X")),
    ("linux", re.compile(r"Linux|X11")),
)

_BROWSERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("edge", re.compile(r"Edg(?:e|A|iOS)?/")),
    ("opera", re.compile(r"OPR/|Opera")),
    ("samsung", re.compile(r"SamsungBrowser/")),
    ("silk", re.compile(r"Silk/")),
    ("firefox", re.compile(r"Firefox/|FxiOS/")),
    ("exoplayer", re.compile(r"ExoPlayer|AndroidXMedia3")),
    ("avplayer", re.compile(r"AppleCoreMedia")),
    ("webview", re.compile(r"; wv\)")),
    ("chrome", re.compile(r"Chrome/|CriOS/|Chromium/|CrKey")),
    ("safari", re.compile(r"Safari/")),
)


def _first(table: tuple[tuple[str, re.Pattern[str]], ...], user_agent: str) -> str:
    return next((name for name, pattern in table if pattern.search(user_agent)), "other")


@lru_cache(maxsize=4096)
def client_of(user_agent: str) -> dict[str, str]:
    """`device`, `os` and `browser`; empty without a user agent, `other` where it is not known."""
    agent = user_agent[:MAX_USER_AGENT_CHARS]
    if not agent:
        return {}
    return {
        "device": "bot" if _BOT.search(agent) else _first(_DEVICES, agent),
        "os": _first(_SYSTEMS, agent),
        "browser": _first(_BROWSERS, agent),
    }
