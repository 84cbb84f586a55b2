"""Sums per bucket and viewer group: closed once, added up by readers."""

import copy
from collections import Counter
from collections.abc import Iterable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from beacon_job.rollup import windows
from beacon_job.rollup.settings import RollupSettings
from beacon_job.rollup.windows import RollupState, Rows
from beacon_job.types.point import Point
from beacon_job.types.sums import Contribution, group_of

SETTINGS = RollupSettings(dimensions=("player", "cdn"), max_groups=3)
FAR = 10_000_000_000_000


class Shard:
    """One shard of the roll-up with its state."""

    def __init__(self) -> None:
        self.state = RollupState()
        self.written: Rows = {}

    def add(self, items: Iterable[Contribution]) -> "Shard":
        windows.add(self.state, items, SETTINGS)
        return self

    def close(self, watermark_ms: int) -> list[Point]:
        return windows.close(self.state, self.written, watermark_ms, SETTINGS)


class Store:
    """Rows as a store keeps them: of two versions of a row the higher one, of equal ones the first."""

    def __init__(self) -> None:
        self.rows: dict[object, Point] = {}

    def write(self, points: Iterable[Point]) -> None:
        for point in points:
            key = (point.time_ns, point.measure_name, *point.dims.items())
            if key not in self.rows or self.rows[key].version < point.version:
                self.rows[key] = point


def contribution(bucket_ms: int = 0, emit_ms: int = 0, player: str = "hls.js", **sums: int) -> Contribution:
    return Contribution("events", bucket_ms, emit_ms, (player, "a"), sums or {"playing": 1})


def closed(items: list[Contribution], watermark_ms: int) -> list[Point]:
    return Shard().add(items).close(watermark_ms)


