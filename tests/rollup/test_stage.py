"""The roll-up stage: contributions wait for a window to close, and nothing that is written depends on it.

`tests/cases/state/rollup-1.json` is what a shard has stored after `KEPT_STEPS`, now and before contributions
waited. What an earlier version stored stays readable; when the encoding changes, a file joins it.
"""

import base64
import json
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_job.rollup import windows
from beacon_job.rollup.settings import RollupSettings
from beacon_job.rollup.stage import step
from beacon_job.rollup.windows import RollupState, Rows
from beacon_job.types import waiting
from beacon_job.types.parts import SUMS, Element, unpack
from beacon_job.types.point import Point, decode_points
from beacon_job.types.sums import Contribution
from tests.places import CASES

SETTINGS = RollupSettings(dimensions=("player", "cdn"), max_groups=3)
FAR = 10_000_000
STATE = CASES / "state"

Steps = Sequence[tuple[list[Contribution], int]]
"""Each what one element brings (nothing: a tick), and the watermark it meets."""


def contribution(emit_ms: int, player: str = "hls.js", bucket_ms: int = 0, playing: int = 1) -> Contribution:
    return Contribution("events", bucket_ms, emit_ms, (player, "a"), {"playing": playing})


class Shard:
    """The stage with its stored bytes, and how often each of them was written."""

    def __init__(self, **stored: bytes | None) -> None:
        self.stored: dict[str, bytes | None] = {"waiting": None, "open": None, "written": None} | stored
        self.writes = dict.fromkeys(self.stored, 0)

    def play(self, steps: Steps) -> list[Point]:
        points: list[Point] = []
        for items, watermark_ms in steps:
            element = Element(SUMS, 0, 0, msgspec.json.encode(items).decode() if items else "")
            done = step(
                self.stored["waiting"],
                lambda: self.stored["open"],
                lambda: self.stored["written"],
                element,
                watermark_ms,
                SETTINGS,
            )
            for name in self.stored:
                if getattr(done, name) is not None:
                    self.stored[name] = getattr(done, name)
                    self.writes[name] += 1
            for text in done.elements:
                points += decode_points(unpack(text).payload)
        return points


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
def test_waiting_changes_no_row(story: list[tuple[list[Contribution], int]], waits_chars: int) -> None:
    watermark_ms, steps = 0, []
    for items, more_ms in story:
        watermark_ms += more_ms
        steps.append((items, watermark_ms))
    steps.append(([], FAR))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waiting, "MAX_CHARS", waits_chars)
        assert Shard().play(steps) == at_once(steps)


def test_windows_are_written_when_one_closes_and_a_tick_that_closes_none_writes_nothing() -> None:
    shard = Shard()
    shard.play([([contribution(1)], 10_000), ([contribution(2)], 11_000), ([], 12_000), ([], 13_000)])
    assert shard.writes == {"waiting": 2, "open": 1, "written": 1}
    shard.play([([], 19_999)])
    assert shard.writes == {"waiting": 3, "open": 2, "written": 2}


KEPT_STEPS: Steps = [
    ([contribution(1, "a"), contribution(2, "b")], 9_999),
    ([contribution(12_000, "a", bucket_ms=10_000), contribution(3, "a")], 12_000),
    ([contribution(13_000, "c", bucket_ms=10_000)], 13_000),
]
REST: Steps = [([contribution(14_000, "a", bucket_ms=10_000)], 14_000), ([], FAR)]


@pytest.mark.parametrize("path", sorted(STATE.glob("rollup-*.json")), ids=lambda path: path.stem)
@pytest.mark.parametrize("kept", ["waiting", "before waiting"])
def test_what_an_earlier_version_stored_is_read_and_goes_on(path: Path, kept: str) -> None:
    stored = {name: base64.b64decode(text) for name, text in json.loads(path.read_text())[kept].items()}
    told = [*KEPT_STEPS, *REST]
    assert Shard(**stored).play(REST) == at_once(told)[len(at_once(KEPT_STEPS)) :]


def kept() -> dict[str, dict[str, str]]:
    """What is stored after `KEPT_STEPS`, now and as it was before contributions waited."""
    shard = Shard()
    shard.play(KEPT_STEPS)
    state, written = RollupState(), Rows()
    for items, watermark_ms in KEPT_STEPS:
        windows.add(state, items, SETTINGS)
        windows.close(state, written, watermark_ms, SETTINGS)
    before = {"open": msgspec.msgpack.encode(state), "written": msgspec.msgpack.encode(written)}
    return {
        name: {key: base64.b64encode(value).decode() for key, value in stored.items() if value}
        for name, stored in {"waiting": shard.stored, "before waiting": before}.items()
    }


def test_the_kept_file_is_of_the_present_encoding() -> None:
    assert json.loads((STATE / "rollup-1.json").read_text()) == kept()


if __name__ == "__main__":
    (STATE / "rollup-1.json").write_text(json.dumps(kept(), indent=1) + "\n")
