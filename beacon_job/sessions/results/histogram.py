"""The histogram of startup times: buckets that add up over sessions, and the percentiles read off their
sums. Pure."""

from collections.abc import Mapping

HISTOGRAM_AT = 1_000
"""Index of the first histogram bucket: those of startup follow here, apart from `ledger.SUMS`."""


def _bounds() -> tuple[int, ...]:
    bounds = [10]
    while bounds[-1] < 120_000:
        bounds.append(bounds[-1] * 11 // 10 if bounds[-1] >= 100 else bounds[-1] + 5)
    return tuple(bounds)


STARTUP_BOUNDS_MS: tuple[int, ...] = _bounds()
"""Upper bounds of the startup histogram: each at most 10 % above the last from 100 ms on, so that the middle
of a bucket is within 5 % of every value in it; the last bucket takes everything above."""


def startup_bucket(startup_ms: int) -> int:
    """Index of the histogram bucket of a startup."""
    low, high = 0, len(STARTUP_BOUNDS_MS) - 1
    while low < high:
        middle = (low + high) // 2
        if startup_ms <= STARTUP_BOUNDS_MS[middle]:
            high = middle
        else:
            low = middle + 1
    return HISTOGRAM_AT + low


def bucket_name(index: int) -> str:
    """Name of a bucket: `startup_le_250` counts startups of at most 250 ms and above the bound before."""
    return f"startup_le_{STARTUP_BOUNDS_MS[index - HISTOGRAM_AT]}"


def startup_quantile(sums: Mapping[str, int], share: float) -> float | None:
    """A startup percentile (share 0..1) of summed histogram fields, within 5 %; None where there is none."""
    counts = [sums.get(bucket_name(HISTOGRAM_AT + n), 0) for n in range(len(STARTUP_BOUNDS_MS))]
    rank = share * sum(counts)
    passed = 0
    for index, count in enumerate(counts):
        passed += count
        if count and passed >= rank:
            low = STARTUP_BOUNDS_MS[index - 1] if index else 0
            return (low + STARTUP_BOUNDS_MS[index]) / 2
    return None