def total(points: list[Point]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for point in points:
        sums.update({name: int(value) for name, value in point.measures.items()})
    return sums


def test_a_window_closes_when_the_watermark_reaches_its_last_millisecond() -> None:
    assert closed([contribution()], 9_998) == []
    assert [point.measures for point in closed([contribution()], 9_999)] == [{"playing": 1}]


def test_the_window_after_the_closed_one_stays_open() -> None:
    items = [contribution(), contribution(10_000, 10_000)]
    assert [row.time_ns for row in closed(items, 9_999)] == [0]


def test_a_row_lies_at_its_bucket_and_a_nanosecond_further_for_each_window_that_knew_it_later() -> None:
    rows = closed([contribution(20_000, emit_ms) for emit_ms in (20_000, 30_000, 50_000)], FAR)
    assert [row.time_ns for row in rows] == [20_000_000_000, 20_000_000_001, 20_000_000_003]


def test_what_becomes_known_later_is_one_more_row_of_the_same_bucket() -> None:
    rows = closed([contribution(emit_ms=0), contribution(emit_ms=25_000, paused=2)], FAR)
    assert [row.time_ns for row in rows] == [0, 2]
    assert [row.measures for row in rows] == [{"playing": 1}, {"paused": 2}]


def test_what_comes_for_a_closed_window_makes_its_row_grow() -> None:
    shard = Shard().add([contribution()])
    first = shard.close(9_999)
    second = shard.add([contribution(paused=1)]).close(19_999)
    assert [(row.time_ns, row.version, row.measures) for row in [*first, *second]] == [
        (0, 1, {"playing": 1}),
        (0, 2, {"playing": 1, "paused": 1}),
    ]


def test_a_row_that_has_not_grown_is_not_written_again() -> None:
    shard = Shard().add([contribution()])
    assert len(shard.close(9_999)) == 1
    assert shard.close(19_999) == []


def test_the_oldest_window_that_is_kept_still_grows() -> None:
    shard = Shard().add([contribution(10_000, 10_000)])
    shard.close(19_999)
    shard.close(SETTINGS.keep_ms + 9_999)
    (row,) = shard.add([contribution(10_000, 10_000)]).close(SETTINGS.keep_ms + 19_999)
    assert (row.time_ns, row.version, row.measures) == (10_000_000_000, 2, {"playing": 2})


def test_what_comes_for_a_window_that_is_kept_no_more_counts_in_the_next_open_one() -> None:
    shard = Shard().add([contribution()])
    first = shard.close(9_999)
    shard.close(149_999)
    assert shard.written == {}
    second = shard.add([contribution(paused=1)]).close(159_999)
    assert [(row.time_ns, row.measures) for row in [*first, *second]] == [
        (0, {"playing": 1}),
        (15, {"paused": 1}),
    ]


def test_a_group_that_has_a_row_keeps_it_and_one_that_comes_late_to_a_full_window_is_other() -> None:
    shard = Shard().add([contribution(player=f"p{i}") for i in range(3)])
    shard.close(9_999)
    rows = shard.add([contribution(player="p0"), *(contribution(player="new") for _ in range(5))]).close(
        19_999
    )
    assert {row.dims["player"]: row.measures["playing"] for row in rows} == {"p0": 2, "other": 5}


def test_the_smallest_groups_beyond_the_limit_become_other() -> None:
    items = [contribution(player=f"p{i}") for i in range(5) for _ in range(5 - i)]
    rows = closed(items, FAR)
    assert {row.dims["player"]: row.measures["playing"] for row in rows} == {
        "p0": 5,
        "p1": 4,
        "p2": 3,
        "other": 3,
    }


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
    shard = Shard().add(items)
    rows = [row for step in [*steps, FAR] for row in shard.close(step)]
    assert sorted(rows, key=repr) == sorted(closed(items, FAR), key=repr)
    assert total(rows) == total([Point("qoe", "", 0, {}, dict(item.sums)) for item in items])


@given(contributions, st.randoms())
def test_the_order_of_arrival_changes_no_row(items: list[Contribution], random: object) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert closed(items, FAR) == closed(shuffled, FAR)


def batched(items: list[Contribution]) -> list[Contribution]:
    """As decode groups what comes in one batch."""
    sums: dict[tuple[int, int, tuple[str, ...]], list[Contribution]] = {}
    for item in items:
        sums.setdefault((item.bucket_ms, item.emit_ms, item.group), []).append(item)
    return [
        Contribution("events", *key, dict(sum((Counter(one.sums) for one in some), Counter())), len(some))
        for key, some in sums.items()
    ]


arrivals = st.lists(
    st.builds(
        contribution,
        bucket_ms=st.integers(0, 5).map(lambda n: n * 10_000),
        emit_ms=st.integers(0, 80_000),
        player=st.sampled_from(["a", "b"]),
        playing=st.integers(1, 5),
    ),
    max_size=30,
)
batches = st.lists(st.tuples(st.integers(0, 8), st.integers(0, 110_000)), max_size=8)
"""Each so many arrivals and the watermark after them."""


def attempt(shard: Shard, items: list[Contribution], steps: list[tuple[int, int]], store: Store) -> int:
    """Let arrivals come in batches and write what closes; how many of them came."""
    came, watermark_ms = 0, 0
    for size, step in steps:
        shard.add(batched(items[came : came + size]))
        came = min(len(items), came + size)
        watermark_ms = max(watermark_ms, step)
        store.write(shard.close(watermark_ms))
    return came


@given(arrivals, batches, st.lists(st.tuples(batches, st.randoms(use_true_random=False)), max_size=3))
def test_whatever_was_late_before_a_crash_or_in_the_replay_the_stored_sums_are_exact(
    items: list[Contribution],
    before: list[tuple[int, int]],
    crashes: list[tuple[list[tuple[int, int]], Any]],
) -> None:
    store, checkpoint = Store(), Shard()
    left = items[attempt(checkpoint, items, before, store) :]
    for steps, random in crashes:
        left = random.sample(left, len(left))
        attempt(copy.deepcopy(checkpoint), left, steps, store)
    store.write(checkpoint.add(batched(left)).close(FAR))

    def by_bucket(found: Iterable[tuple[int, str, int]]) -> Counter[tuple[int, str]]:
        sums: Counter[tuple[int, str]] = Counter()
        for bucket_ms, player, count in found:
            sums[bucket_ms, player] += count
        return sums

    assert by_bucket(
        (row.time_ns // 1_000_000, row.dims["player"], int(row.measures["playing"]))
        for row in store.rows.values()
    ) == by_bucket((item.bucket_ms, item.group[0], item.sums["playing"]) for item in items)


@given(st.lists(st.sampled_from(["", "hls.js", "a"]), min_size=1, max_size=4))
def test_every_group_has_a_dimension_because_the_store_takes_no_row_without(values: list[str]) -> None:
    group = group_of(values)
    assert any(group)
    assert group == tuple(values) or not any(values)
