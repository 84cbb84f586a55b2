"""What can be measured, and what becomes of it when something fails."""

from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bench import __main__ as program
from bench.accounting import Sample, TooShort
from bench.report import Table
from bench.sections import QUICK, SECTIONS, Bench, compare, cpu, live
from bench.sections.compare import compared, in_turn
from bench.versions import Version
from bench.watching import Mark, Run
from tests.places import ROOT

NOW_MS = 1_795_500_000_000
THIS, OLD = (Version(name, Path(), Path()) for name in ("this job", "old"))


class Lab:
    """Makes streams, and does nothing else."""

    def __init__(self) -> None:
        self.streams: dict[str, int] = {}

    def make_stream(self, stream: str, records: Sequence[Any] = ()) -> None:
        self.streams[stream] = len(records)


@pytest.fixture
def bench() -> Bench:
    """Two versions, two runs each."""
    return Bench(Lab(), (THIS, OLD), 2, QUICK, lambda _: None)  # type: ignore[arg-type]


def run(cost_us: float, units: int = 100) -> Run:
    """A run of 10,000 beacons of so much CPU each, a third of it Python's, a warm-up of 2,000."""
    samples = [
        Sample(n, n * 1_000, {"jvm": n * cost_us * 2 / 3_000, "python": n * cost_us / 3_000, "compiler": 9.0})
        for n in range(11)
    ]
    return Run(samples, Mark(2_000, 10, {"events": 50}), Mark(10_000, 90, {"events": 50 + units}))


def test_a_section_that_fails_is_named_and_the_others_are_printed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_: Bench) -> Sequence[Table]:
        message = "the emulator has died"
        raise OSError(message)

    def works(_: Bench) -> Sequence[Table]:
        return [Table(("figure",), ((12,),))]

    monkeypatch.setattr(program, "SECTIONS", {"one": works, "two": fails, "three": works})
    assert program.measure(bench, ["one", "two", "three"]) == {"two": "the emulator has died"}
    assert capsys.readouterr().out.count("12") == 2


def test_versions_run_in_turn(bench: Bench) -> None:
    order: list[str] = []

    def measure(version: Version) -> Run:
        order.append(version.name)
        return run(50)

    in_turn(bench, measure)
    assert order == ["this job", "old", "this job", "old"]


def test_versions_are_compared_by_their_medians_and_their_least() -> None:
    runs = {
        "this job": [run(30), run(60), run(90)],
        "old": [run(100, units=400), run(110, 400), run(200, 400)],
    }
    table = compared("recorded players", runs)
    shown = {row[0]: dict(zip(compare.COLUMNS, row, strict=False)) for row in table.rows}
    ours, theirs, ratio = shown["this job"], shown["old"], shown["this job / old"]
    assert (ours["together µs"], ours["least µs"]) == (pytest.approx(60), pytest.approx(30))
    assert (ours["JVM µs"], ours["Python µs"]) == (pytest.approx(40), pytest.approx(20))
    assert ours["beacons/s"] == pytest.approx(1_000)
    assert ours["keyed updates"] == pytest.approx(10)
    assert ours["units: events"] == pytest.approx(12.5)
    assert theirs["together µs"] == pytest.approx(110)
    assert ratio["together µs"] == pytest.approx(60 / 110)
    assert ratio["units: events"] == pytest.approx(0.25)


def test_a_run_that_was_too_short_is_made_again_with_twice_the_traffic(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[int] = []

    def through(_bench: Bench, _stream: str, beacons: int, _version: Version) -> Run:
        sent.append(beacons)
        if beacons < 3 * QUICK.recorded:
            raise TooShort
        return run(50)

    monkeypatch.setattr(cpu, "through", through)
    monkeypatch.setattr(cpu.traffic, "recordings", lambda beacons, _: [cpu.Record(0, "", b"", beacons)])
    assert len(cpu.recorded(bench)) == 1
    assert sent == [QUICK.recorded, 2 * QUICK.recorded, *[4 * QUICK.recorded] * 4]


def test_a_machine_that_is_through_with_everything_at_once_is_told_so(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def through(*_: object) -> Run:
        raise TooShort

    monkeypatch.setattr(cpu, "through", through)
    monkeypatch.setattr(cpu.traffic, "recordings", lambda beacons, _: [cpu.Record(0, "", b"", beacons)])
    with pytest.raises(TooShort):
        cpu.recorded(bench)
    assert len(bench.lab.streams) == 1 + cpu.DOUBLINGS  # type: ignore[attr-defined]


def test_every_section_stands_in_the_map_of_the_page() -> None:
    page = (ROOT / "docs" / "performance.md").read_text()
    assert [name for name in SECTIONS if f"`{name}`" not in page] == []


def test_viewers_play_in_real_time_until_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    clock_ms = count(NOW_MS, 1_000)
    put: list[int] = []
    viewers = live.Viewers(500)

    class Stream:
        def kinesis(self) -> None:
            return None

        def put(self, _client: Any, _stream: str, records: Sequence[Any]) -> None:
            put.extend(record.recv_ms for record in records)
            if len(put) > 1_000:
                viewers.over.set()

    monkeypatch.setattr(live, "GATHER_S", 0)
    monkeypatch.setattr(live, "now_ms", lambda: next(clock_ms))
    lag_s = viewers.play(Stream(), "stream")  # type: ignore[arg-type]
    assert put == sorted(put)
    assert put[-1] <= next(clock_ms) - 2_000
    assert 0 <= lag_s <= 1.5
    assert viewers.sent > 0
