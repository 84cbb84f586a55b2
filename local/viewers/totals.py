"""Sums over many sessions' truths: overall and by player, CDN and stream type."""

import math
from collections.abc import Iterable
from typing import Any

import msgspec

from local.viewers.truth import SUMMED, SessionTruth

GROUPS = ("player", "cdn", "stream_type")
STEP = math.log(1.02)
"""Startup times are counted in buckets of 2 %: an endless run needs no more memory than a short one."""


class Totals(msgspec.Struct):
    """Additive figures of one group of viewers."""

    sessions: int = 0
    attempts: int = 0
    starts: int = 0
    startup_ms: int = 0
    outcomes: dict[str, int] = {}
    sums: dict[str, int] = {}
    startups: dict[int, int] = {}
    """Starts by bucket of startup time."""

    def add(self, truth: SessionTruth) -> None:
        """Counts one session."""
        self.sessions += 1
        self.attempts += truth.intent_ms is not None
        if truth.startup_ms is not None:
            self.starts += 1
            self.startup_ms += truth.startup_ms
            bucket = round(math.log(max(1, truth.startup_ms)) / STEP)
            self.startups[bucket] = self.startups.get(bucket, 0) + 1
        if truth.outcome is not None:
            self.outcomes[truth.outcome] = self.outcomes.get(truth.outcome, 0) + 1
        for name in SUMMED:
            self.sums[name] = self.sums.get(name, 0) + getattr(truth, name)

    def startup_percentile_ms(self, share: float) -> int | None:
        """The startup time that `share` of the starts did not exceed, within 1 %."""
        wanted = share * self.starts
        for bucket in sorted(self.startups):
            wanted -= self.startups[bucket]
            if wanted <= 0:
                return round(math.exp(bucket * STEP))
        return None

    def figures(self) -> dict[str, Any]:
        """Everything a board shows: sums, counts, and the ratios of the sums."""
        sums = {name: self.sums.get(name, 0) for name in SUMMED}
        watched_ms = (
            self.startup_ms + sums["waited_ms"] + sums["play_ms"] + sums["stall_ms"] + sums["seek_ms"]
        )
        return {
            "sessions": self.sessions,
            "attempts": self.attempts,
            "starts": self.starts,
            **self.outcomes,
            "startup_ms": self.startup_ms,
            **sums,
            "rebuffer_ratio": round(sums["stall_ms"] / watched_ms, 6) if watched_ms else None,
            "startup_p50_ms": self.startup_percentile_ms(0.5),
            "startup_p95_ms": self.startup_percentile_ms(0.95),
            "bitrate_kbps": round(sums["bits"] / sums["play_ms"]) if sums["play_ms"] else None,
        }


class GroupTotals:
    """Totals of all viewers, and of each group of `GROUPS`."""

    def __init__(self) -> None:
        self.all = Totals()
        self.groups: dict[str, dict[str, Totals]] = {group: {} for group in GROUPS}

    def add(self, truth: SessionTruth) -> None:
        """Counts one session in all its groups."""
        self.all.add(truth)
        for group, totals in self.groups.items():
            totals.setdefault(getattr(truth, group), Totals()).add(truth)

    def figures(self, more: Iterable[SessionTruth] = ()) -> dict[str, Any]:
        """The figures with `more` sessions added for this look only (those still open)."""
        look = msgspec.convert(msgspec.to_builtins({"all": self.all, **self.groups}), dict[str, Any])
        totals = GroupTotals()
        totals.all = msgspec.convert(look.pop("all"), Totals, strict=False)
        totals.groups = {
            group: msgspec.convert(by_name, dict[str, Totals], strict=False)
            for group, by_name in look.items()
        }
        for truth in more:
            totals.add(truth)
        return {
            "all": totals.all.figures(),
            **{
                group: {name: t.figures() for name, t in sorted(found.items())}
                for group, found in totals.groups.items()
            },
        }
