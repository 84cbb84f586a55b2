"""The Timestream store against the stand-in keeps what every store promises."""

import itertools
import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from beacon_job.stores.store import Store
from beacon_job.stores.timestream.settings import TimestreamSettings
from beacon_job.stores.timestream.store import TimestreamStore
from local.timestream.testing import TimestreamServer
from tests.stores.contract import Row, StoreContract, event

DUMMY = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
NUMBERS = itertools.count()


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

    def __init__(self, url: str, database: str) -> None:
        self.url = url
        self.database = database

    def open(self, retry_budget_ms: int) -> Store:
        return TimestreamStore(
            TimestreamSettings(
                database=self.database,
                table_events="t-events",
                table_sessions="t-sessions",
                region="us-east-1",
                endpoint_url=self.url,
                retry_budget_ms=retry_budget_ms,
            )
        )

    def rows(self, table: str) -> list[Row]:
        with urllib.request.urlopen(f"{self.url}/inspect/{self.database}/t-{table}") as answer:
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


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimestreamServer]:
    with TimestreamServer(tmp_path_factory.mktemp("contract")) as running:
        yield running


@pytest.fixture(scope="module")
def client(server: TimestreamServer) -> Any:
    return boto3.client("timestream-write", endpoint_url=server.url, **DUMMY)


class TestTimestreamStore(StoreContract):
    @pytest.fixture
    def place(
        self, server: TimestreamServer, client: Any, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[StandIn]:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        stand_in = StandIn(server.url, f"base{next(NUMBERS)}")
        client.create_database(DatabaseName=stand_in.database)
        for table in ("t-events", "t-sessions"):
            client.create_table(DatabaseName=stand_in.database, TableName=table)
        yield stand_in
        stand_in.come_back()
