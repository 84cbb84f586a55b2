"""Sums per bucket and viewer group: closed once, added up by readers."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from beacon_job import rollup
from beacon_job.point import Point
from beacon_job.rollup import Contribution, RollupSettings, RollupState

SETTINGS = RollupSettings(dimensions=("player", "cdn"), max_groups=3)
FAR = 10_000_000_000_000


def contribution(bucket_ms: int = 0, emit_ms: int = 0, player: str = "hls.js", **sums: int) -> Contribution:
    return Contribution("events", bucket_ms, emit_ms, (player, "a"), sums or {"playing": 1})


def closed(items: list[Contribution], watermark_ms: int) -> list[Point]:
    state = RollupState()
    rollup.add(state, items, SETTINGS)
    return rollup.close(state, watermark_ms, SETTINGS)


def total(points: list[Point]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for point in points:
        sums.update({name: int(value) for name, value in point.measures.items()})
    return sums


def test_a_window_closes_when_the_watermark_reaches_its_last_millisecond() -> None:
    assert closed([contribution()], 9_998) == []
    assert [point.measures for point in closed([contribution()], 9_999)] == [{"playing": 1}]


def test_what_becomes_known_later_is_one_more_row_of_the_same_bucket() -> None:
    rows = closed([contribution(emit_ms=0), contribution(emit_ms=25_000, paused=2)], FAR)
    assert [row.time_ns for row in rows] == [0, 2]
    assert [row.measures for row in rows] == [{"playing": 1}, {"paused": 2}]


def test_what_comes_for_a_closed_window_counts_in_the_next_open_one() -> None:
    state = RollupState()
    rollup.add(state, [contribution()], SETTINGS)
    first = rollup.close(state, 9_999, SETTINGS)
    rollup.add(state, [contribution(paused=1)], SETTINGS)
    second = rollup.close(state, 19_999, SETTINGS)
    assert [row.time_ns for row in [*first, *second]] == [0, 1]


def test_the_smallest_groups_beyond_the_limit_become_other() -> None:
    items = [contribution(player=f"p{i}") for i in range(5) for _ in range(5 - i)]
    rows = closed(items, FAR)
    assert {row.dims["player"]: row.measures["playing"] for row in rows} == {"p0": 5, "p1": 4, "p2": 3, "other": 3}


def test_an_absent_dimension_is_left_out_of_the_row() -> None:
    assert closed([contribution(player="")], FAR)[0].dims == {"cdn": "a"}


contributions = st.lists(
    st.builds(
        contribution,
        bucket_ms=st.integers(0, 5).map(lambda n: n * 10_000),
        emit_ms=st.integers(0, 80_000),
        player=st.sampled_from(["a", "b"]),
        playing=st.integers(-5, 5),
    ),
    max_size=30,
)


@given(contributions, st.lists(st.integers(0, 100_000), max_size=5).map(sorted))
def test_no_sum_is_lost_however_closing_is_stepped(items: list[Contribution], steps: list[int]) -> None:
    state = RollupState()
    rollup.add(state, items, SETTINGS)
    rows = [row for step in [*steps, FAR] for row in rollup.close(state, step, SETTINGS)]
    assert sorted(rows, key=repr) == sorted(closed(items, FAR), key=repr)
    assert total(rows) == total([Point("qoe", "", 0, {}, dict(item.sums)) for item in items])


@given(contributions, st.randoms())
def test_the_order_of_arrival_changes_no_row(items: list[Contribution], random: object) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert closed(items, FAR) == closed(shuffled, FAR)
