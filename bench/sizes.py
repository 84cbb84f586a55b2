"""How much is measured."""

import msgspec


class Sizes(msgspec.Struct, frozen=True):
    """Beacons unless said otherwise."""

    hour: int
    """Few viewers over about an hour of their time."""
    hour_viewers: int
    """At once."""
    busy: int
    """Many viewers for a minute or two."""
    busy_viewers: int
    recorded: int
    """Bodies of real players."""
    latency_s: int
    """How long the light load lasts."""
    open_sessions: tuple[int, ...]
    restored: int
    """Open sessions in the savepoint."""


FULL = Sizes(
    hour=500_000,
    hour_viewers=480,
    busy=240_000,
    busy_viewers=10_000,
    recorded=120_000,
    latency_s=60,
    open_sessions=(1_000, 30_000, 100_000),
    restored=100_000,
)
QUICK = Sizes(
    hour=60_000,
    hour_viewers=480,
    busy=60_000,
    busy_viewers=2_000,
    recorded=30_000,
    latency_s=15,
    open_sessions=(1_000, 5_000),
    restored=5_000,
)
