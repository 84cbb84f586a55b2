"""The roll-up stage: contributions wait for a window to close, and nothing that is written depends on it.

`tests/cases/state/rollup-1.json` is what a shard has stored after `KEPT_STEPS`. What an earlier version
stored stays readable; when the encoding changes, a file joins it.
"""

import base64
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_job.rollup import columns, windows
from beacon_job.rollup.settings import RollupSettings
from beacon_job.rollup.stage import step
from beacon_job.rollup.windows import RollupState, Rows
from beacon_job.types import waiting as waiting_module
from beacon_job.types.parts import Parts
from beacon_job.types.point import Point, decode_points
from beacon_job.types.sums import Contribution, encode_sums
from beacon_job.types.waiting import Waiting
from tests.places import CASES

SETTINGS = RollupSettings(dimensions=("player", "cdn"), max_groups=3)
FAR = 10_000_000
STATE = CASES / "state"

Steps = Sequence[tuple[list[Contribution], int]]
"""Each what one item brings (nothing: a tick), and the watermark it meets."""


def contribution(emit_ms: int, player: str = "hls.js", bucket_ms: int = 0, playing: int = 1) -> Contribution:
    return Contribution("events", bucket_ms, emit_ms, (player, "a"), {"playing": playing})


class Shard:
    """The stage with its stored bytes, and how often each of them was written."""

    def __init__(self, waiting: Waiting | None = None, **stored: bytes | None) -> None:
        self.waiting = waiting or Waiting()
        self.stored: dict[str, bytes | None] = {"open": None, "written": None} | stored
        self.writes = dict.fromkeys(["waiting", *self.stored], 0)

    def play(self, steps: Steps) -> list[Point]:
        points: list[Point] = []
        for items, watermark_ms in steps:
            item = encode_sums(items, shards=1).get(0, b"")
            effect = step(
                self.waiting,
                lambda: self.stored["open"],
                lambda: self.stored["written"],
                item,
                watermark_ms,
                SETTINGS,
            )
            self.keep(item, effect.done_ms)
            for name in self.stored:
                if getattr(effect, name) is not None:
                    self.stored[name] = getattr(effect, name)
                    self.writes[name] += 1
            made = [point for encoded in effect.parts.points for point in decode_points(encoded)]
            points += [point for point in made if point.measure_name != columns.MEASURE]
        return points

    def keep(self, item: bytes, done_ms: int | None) -> None:
        """As `operators._WaitingState` has it."""
        before = self.waiting
        if done_ms is not None:
            self.waiting = Waiting(done_ms)
        elif item:
            self.waiting = Waiting(before.done_ms, [*before.items, item])
        self.writes["waiting"] += self.waiting != before


def at_once(steps: Steps) -> list[Point]:
    """The same without a stage: contributions are added as they come."""
    state, written, points = RollupState(), Rows(), list[Point]()
    for items, watermark_ms in steps:
        windows.add(state, items, SETTINGS)
        points += windows.close(state, written, watermark_ms, SETTINGS)
    return points


stories = st.lists(
    st.tuples(
        st.lists(
            st.builds(
                contribution,
                emit_ms=st.integers(0, 60_000),
                player=st.sampled_from(["a", "b", "c", "d"]),
                bucket_ms=st.sampled_from([0, 10_000, 20_000]),
                playing=st.integers(1, 5),
            ),
            max_size=4,
        ),
        st.integers(0, 9_000),
    ),
    max_size=12,
)


@given(stories, st.sampled_from([50, 1_000_000]))
def test_waiting_changes_no_row(story: list[tuple[list[Contribution], int]], waits_bytes: int) -> None:
    watermark_ms, steps = 0, []
    for items, more_ms in story:
        watermark_ms += more_ms
        steps.append((items, watermark_ms))
    steps.append(([], FAR))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waiting_module, "MAX_BYTES", waits_bytes)
        assert Shard().play(steps) == at_once(steps)


def test_windows_are_written_when_one_closes_and_a_tick_that_closes_none_writes_nothing() -> None:
    shard = Shard()
    shard.play([([contribution(1)], 10_000), ([contribution(2)], 11_000), ([], 12_000), ([], 13_000)])
    assert shard.writes == {"waiting": 2, "open": 1, "written": 1}
    shard.play([([], 19_999)])
    assert shard.writes == {"waiting": 3, "open": 2, "written": 2}


def test_what_is_too_much_to_wait_is_added_up_and_closes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting_module, "MAX_BYTES", 0)
    item = encode_sums([contribution(12_000)], shards=1)[0]
    effect = step(Waiting(10_000), lambda: None, lambda: None, item, 12_000, SETTINGS)
    assert (effect.done_ms, effect.written, effect.parts) == (10_000, None, Parts())
    assert effect.open


KEPT_STEPS: Steps = [
    ([contribution(1, "a"), contribution(2, "b")], 9_999),
    ([contribution(12_000, "a", bucket_ms=10_000), contribution(3, "a")], 12_000),
    ([contribution(13_000, "c", bucket_ms=10_000)], 13_000),
]
REST: Steps = [([contribution(14_000, "a", bucket_ms=10_000)], 14_000), ([], FAR)]


@pytest.mark.parametrize("path", sorted(STATE.glob("rollup-*.json")), ids=lambda path: path.stem)
def test_what_an_earlier_version_stored_is_read_and_goes_on(path: Path) -> None:
    stored = json.loads(path.read_text())
    waiting = Waiting(stored["done_ms"], [base64.b64decode(text) for text in stored["waiting"]])
    shard = Shard(waiting, **{name: base64.b64decode(stored[name]) for name in ("open", "written")})
    assert shard.play(REST) == at_once([*KEPT_STEPS, *REST])[len(at_once(KEPT_STEPS)) :]


def kept() -> dict[str, object]:
    """What is stored after `KEPT_STEPS`."""
    shard = Shard()
    shard.play(KEPT_STEPS)
    stored = {name: base64.b64encode(value).decode() for name, value in shard.stored.items() if value}
    waiting = [base64.b64encode(item).decode() for item in shard.waiting.items]
    return {"done_ms": shard.waiting.done_ms, "waiting": waiting, **stored}


def test_the_kept_file_is_of_the_present_encoding() -> None:
    assert json.loads((STATE / "rollup-1.json").read_text()) == kept()


if __name__ == "__main__":
    (STATE / "rollup-1.json").write_text(json.dumps(kept(), indent=1) + "\n")
