"""From samples of CPU time and progress to what one beacon costs. Pure."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

ENOUGH = 6
"""Samples of progress that a slope needs."""


class TooShort(ValueError):
    """A run ended before enough of it was seen; more traffic makes it longer."""


class Sample(msgspec.Struct, frozen=True):
    """One look at a run: how far it had come, and what its processes had used by then."""

    at_s: float
    stored: int
    """Beacons in the store."""
    cpu_s: Mapping[str, float]
    """User and system time by role (`jvm`, `python`, `compiler`)."""
    rss_mb: Mapping[str, float] = {}


def slope_us(samples: Sequence[Sample], from_stored: int) -> dict[str, float]:
    """CPU per beacon by role, in µs: the line of least squares through the samples from `from_stored` on.

    What a start and its warm-up cost lies before the line. Stored beacons grow in steps, a bundle at a time;
    a line through many samples does not depend on where in a step a run was looked at. Raises TooShort when
    fewer than `ENOUGH` samples show progress.
    """
    chosen = _progress(samples, from_stored)
    mean = sum(sample.stored for sample in chosen) / len(chosen)
    spread = sum((sample.stored - mean) ** 2 for sample in chosen)
    roles = sorted({role for sample in chosen for role in sample.cpu_s})
    return {
        role: 1e6 * sum((s.stored - mean) * s.cpu_s.get(role, 0.0) for s in chosen) / spread for role in roles
    }


def rate_per_s(samples: Sequence[Sample], from_stored: int) -> float:
    """Beacons a second by the wall clock, over the same part of the run."""
    chosen = _progress(samples, from_stored)
    return (chosen[-1].stored - chosen[0].stored) / (chosen[-1].at_s - chosen[0].at_s)


def _progress(samples: Sequence[Sample], from_stored: int) -> list[Sample]:
    """The samples from `from_stored` up to the first of the last count: what comes after is idling."""
    last = samples[-1].stored if samples else 0
    first_of_last = [sample for sample in samples if sample.stored == last][:1]
    chosen = [sample for sample in samples if from_stored <= sample.stored < last] + first_of_last
    steps = len({sample.stored for sample in chosen})
    if steps < ENOUGH:
        message = f"{steps} samples of progress after {from_stored} beacons; a slope needs {ENOUGH}"
        raise TooShort(message)
    return chosen


class CpuTotals:
    """CPU time by role of processes that come and go: what one had used when last seen stays counted."""

    def __init__(self) -> None:
        self._used: dict[tuple[int, float], tuple[str, float]] = {}

    def note(self, pid: int, started_s: float, role: str, cpu_s: float) -> None:
        """A process, identified by pid and start, and all it has used so far."""
        self._used[pid, started_s] = (role, cpu_s)

    def by_role(self) -> dict[str, float]:
        """Seconds by role."""
        sums: dict[str, float] = {}
        for role, cpu_s in self._used.values():
            sums[role] = sums.get(role, 0.0) + cpu_s
        return sums


def percentile(values: Iterable[float], share: float) -> float:
    """The value that at least `share` of the values do not exceed. Raises ValueError for no values."""
    ordered = sorted(values)
    if not ordered:
        message = "a percentile of no values"
        raise ValueError(message)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def mean_rss_mb(samples: Sequence[Sample], parts: int = 3) -> list[dict[str, float]]:
    """Mean memory by role, in MB, in equal parts of the run's progress (start, middle, end)."""
    first, last = samples[0].stored, samples[-1].stored
    means = []
    for part in range(parts):
        low = first + (last - first) * part / parts
        high = first + (last - first) * (part + 1) / parts
        chosen = [s for s in samples if low <= s.stored < high or (part == parts - 1 and s.stored == last)]
        roles = sorted({role for sample in chosen for role in sample.rss_mb})
        means.append({role: sum(s.rss_mb.get(role, 0.0) for s in chosen) / len(chosen) for role in roles})
    return means
