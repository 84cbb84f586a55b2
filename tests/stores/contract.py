"""What every store must do: a class to inherit, with a fixture `place` for one kind of database."""

import random
import threading
import time
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

import pytest

from beacon_job.stores.store import Store, StoreDenied, StoreUnavailable
from beacon_job.types.point import Point

NOW_NS = time.time_ns() // 1_000_000_000 * 1_000_000_000
PATIENT_MS, IMPATIENT_MS = 20_000, 300
"""Retry budgets: of a store that waits for the end of a fault, and of one that gives up."""


class Row(NamedTuple):
    """A row as it is stored."""

    time_ns: int
    measure_name: str
    dims: dict[str, str]
    measures: dict[str, Any]
    version: int


class Place(Protocol):
    """A database with the tables `events` and `sessions`, and the means to spoil it."""

    table: str
    """Its own name of `events`."""
    right: str
    """What a refused writer must be told to ask for."""
    bad: list[Point]
    """Points that it cannot store, each for a reason of its own."""

    def open(self, retry_budget_ms: int) -> Store:
        """A store that writes here."""

    def rows(self, table: str) -> list[Row]:
        """All that is stored in `events` or `sessions`."""

    def go_away(self) -> None:
        """From now on nothing can be written."""

    def come_back(self) -> None:
        """From now on it can again; from any thread."""

    def deny(self) -> None:
        """From now on the writer lacks what it needs to write `events`."""


def event(number: int, **changes: Any) -> Point:
    """One of many rows, all different."""
    values: dict[str, Any] = {
        "table": "events",
        "measure_name": "playing",
        "time_ns": NOW_NS + number,
        "dims": {"session_id": f"s{number % 7}", "player": "hls.js", "country": ""},
        "measures": {
            "n": number,
            "rate": number / 7,
            "muted": number % 2 == 0,
            "url": f'"é😀{number}',
        },
    }
    return Point(**{**values, **changes})


def session(version: int) -> Point:
    """One row, in several versions."""
    return Point("sessions", "session", NOW_NS, {"session_id": "s"}, {"play_ms": version * 100}, version)


def numbers(place: Place) -> list[int]:
    """Which events are stored, ascending; one that is there twice shows twice."""
    return sorted(row.measures["n"] for row in place.rows("events"))


def come_back_when_missed(place: Place, store: Store) -> None:
    """End a fault once the store has tried again."""
    while not store.counters.totals["retried"]:
        time.sleep(0.01)
    place.come_back()


