"""The Timestream store against the stand-in keeps what every store promises."""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from beacon_job.stores.store import Store
from beacon_job.stores.timestream.settings import TimestreamSettings
from beacon_job.stores.timestream.store import TimestreamStore
from local.timestream.testing import TimestreamServer
from tests.stores.contract import Row, StoreContract, event

DATABASE = "base"


class StandIn:
    """See `contract.Place`."""

    table = "t-events"
    right = "timestream:WriteRecords"
    bad = [  # noqa: RUF012
        event(2_001, time_ns=1),
        event(2_002, measures={"n": "of another type"}),
        event(2_003, measures={"n": float("inf")}),
        event(2_004, dims={"session_id": "s", 'a"b': "x"}),
        event(2_005, version=0),
    ]

    def __init__(self, url: str) -> None:
        self.url = url

    def open(self, retry_budget_ms: int) -> Store:
        return TimestreamStore(
            TimestreamSettings(
                database=DATABASE,
                table_events="t-events",
                table_sessions="t-sessions",
                region="us-east-1",
                endpoint_url=self.url,
                retry_budget_ms=retry_budget_ms,
            )
        )

    def rows(self, table: str) -> list[Row]:
        with urllib.request.urlopen(f"{self.url}/inspect/{DATABASE}/t-{table}") as answer:
            lines = [json.loads(line) for line in answer]
        return [
            Row(line["time"], line["measure_name"], line["dimensions"], line["measures"], line["version"])
            for line in lines
        ]

    def go_away(self) -> None:
        self._spoil(error_500=0.5, throttle=1.0)

    def come_back(self) -> None:
        self._spoil()

    def deny(self) -> None:
        self._spoil(access_denied=True)

    def _spoil(self, **faults: Any) -> None:
        put = urllib.request.Request(f"{self.url}/faults", json.dumps(faults).encode(), method="PUT")
        urllib.request.urlopen(put).close()


class TestTimestreamStore(StoreContract):
    @pytest.fixture
    def place(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        with TimestreamServer(tmp_path) as running:
            client = boto3.client("timestream-write", region_name="us-east-1", endpoint_url=running.url)
            client.create_database(DatabaseName=DATABASE)
            for table in ("t-events", "t-sessions"):
                client.create_table(DatabaseName=DATABASE, TableName=table)
            yield StandIn(running.url)
