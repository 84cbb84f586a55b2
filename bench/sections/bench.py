"""What every section is given."""

from collections.abc import Callable

import msgspec

from bench.lab import Lab
from bench.versions import Version


class Sizes(msgspec.Struct, frozen=True):
    """How much is measured; beacons unless said otherwise."""

    recorded: int
    """Bodies of real players."""
    viewers: int
    """Many viewers for a minute or two."""
    watching: int
    """Viewers of them at once."""
    live_per_s: int
    live_s: int
    """How long that is measured."""
    memory: int
    """480 viewers over about an hour of their time."""
    latency_s: int
    """How long the light load lasts."""
    open_sessions: int
    """In the savepoint."""
    posts: int
    """At the front door."""
    dashboard_viewers: int
    """At the same time, of whom the dashboards tell."""
    dashboard_s: int
    """Over how long."""


class Bench(msgspec.Struct, frozen=True):
    """Where, what and how much."""

    lab: Lab
    versions: tuple[Version, ...]
    """This job, and the one it is compared with, if any."""
    repeat: int
    """Runs of each, in turn."""
    sizes: Sizes
    say: Callable[[str], None]
    """Tells what goes on."""


FULL = Sizes(
    recorded=120_000,
    viewers=240_000,
    watching=10_000,
    live_per_s=2_000,
    live_s=60,
    memory=500_000,
    latency_s=60,
    open_sessions=100_000,
    posts=40_000,
    dashboard_viewers=1_000,
    dashboard_s=3_600,
)
QUICK = Sizes(
    recorded=30_000,
    viewers=60_000,
    watching=2_000,
    live_per_s=500,
    live_s=20,
    memory=60_000,
    latency_s=15,
    open_sessions=5_000,
    posts=4_000,
    dashboard_viewers=100,
    dashboard_s=1_200,
)
