"""The baseline: a store as one writes it with boto3 alone, a default client and 100 records a call."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3

from beacon_job.stores.store import Counters, Refused
from beacon_job.stores.timestream.settings import TimestreamSettings
from beacon_job.types.point import Point

RECORDS_PER_CALL = 100
TYPES = {int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN", str: "VARCHAR"}


class Boto3Store:
    """A Store (see `beacon_job.store.Store`) with as many calls under way as the job's own."""

    def __init__(self, config: TimestreamSettings) -> None:
        self.counters = Counters()
        self._config = config
        self._client = boto3.client(
            "timestream-write", region_name=config.region, endpoint_url=config.endpoint_url
        )
        self._threads = ThreadPoolExecutor(config.connections)

    def write(self, points: Sequence[Point]) -> list[Refused]:
        """Write all; a refusal ends the benchmark."""
        by_table: dict[str, dict[tuple[Any, ...], Point]] = {}
        for point in points:
            key = (point.time_ns, point.measure_name, *point.dims.items())
            by_table.setdefault(point.table, {})[key] = point
        calls = [
            (table, list(rows.values())[start : start + RECORDS_PER_CALL])
            for table, rows in by_table.items()
            for start in range(0, len(rows), RECORDS_PER_CALL)
        ]
        for _ in self._threads.map(self._call, calls):
            pass
        return []

    def close(self) -> None:
        """Give back the threads."""
        self._threads.shutdown()

    def _call(self, call: tuple[str, list[Point]]) -> None:
        table, points = call
        self._client.write_records(
            DatabaseName=self._config.database,
            TableName=self._config.table(table),
            Records=[_record(point) for point in points],
        )
        self.counters.add(written=len(points))


def _record(point: Point) -> dict[str, Any]:
    return {
        "Dimensions": [{"Name": name, "Value": value} for name, value in point.dims.items() if value],
        "MeasureName": point.measure_name,
        "MeasureValueType": "MULTI",
        "MeasureValues": [_measure(name, value) for name, value in point.measures.items()],
        "Time": str(point.time_ns),
        "TimeUnit": "NANOSECONDS",
        "Version": point.version,
    }


def _measure(name: str, value: Any) -> dict[str, str]:
    if name == "client_time":
        return {"Name": name, "Value": str(value * 1_000_000), "Type": "TIMESTAMP"}
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return {"Name": name, "Value": text, "Type": TYPES[type(value)]}


def open_store(config: TimestreamSettings) -> Boto3Store:
    """As the job's own stores are opened."""
    return Boto3Store(config)
