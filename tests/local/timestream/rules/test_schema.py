"""A table's columns: they grow by what is written, up to the service's limits."""

import json
from typing import Any

import pytest

from local.timestream.rules import limits, wire
from local.timestream.rules.record import Row, read_rows
from local.timestream.rules.schema import PartitionKey, Schema

BY_SESSION = PartitionKey("DIMENSION", "session_id", required=True)


def row(dimensions: list[str], measures: dict[str, str], measure_name: str = "m") -> Row:
    texts = {"DOUBLE": "1.5", "BIGINT": "1", "VARCHAR": "x"}
    record: dict[str, Any] = {
        "Dimensions": [{"Name": name, "Value": "v"} for name in dimensions],
        "MeasureName": measure_name,
        "MeasureValueType": "MULTI",
        "MeasureValues": [{"Name": n, "Type": kind, "Value": texts[kind]} for n, kind in measures.items()],
        "Time": "1",
    }
    [read] = read_rows(wire.write_records.decode(json.dumps({"Records": [record]})))
    return read


def test_new_columns_are_reported_once() -> None:
    schema = Schema({}, {})
    first = row(["cdn"], {"width_px": "BIGINT"})
    assert schema.add(first) == ({"cdn": "DIMENSION", "width_px": "BIGINT"}, {"m": "MULTI"})
    assert schema.add(first) == ({}, {})


@pytest.mark.parametrize(
    "later",
    [
        row(["cdn"], {"width_px": "DOUBLE"}),
        row(["width_px"], {"other": "DOUBLE"}),
        row(["x"], {"cdn": "VARCHAR"}),
    ],
    ids=["another measure type", "a measure as dimension", "a dimension as measure"],
)
def test_a_column_never_changes_what_it_is(later: Row) -> None:
    schema = Schema({}, {})
    schema.add(row(["cdn"], {"width_px": "BIGINT"}))
    problem = schema.problem(later, PartitionKey())
    assert problem is not None
    assert "does not match its existing type" in problem


def test_a_measure_name_is_multi_or_single_for_good() -> None:
    schema = Schema({}, {"m": "DOUBLE"})
    problem = schema.problem(row(["cdn"], {"width_px": "BIGINT"}), PartitionKey())
    assert problem == "The type MULTI of 'm' does not match its existing type DOUBLE in the table."


def test_a_refused_row_leaves_no_trace_in_the_schema() -> None:
    schema = Schema({"width_px": "BIGINT"}, {})
    assert schema.problem(row(["cdn"], {"width_px": "DOUBLE"}), PartitionKey()) is not None
    assert schema.columns == {"width_px": "BIGINT"}


@pytest.mark.parametrize(
    ("schema", "what"),
    [
        (Schema({f"d{n}": "DIMENSION" for n in range(limits.DIMENSIONS_PER_TABLE)}, {}), "129 dimensions"),
        (Schema({f"m{n}": "DOUBLE" for n in range(limits.MEASURES_PER_TABLE)}, {}), "1025 measures"),
        (Schema({}, {f"n{n}": "MULTI" for n in range(limits.MEASURE_NAMES_PER_TABLE)}), "8193 measure names"),
    ],
    ids=["dimensions", "measures", "measure names"],
)
def test_a_full_table_takes_known_columns_and_refuses_new_ones(schema: Schema, what: str) -> None:
    problem = schema.problem(row(["new_dimension"], {"new_measure": "DOUBLE"}, "new_name"), PartitionKey())
    assert problem is not None
    assert what in problem
    known = row(
        [next((name for name, kind in schema.columns.items() if kind == "DIMENSION"), "cdn")],
        {next((name for name, kind in schema.columns.items() if kind == "DOUBLE"), "width_px"): "DOUBLE"},
        next(iter(schema.measure_names), "m"),
    )
    assert schema.problem(known, PartitionKey()) is None


def test_a_required_partition_key_must_be_there() -> None:
    schema = Schema({}, {})
    assert schema.problem(row(["session_id"], {"x": "DOUBLE"}), BY_SESSION) is None
    assert schema.problem(row(["cdn"], {"x": "DOUBLE"}), BY_SESSION) is not None
