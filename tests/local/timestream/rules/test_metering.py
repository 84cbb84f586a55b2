"""Write units, held to the worked example of the service's own guide."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from local.timestream.rules import wire
from local.timestream.rules.metering import request_bytes, write_units

# The guide's event: 8 bytes of time, 15 + 4 + 15 + 18 of dimensions, 15 of name, 8 of value: 83.
COMMON = {"region": "us-east-1", "az": "1d", "vpc": "vpc-1a2b3c4d"}
HOST = {"hostname": "host-24Gju"}
NAME = "cpu_utilization"


def pairs(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in values.items()]


def metered(records: list[dict[str, Any]], common: dict[str, Any] | None = None) -> int:
    body = {"DatabaseName": "d", "TableName": "t", "Records": records, "CommonAttributes": common or {}}
    return request_bytes(wire.write_records.decode(json.dumps(body)), list(range(len(records))))


def event() -> dict[str, Any]:
    time = "1602983435238563000"
    return {"Dimensions": pairs(COMMON | HOST), "MeasureName": NAME, "MeasureValue": "35.0", "Time": time}


def test_the_guides_event_has_83_bytes() -> None:
    assert metered([event()]) == 83


def test_twelve_of_the_guides_events_are_one_write_unit_and_thirteen_are_two() -> None:
    assert write_units(metered([event()] * 12)) == 1
    assert write_units(metered([event()] * 13)) == 2


def test_common_attributes_are_counted_once_per_request() -> None:
    common = {"Dimensions": pairs(COMMON), "MeasureName": NAME, "Time": "1602983435238563000"}
    own = {"Dimensions": pairs(HOST), "MeasureValue": "35.0"}
    assert metered([own] * 100, common) == (8 + 15 + 4 + 15 + 15) + 100 * (18 + 8)


def test_every_measure_of_a_multi_measure_record_counts_its_name_and_its_value() -> None:
    values = [
        {"Name": "a", "Type": "DOUBLE", "Value": "1.25"},
        {"Name": "bb", "Type": "BIGINT", "Value": "1"},
        {"Name": "ccc", "Type": "BOOLEAN", "Value": "false"},
        {"Name": "dddd", "Type": "TIMESTAMP", "Value": "1"},
        {"Name": "größe", "Type": "VARCHAR", "Value": "水水"},
    ]
    record = {"MeasureName": "m", "MeasureValueType": "MULTI", "MeasureValues": values}
    assert metered([record]) == 1 + (1 + 8) + (2 + 8) + (3 + 1) + (4 + 8) + (7 + 6)


def test_records_that_were_not_ingested_cost_nothing() -> None:
    body = json.dumps({"Records": [event(), event()], "CommonAttributes": {}})
    request = wire.write_records.decode(body)
    assert request_bytes(request, [1]) == 83
    assert request_bytes(request, []) == 0


@given(st.integers(1, 100), st.text("ab水", min_size=1, max_size=20))
def test_moving_a_shared_dimension_into_the_common_attributes_never_costs_more(
    count: int, value: str
) -> None:
    shared = pairs({"shared": value})
    apart = metered([event() | {"Dimensions": shared}] * count)
    together = metered(
        [{k: v for k, v in event().items() if k != "Dimensions"}] * count, {"Dimensions": shared}
    )
    assert together <= apart
    assert apart - together == (count - 1) * (len("shared") + len(value.encode()))
