"""How much is measured."""

import msgspec


class Sizes(msgspec.Struct, frozen=True):
    """Beacons unless said otherwise."""

    hour: int
    """Synthetic viewers over about an hour of their time: cost by stage, and memory."""
    watching: int
    """Viewers at once, in that hour."""
    short: int
    """The same viewers, for what is slower."""
    recorded: int
    """Bodies of real players."""
    in_process: int
    latency_s: int
    """How long the light load lasts."""
    open_sessions: tuple[int, ...]
    restored: int
    """Open sessions in the savepoint."""


FULL = Sizes(
    hour=500_000,
    watching=480,
    short=120_000,
    recorded=120_000,
    in_process=100_000,
    latency_s=60,
    open_sessions=(1_000, 30_000, 100_000),
    restored=100_000,
)
QUICK = Sizes(
    hour=60_000,
    watching=480,
    short=30_000,
    recorded=30_000,
    in_process=30_000,
    latency_s=15,
    open_sessions=(1_000, 5_000),
    restored=5_000,
)
