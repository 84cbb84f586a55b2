"""Queries with the answers they must get, and queries that must be refused: tests/cases/timestream_queries.

A value is written as its text, null, {"array": [...]}, {"row": [...]} or {"series": [[time, value], ...]};
a column as its name and type.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.timestream.testing import TimestreamServer
from tests.local.timestream.query.conftest import NOW_NS, client
from tests.local.timestream.query.known import write_all
from tests.places import CASES

QUERIES = [
    pytest.param(case, id=f"{path.stem}-{place}")
    for path in sorted((CASES / "timestream_queries").glob("*.json"))
    for place, case in enumerate(json.loads(path.read_text()), start=1)
]


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A client of a server with the data of known.py."""
    with TimestreamServer(Path(tmp_path_factory.mktemp("known")), lambda: NOW_NS) as server:
        write = client(server, "timestream-write")
        write.create_database(DatabaseName="video")
        write.create_table(DatabaseName="video", TableName="events")
        write_all(write)
        yield client(server, "timestream-query")


def value(datum: dict[str, Any]) -> Any:
    if datum.get("NullValue"):
        return None
    if "ArrayValue" in datum:
        return {"array": [value(item) for item in datum["ArrayValue"]]}
    if "RowValue" in datum:
        return {"row": [value(item) for item in datum["RowValue"]["Data"]]}
    if "TimeSeriesValue" in datum:
        return {"series": [[point["Time"], value(point["Value"])] for point in datum["TimeSeriesValue"]]}
    return datum["ScalarValue"]


def kind(of: dict[str, Any]) -> str:
    if "ArrayColumnInfo" in of:
        return f"ARRAY<{kind(of['ArrayColumnInfo']['Type'])}>"
    if "TimeSeriesMeasureValueColumnInfo" in of:
        return f"SERIES<{kind(of['TimeSeriesMeasureValueColumnInfo']['Type'])}>"
    if "RowColumnInfo" in of:
        fields = [f"{field.get('Name', '')} {kind(field['Type'])}".strip() for field in of["RowColumnInfo"]]
        return f"ROW<{', '.join(fields)}>"
    scalar: str = of["ScalarType"]
    return scalar


def test_there_are_enough_cases() -> None:
    assert len(QUERIES) >= 150


@pytest.mark.parametrize("case", QUERIES)
def test_a_query_gets_the_columns_and_rows_it_must_get(known: Any, case: dict[str, Any]) -> None:
    if "error" in case:
        with pytest.raises(ClientError) as refused:
            known.query(QueryString=case["query"])
        error = refused.value.response["Error"]
        assert (error["Code"], error["Message"]) == (case["error"], case["message"])
        return
    answer = known.query(QueryString=case["query"])
    columns = [f"{column['Name']} {kind(column['Type'])}" for column in answer["ColumnInfo"]]
    assert columns == case["columns"]
    assert [[value(datum) for datum in row["Data"]] for row in answer["Rows"]] == case["rows"]


@pytest.mark.parametrize("case", [case for case in QUERIES if "columns" in case.values[0]])
def test_a_prepared_query_has_the_types_it_will_answer_with(known: Any, case: dict[str, Any]) -> None:
    prepared = known.prepare_query(QueryString=case["query"])
    columns = [f"{column['Name']} {kind(column['Type'])}" for column in prepared["Columns"]]
    # Which of two kinds of interval it is, only its values tell.
    assert columns == [column.replace("YEAR_TO_MONTH", "DAY_TO_SECOND") for column in case["columns"]]
