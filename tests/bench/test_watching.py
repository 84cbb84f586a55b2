"""A job that is looked at while it works."""

from itertools import count
from typing import Any

import pytest

from bench import watching
from bench.watching import EVENTS, watch
from local.aws.tables import TABLES


class Job:
    """A job, its cluster and its store: 500 beacons more at every look, an update of state for each 100."""

    def __init__(self, most: int) -> None:
        self.most, self.stored, self.asked, self.cancelled = most, 0, 0, False
        self.cluster = self.rest = self

    def task_manager_pid(self) -> int:
        return 1

    def look(self) -> tuple[dict[str, float], dict[str, float]]:
        return {"jvm": self.stored * 40e-6, "python": self.stored * 60e-6, "compiler": 5.0}, {"jvm": 1_000.0}

    def counters(self) -> dict[str, dict[str, int]]:
        self.stored = min(self.most, self.stored + 500)
        return {table: {"records": self.stored, "write_units": self.stored // 5} for table in TABLES}

    def metrics(self, _job: str, name: str) -> dict[str, float]:
        self.asked += 1
        return {f"0.{name}": self.stored // 100} if name.startswith("sessions.") else {}

    def failure(self, _job: str) -> str:
        return "the store is away"

    def cancel(self, _job: str) -> None:
        self.cancelled = True


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A job that stores 20,000 beacons, with a second between any two looks at the clock."""
    found = Job(20_000)
    clock = count()
    monkeypatch.setattr(watching, "Usage", lambda _: found)
    monkeypatch.setattr(watching.time, "monotonic", lambda: float(next(clock)))
    monkeypatch.setattr(watching.time, "sleep", lambda _: None)
    return found


def test_figures_are_of_the_part_after_the_warm_up(job: Any) -> None:
    run = watch(job, "id", lambda seen: seen.stored >= 5_000, lambda seen: seen.stored == 20_000)
    assert run.cpu_us()["jvm"] == pytest.approx(40, rel=0.1)
    assert run.cpu_us()["compiler"] == 0
    assert run.warm.stored >= 5_000
    assert run.end.stored == 20_000
    assert run.write_units()[EVENTS] == pytest.approx(200)
    assert run.keyed_updates() == pytest.approx(10, rel=0.1)
    assert job.cancelled


def test_flink_is_asked_at_the_begin_and_at_the_end_only(job: Any) -> None:
    watch(job, "id", lambda seen: seen.stored >= 5_000, lambda seen: seen.stored == 20_000)
    assert job.asked == 2 * 2 * len(watching.KEYED_STAGES)


def test_a_job_that_is_stuck_is_an_error_with_flinks_words(job: Any) -> None:
    with pytest.raises(
        RuntimeError, match="20,000 beacons stored in 600 s, and not over; Flink says: the st"
    ):
        watch(job, "id", lambda _: True, lambda seen: seen.stored > 20_000)


def test_a_run_may_be_over_so_long_after_it_was_warm(job: Any) -> None:
    run = watch(job, "id", lambda seen: seen.at_s >= 20, lambda seen: seen.warm_s >= 20)
    warm_at_s = next(sample.at_s for sample in run.samples if sample.at_s >= 20)
    assert run.samples[-1].at_s == pytest.approx(warm_at_s + 20, abs=3)
