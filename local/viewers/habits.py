"""Tables of who watches and how often things happen. Shares need not add up to one; they are weights."""

import msgspec


class Player(msgspec.Struct, frozen=True):
    dialect: str
    """How it speaks: a name of `dialects.SPEAK`."""
    name: str
    """What the job knows it as: the dimension `player`."""
    version: str
    share: float


PLAYERS = (
    Player("hlsjs", "hls.js", "1.7.4", 42),
    Player("sdk", "video.js", "8.24.1", 28),
    Player("dashjs", "dash.js", "5.2.1", 12),
    Player("shaka", "shaka-player", "5.2.12-debug", 8),
    Player("page", "page", "1", 10),
)


class Country(msgspec.Struct, frozen=True):
    code: str
    share: float
    ip_prefix: str
    rtt_ms: int


COUNTRIES = (
    Country("US", 30, "203.0.113.0/24", 60),
    Country("DE", 20, "198.51.100.0/24", 35),
    Country("GB", 14, "192.0.2.0/24", 40),
    Country("FR", 12, "2001:db8:100::/48", 45),
    Country("BR", 10, "2001:db8:200::/48", 110),
    Country("IN", 9, "2001:db8:300::/48", 160),
    Country("JP", 5, "2001:db8:400::/48", 130),
)


class Cdn(msgspec.Struct, frozen=True):
    name: str
    share: float
    startup_factor: float
    """Multiplies the median startup time."""
    stall_factor: float
    """Multiplies the rate of stalls and of failures."""


CDNS = (Cdn("cdn-a", 50, 0.8, 0.5), Cdn("cdn-b", 35, 1.0, 1.0), Cdn("cdn-c", 15, 1.7, 3.0))


class Device(msgspec.Struct, frozen=True):
    category: str
    share: float
    os: str
    browser: str
    user_agent: str


DEVICES = (
    Device(
        "desktop",
        40,
        "windows",
        "chrome",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) "
        "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
    ),
    Device(
        "desktop",
        15,
        "macos",
        "safari",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) "
        "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15",
    ),
    Device(
        "phone",
        25,
        "android",
        "chrome",
        "Mozilla/5.0 (Linux; Android 10; K) "
        "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36",
    ),
    Device(
        "tv",
        12,
        "tizen",
        "safari",
        "Mozilla/5.0 (SMART-TV; LINUX; Tizen 8.0) "
        "AppleWebKit/537.36 (KHTML, like Gecko) 108.0.5359.1/8.0 TV Safari/537.36",
    ),
    Device(
        "desktop",
        8,
        "linux",
        "firefox",
        "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    ),
)

LADDER_KBPS = (246, 468, 868, 1800, 3500, 6000)
"""Renditions, lowest first."""

CONTENTS = tuple(f"film-{n:03}" for n in range(1, 61))
CHANNELS = tuple(f"channel-{n}" for n in range(1, 9))


class Habits(msgspec.Struct, frozen=True):
    """How viewers behave. Rates are per hour of play; times are medians of log-normal draws."""

    watch_median_ms: int = 150_000
    watch_sigma: float = 0.9
    watch_max_ms: int = 3_600_000
    startup_median_ms: int = 900
    startup_sigma: float = 0.7
    preloaded_share: float = 0.6
    """Clicks on a player whose buffer is full: it starts at once."""
    patience_mean_ms: int = 25_000
    """How long a viewer waits for the first frame before leaving (exponential)."""
    live_share: float = 0.2
    autoplay_share: float = 0.45
    never_asks_share: float = 0.01
    """Players set up on a page whose viewer never presses play."""
    start_failure_share: float = 0.015
    finishes_share: float = 0.3
    """Viewers of VOD who watch to the end."""
    leaves_paused_share: float = 0.1
    leaves_stalled_share: float = 0.15
    """Of stalls: the viewer gives up and leaves while it lasts."""
    stalls_per_hour: float = 6.0
    seeks_per_hour: float = 9.0
    pauses_per_hour: float = 7.0
    long_pause_share: float = 0.06
    sleeps_per_hour: float = 0.25
    failures_per_hour: float = 0.4
    renditions_per_hour: float = 14.0
    sounds_per_hour: float = 6.0
    rates_per_hour: float = 0.8
    screens_per_hour: float = 1.5
    warnings_per_hour: float = 1.0
    """Errors the player recovers from without a visible effect."""
    ad_break_share: float = 0.04
    clock_wrong_share: float = 0.06
    """Clients whose clock is off by more than a second: minutes, seldom hours, rarely years."""


HABITS = Habits()

SHORT = Habits(
    watch_median_ms=25_000,
    watch_sigma=0.5,
    watch_max_ms=120_000,
    stalls_per_hour=60,
    seeks_per_hour=60,
    pauses_per_hour=60,
    long_pause_share=0,
    sleeps_per_hour=0,
    failures_per_hour=10,
    renditions_per_hour=60,
)
"""Sessions of half a minute in which a lot happens: for tests that must see every kind soon."""
