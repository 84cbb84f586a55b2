"""What is written is seen by the next query; what is gone is not."""

import threading
import time
from pathlib import Path
from typing import Any

from local.timestream.testing import TimestreamServer
from tests.local.timestream.query.conftest import NOW_NS, client

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


def test_what_is_past_its_retention_is_not_seen(tmp_path: Path) -> None:
    now_ns = [NOW_NS]
    with TimestreamServer(tmp_path, lambda: now_ns[0]) as server:
        write, query = client(server, "timestream-write"), client(server, "timestream-query")
        write.create_database(DatabaseName="video")
        retention = {"MemoryStoreRetentionPeriodInHours": 1, "MagneticStoreRetentionPeriodInDays": 1}
        write.create_table(**TABLE, RetentionProperties=retention)
        write.write_records(**TABLE, Records=[record(1, ago_ms=1_800_000), record(2)])
        count = "SELECT count(*) FROM video.events"
        assert scalars(query.query(QueryString=count)) == [["2"]]
        now_ns[0] += 24 * 3600 * 10**9 + 2_400 * 10**9
        assert scalars(query.query(QueryString=count)) == [["1"]]


def test_new_columns_and_a_table_made_anew_are_seen(query: Any, write: Any) -> None:
    write.write_records(**TABLE, Records=[record(1)])
    everything = "SELECT * FROM video.events"
    assert len(query.query(QueryString=everything)["ColumnInfo"]) == 4
    write.write_records(
        **TABLE, Records=[record(7, MeasureName="n", MeasureValueType="BIGINT", MeasureValue="7")]
    )
    answer = query.query(QueryString=everything + " ORDER BY measure_name")
    assert answer["ColumnInfo"][3]["Name"] == "measure_value::bigint"
    assert [row[3:] for row in scalars(answer)] == [[None, "1.0"], ["7", None]]
    write.delete_table(**TABLE)
    write.create_table(**TABLE)
    assert query.query(QueryString=everything)["Rows"] == []


def test_what_was_written_before_a_restart_is_seen(tmp_path: Path) -> None:
    with TimestreamServer(tmp_path) as server:
        write = client(server, "timestream-write")
        write.create_database(DatabaseName="video")
        write.create_table(
            **TABLE,
            RetentionProperties={
                "MemoryStoreRetentionPeriodInHours": 8766,
                "MagneticStoreRetentionPeriodInDays": 1,
            },
        )
        now_ms = int(time.time() * 1000)
        write.write_records(**TABLE, Records=[record(1, Time=str(now_ms))])
    with TimestreamServer(tmp_path) as server:
        query = client(server, "timestream-query")
        assert scalars(query.query(QueryString="SELECT count(*) FROM video.events")) == [["1"]]


def test_no_query_sees_a_part_of_a_request(query: Any, write: Any, server: TimestreamServer) -> None:
    def write_much() -> None:
        other = client(server, "timestream-write")
        for place in range(30):
            other.write_records(**TABLE, Records=[record(1, ago_ms=place * 100 + n) for n in range(100)])

    writer = threading.Thread(target=write_much)
    writer.start()
    counts = []
    while writer.is_alive() or not counts or counts[-1] < 3000:
        answer = query.query(QueryString="SELECT count(*) FROM video.events")
        counts.append(int(scalars(answer)[0][0] or 0))
    writer.join()
    assert {count % 100 for count in counts} == {0}
    assert counts == sorted(counts)
