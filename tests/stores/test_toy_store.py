"""The toy store keeps what every store promises, so whoever copies it begins with something that works."""

import inspect
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from beacon_job.stores.store import Store
from tests.stores.contract import Row, StoreContract, event
from tests.stores.toy_store import CREATE, TABLES, ToyStore


class SqliteFile:
    """See `contract.Place`."""

    table = "events"
    right = "INSERT and UPDATE"
    bad = [  # noqa: RUF012
        event(2_001, measures={"n": float("nan")}),
        event(2_002, time_ns=2**63),
        event(2_003, dims={"session_id": "s"}, measure_name="\ud800"),
    ]

    def __init__(self, path: Path) -> None:
        self.path = str(path)
        self._other = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        for table in TABLES:
            self._other.execute(CREATE.format(table=table))

    def open(self, retry_budget_ms: int) -> Store:
        return ToyStore(self.path, retry_budget_ms)

    def rows(self, table: str) -> list[Row]:
        found = self._other.execute(f"SELECT time_ns, measure_name, dims, measures, version FROM {table}")  # noqa: S608
        return [
            Row(time_ns, measure_name, json.loads(dims), json.loads(measures), version)
            for time_ns, measure_name, dims, measures, version in found
        ]

    def go_away(self) -> None:
        self._other.execute("BEGIN EXCLUSIVE")

    def come_back(self) -> None:
        self._other.execute("ROLLBACK")

    def deny(self) -> None:
        self._other.execute("DROP TABLE events")

    def close(self) -> None:
        self._other.close()


class TestToyStore(StoreContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> Iterator[SqliteFile]:
        file = SqliteFile(tmp_path / "rows.sqlite")
        yield file
        file.close()


def test_the_toy_store_is_short_enough_to_be_copied() -> None:
    assert len(inspect.getsource(ToyStore).splitlines()) < 50
