"""The media requests behind a story: a few segments before the first frame, then one per segment played."""

from collections.abc import Iterator
from random import Random

from local.viewers.script import PRELOADED_MS, Kind, Script

SEGMENT_MS = 4_000
FIRST_SEGMENTS = 3

Response = tuple[int, int, int, int]
"""request_ms, ttfb_ms, ttlb_ms, segment number."""


def responses(script: Script, rng: Random) -> Iterator[tuple[int, Response]]:
    """(when the last byte came, response), in order; ms since the player was set up."""
    rtt_ms = script.viewer.country.rtt_ms
    number = 1
    for before, interval in zip((None, *script.intervals), script.intervals, strict=False):
        start_ms, end_ms = interval.start_ms, interval.end_ms
        if interval.kind is Kind.STARTUP and script.outcome not in ("start_failed", "abandoned"):
            preloaded = end_ms - start_ms <= PRELOADED_MS and not script.viewer.autoplay
            first_ms = min(start_ms, 400) if preloaded else end_ms
            for n in range(FIRST_SEGMENTS):
                done_ms = max(1, first_ms - (FIRST_SEGMENTS - n) * 8)
                yield done_ms, (done_ms // 2, done_ms // 4, done_ms - done_ms // 2, number)
                number += 1
        elif interval.kind is Kind.PLAY:
            if before is not None and before.kind is Kind.STALL:
                # the segment the player was waiting for
                asked_ms = max(0, before.start_ms - 1_500)
                done_ms = max(start_ms - 1, asked_ms + 1)
                yield done_ms, (asked_ms, done_ms - asked_ms - 1, done_ms - asked_ms, number)
                number += 1
            for asked_ms in range(start_ms, end_ms - rtt_ms * 6, SEGMENT_MS):
                ttfb_ms = int(rtt_ms * rng.uniform(1, 2))
                ttlb_ms = ttfb_ms + int(rtt_ms * rng.uniform(0.5, 4))
                yield asked_ms + ttlb_ms, (asked_ms, ttfb_ms, ttlb_ms, number)
                number += 1