class StoreContract:
    """Inherit as `TestSomeStore` and give the fixture `place`."""

    @pytest.fixture
    def store(self, place: Place) -> Iterator[Store]:
        opened = place.open(PATIENT_MS)
        yield opened
        opened.close()

    @pytest.fixture
    def impatient(self, place: Place) -> Iterator[Store]:
        opened = place.open(IMPATIENT_MS)
        yield opened
        opened.close()

    def test_what_is_written_is_stored_as_it_is(self, place: Place, store: Store) -> None:
        point = event(7)
        assert store.write([point]) == []
        said = {name: value for name, value in point.dims.items() if value}
        assert place.rows("events") == [Row(point.time_ns, "playing", said, point.measures, 1)]
        assert store.counters.totals["written"] == 1

    def test_many_rows_of_several_tables_are_stored_once_each(self, place: Place, store: Store) -> None:
        assert store.write([session(1), *map(event, range(1_000))]) == []
        assert numbers(place) == [*range(1_000)]
        assert len(place.rows("sessions")) == 1

    def test_nothing_to_write_is_no_fault(self, place: Place, store: Store) -> None:
        assert store.write([]) == []

    def test_a_row_written_again_is_the_same_row(self, place: Place, store: Store) -> None:
        points = [event(n) for n in range(250)]
        store.write(points)
        before = place.rows("events")
        assert store.write([*points[::-1], *points]) == []
        assert sorted(place.rows("events")) == sorted(before)

    @pytest.mark.parametrize("seed", range(5))
    def test_of_a_rows_versions_the_highest_stays_in_whatever_order_they_come(
        self, place: Place, store: Store, seed: int
    ) -> None:
        versions = [1, 2, 3, 4, 5]
        random.Random(seed).shuffle(versions)
        for version in versions:
            assert store.write([session(version)]) == []
        assert place.rows("sessions") == [Row(NOW_NS, "session", {"session_id": "s"}, {"play_ms": 500}, 5)]

    def test_of_several_versions_in_one_batch_the_highest_stays(self, place: Place, store: Store) -> None:
        assert store.write([session(2), session(9), session(4), event(0)]) == []
        assert [row.measures for row in place.rows("sessions")] == [{"play_ms": 900}]

    def test_a_lower_version_changes_nothing(self, place: Place, store: Store) -> None:
        store.write([session(3)])
        assert store.write([session(2)]) == []
        assert [row.version for row in place.rows("sessions")] == [3]

    def test_a_bad_row_comes_back_with_its_reason_and_costs_none_of_its_99_neighbours(
        self, place: Place, store: Store
    ) -> None:
        store.write([event(1_000)])
        for place_in_batch, bad in enumerate(place.bad, start=40):
            points = [event(n) for n in range(99)]
            points.insert(place_in_batch, bad)
            [refused] = store.write(points)
            assert refused.index == place_in_batch
            assert refused.kind
            assert refused.reason
            assert numbers(place) == [*range(99), 1_000]
        totals = store.counters.totals
        assert sum(totals[name] for name in totals if name.startswith("refused.")) == len(place.bad)

    @pytest.mark.parametrize(
        "value",
        [
            "nul \x00",
            "\ud800",
            "x" * 10_000,
            "",
            "\u2028",
            float("nan"),
            float("-inf"),
            -0.0,
            2**63,
            -(2**63),
        ],
        ids=ascii,
    )
    def test_a_value_of_any_kind_is_stored_as_it_is_or_refused_with_a_reason(
        self, place: Place, store: Store, value: str | float
    ) -> None:
        refused = store.write([event(0, measures={"n": 0, "odd": value}), event(1)])
        stored = {row.measures["n"]: row.measures for row in place.rows("events")}
        assert 1 in stored
        if 0 in stored:
            assert (refused, stored[0]["odd"]) == ([], value)
        else:
            assert [item.index for item in refused] == [0]
            assert refused[0].reason

    def test_a_store_that_comes_back_in_time_has_everything(self, place: Place, store: Store) -> None:
        store.write([event(0)])
        place.go_away()
        returning = threading.Thread(target=come_back_when_missed, args=(place, store))
        returning.start()
        assert store.write([event(n) for n in range(300)]) == []
        returning.join()
        assert numbers(place) == [*range(300)]

    def test_a_store_that_stays_away_holds_back_as_long_as_the_budget_and_then_stops_the_job(
        self, place: Place, impatient: Store
    ) -> None:
        place.go_away()
        begun_s = time.monotonic()
        with pytest.raises(StoreUnavailable, match=rf"tries in \d\.\d s: .*\b{place.table}\b"):
            impatient.write([event(n) for n in range(300)])
        assert time.monotonic() - begun_s >= 0.9 * IMPATIENT_MS / 1_000

    def test_after_a_stop_the_replay_leaves_every_row_once(self, place: Place, impatient: Store) -> None:
        impatient.write([event(n) for n in range(150)])
        place.go_away()
        with pytest.raises(StoreUnavailable):
            impatient.write([event(n) for n in range(100, 300)])
        place.come_back()
        replaying = place.open(PATIENT_MS)
        assert replaying.write([event(n) for n in range(300)]) == []
        replaying.close()
        assert numbers(place) == [*range(300)]

    def test_a_writer_without_the_right_is_stopped_at_once_and_told_what_it_needs(
        self, place: Place, store: Store
    ) -> None:
        place.deny()
        begun_s = time.monotonic()
        with pytest.raises(StoreDenied) as stopped:
            store.write([event(n) for n in range(300)])
        assert time.monotonic() - begun_s < PATIENT_MS / 4_000
        assert place.table in str(stopped.value)
        assert place.right in str(stopped.value)
