"""The way from a player to the collector: when a post arrives, how often, or never.

What is lost is lost as a whole post. All decisions come from the session's own random numbers.
"""

from random import Random

import msgspec

from local.viewers.script import Script


class Network(msgspec.Struct, frozen=True):
    """Shares are of posts unless they say `sessions`."""

    jitter_ms: int = 40
    """Mean of the exponential part of a delay: small posts overtake one another by this much."""
    late_share: float = 0.004
    """Posts delayed by seconds."""
    late_mean_ms: int = 6_000
    duplicate_share: float = 0.006
    """Posts stored although the client saw an error, and sent again."""
    outage_sessions: float = 0.02
    """The collector answers 5xx for a while: posts wait in the client, then come in any order, some twice."""
    gap_sessions: float = 0.015
    """Offline or refused for a while: the posts of that time are gone."""
    tail_sessions: float = 0.03
    """The last seconds never leave the client (killed, out of reach)."""
    broken_share: float = 0.004
    """Unreadable records sent besides, per good post."""
    spoilt_share: float = 0.001
    """Good posts with one unreadable event among the good ones."""


REAL = Network()
PERFECT = Network(
    jitter_ms=0,
    late_share=0,
    duplicate_share=0,
    outage_sessions=0,
    gap_sessions=0,
    tail_sessions=0,
    broken_share=0,
    spoilt_share=0,
)
"""Every post arrives once and in order."""

Window = tuple[int, int]
NEVER: Window = (0, 0)


class Way:
    """One session's way; times are ms since its player was set up."""

    def __init__(self, script: Script, network: Network) -> None:
        self.rng = rng = Random(f"network {script.seed} {script.index}")
        self.network = network
        self.rtt_ms = script.viewer.country.rtt_ms
        self.leave_ms = script.leave_ms
        self.outage = self._window(network.outage_sessions)
        self.gap = self._window(network.gap_sessions)
        self.tail_ms = script.leave_ms + 1
        if rng.random() < network.tail_sessions:
            self.tail_ms -= int(rng.uniform(1, 20_000))

    def _window(self, share: float) -> Window:
        if self.rng.random() >= share:
            return NEVER
        start_ms = int(self.rng.uniform(0, self.leave_ms))
        return (start_ms, start_ms + int(self.rng.uniform(4_000, 25_000)))

    def arrivals(self, send_ms: int) -> list[int]:
        """When a post sent at `send_ms` is stored: nothing when lost, twice when the client repeated it."""
        rng, network = self.rng, self.network
        if send_ms >= self.tail_ms or self.gap[0] <= send_ms < self.gap[1]:
            return []
        chance = rng.random()
        if self.outage[0] <= send_ms < self.outage[1]:
            if self.outage[1] > self.leave_ms:
                return []
            first_ms = self.outage[1] + int(rng.uniform(50, 4_000))
            return [first_ms] if chance > 0.3 else [first_ms, first_ms + int(rng.uniform(20, 3_000))]
        delay_ms = 1 + self.rtt_ms // 2
        if network.jitter_ms:
            delay_ms += int(rng.expovariate(1 / network.jitter_ms))
        if chance < network.late_share:
            delay_ms += int(rng.expovariate(1 / network.late_mean_ms))
        elif chance > 1 - network.duplicate_share:
            return [send_ms + delay_ms, send_ms + delay_ms + int(rng.uniform(200, 6_000))]
        return [send_ms + delay_ms]
