"""What is written is seen by the next query; what is gone is not."""

from typing import Any

from tests.local.timestream.query.conftest import NOW_NS

TABLE = {"DatabaseName": "video", "TableName": "events"}
NOW_MS = NOW_NS // 10**6


def record(value: float, ago_ms: int = 0, **members: Any) -> dict[str, Any]:
    return {
        "Dimensions": [{"Name": "cdn", "Value": "east"}],
        "MeasureName": "load",
        "MeasureValue": str(value),
        "MeasureValueType": "DOUBLE",
        "Time": str(NOW_MS - ago_ms),
        **members,
    }


def scalars(answer: dict[str, Any]) -> list[list[str | None]]:
    return [[datum.get("ScalarValue") for datum in row["Data"]] for row in answer["Rows"]]


def test_a_written_record_is_seen_by_the_next_query_with_its_types(query: Any, write: Any) -> None:
    write.write_records(**TABLE, Records=[record(1.5)])
    answer = query.query(QueryString='SELECT * FROM "video"."events"')
    assert [(column["Name"], column["Type"]["ScalarType"]) for column in answer["ColumnInfo"]] == [
        ("cdn", "VARCHAR"),
        ("measure_name", "VARCHAR"),
        ("time", "TIMESTAMP"),
        ("measure_value::double", "DOUBLE"),
    ]
    assert scalars(answer) == [["east", "load", "2026-11-30 00:53:20.000000000", "1.5"]]


def test_every_request_is_seen_by_the_query_after_it(query: Any, write: Any) -> None:
    for count in range(1, 6):
        write.write_records(**TABLE, Records=[record(count, ago_ms=count)])
        answer = query.query(QueryString="SELECT count(*), max(measure_value::double) FROM video.events")
        assert scalars(answer) == [[str(count), f"{count}.0"]]


def test_a_higher_version_replaces_the_values(query: Any, write: Any) -> None:
    count = "SELECT count(*), max(measure_value::double) FROM video.events"
    write.write_records(**TABLE, Records=[record(1)])
    assert scalars(query.query(QueryString=count)) == [["1", "1.0"]]
    write.write_records(**TABLE, Records=[record(2, Version=2)])
    write.write_records(**TABLE, Records=[record(3, Version=3)])
    assert scalars(query.query(QueryString=count)) == [["1", "3.0"]]
