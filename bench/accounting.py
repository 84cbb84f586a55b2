"""From samples of CPU time and progress to what one beacon costs. Pure."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec


class Sample(msgspec.Struct, frozen=True):
    """One look at a run: how far it had come, and what its processes had used by then."""

    at_s: float
    done: int
    """Beacons finished."""
    cpu_s: Mapping[str, float]
    """User and system time by role (`jvm`, `python`)."""
    rss_mb: Mapping[str, float] = {}


def slope_us(samples: Sequence[Sample], from_done: int, per: float = 1.0) -> dict[str, float]:
    """CPU per beacon by role, in µs: the line of least squares through the samples from `from_done` beacons
    on.

    What a start and its warm-up cost lies before the line. Finished beacons grow in steps, a batch at a
    time; a line through many samples does not depend on where in a step a run was looked at. `per`: beacons
    that count as one. Raises ValueError when fewer than three samples show progress.
    """
    chosen = _progress([sample for sample in samples if sample.done >= from_done])
    if len(chosen) < 3:
        message = f"{len(chosen)} samples of progress after {from_done} beacons; a slope needs 3 or more"
        raise ValueError(message)
    mean_done = sum(sample.done for sample in chosen) / len(chosen)
    spread = sum((sample.done - mean_done) ** 2 for sample in chosen)
    roles = sorted({role for sample in chosen for role in sample.cpu_s})
    return {
        role: 1e6 * per * sum((s.done - mean_done) * s.cpu_s.get(role, 0.0) for s in chosen) / spread
        for role in roles
    }


def _progress(samples: Sequence[Sample]) -> list[Sample]:
    """The samples up to the first of the last count: what comes after is idling."""
    last = samples[-1].done if samples else 0
    return [sample for sample in samples if sample.done < last] + [s for s in samples if s.done == last][:1]


def rate_per_s(samples: Sequence[Sample], from_done: int) -> float:
    """Beacons a second by the wall clock, over the same part of the run."""
    chosen = _progress([sample for sample in samples if sample.done >= from_done])
    return (chosen[-1].done - chosen[0].done) / (chosen[-1].at_s - chosen[0].at_s)


class Ledger:
    """CPU time by role of processes that come and go: what a process had used when last seen stays
    counted."""

    def __init__(self) -> None:
        self._used: dict[tuple[int, float], tuple[str, float]] = {}

    def note(self, pid: int, started_s: float, role: str, cpu_s: float) -> None:
        """A process, identified by pid and start, and all it has used so far."""
        self._used[pid, started_s] = (role, cpu_s)

    def totals(self) -> dict[str, float]:
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


def part_means(samples: Sequence[Sample], parts: int = 3) -> list[dict[str, float]]:
    """Mean memory by role, in MB, in equal parts of the run's progress (start, middle, end)."""
    first, last = samples[0].done, samples[-1].done
    means = []
    for part in range(parts):
        low = first + (last - first) * part / parts
        high = first + (last - first) * (part + 1) / parts
        chosen = [s for s in samples if low <= s.done < high or (part == parts - 1 and s.done == last)]
        roles = sorted({role for sample in chosen for role in sample.rss_mb})
        means.append({role: sum(s.rss_mb.get(role, 0.0) for s in chosen) / len(chosen) for role in roles})
    return means
