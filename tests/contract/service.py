"""A Timestream to hold the contract against, and two ways to see what it stored."""

import json
import os
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3

REAL = os.environ.get("BEACON_CONTRACT_REAL") == "1"


@dataclass
class Service:
    """A Timestream to write to, and a way to see what it stored."""

    client: Any
    database: str
    read: Callable[["Service", str, str], list[dict[str, Any]]]
    tables: set[str] = field(default_factory=set)

    def table(self, name: str, **properties: Any) -> str:
        """A table of this name; made on first use."""
        if name not in self.tables:
            pause()
            self.client.create_table(DatabaseName=self.database, TableName=name, **properties)
            self.tables.add(name)
        return name

    def write(
        self, table: str, *records: dict[str, Any], common: dict[str, Any] | None = None
    ) -> dict[str, int]:
        """The answer's RecordsIngested."""
        names = {"DatabaseName": self.database, "TableName": table}
        answer = self.client.write_records(**names, CommonAttributes=common or {}, Records=list(records))
        ingested: dict[str, int] = answer["RecordsIngested"]
        return ingested

    def stored(self, table: str, session_id: str) -> list[dict[str, Any]]:
        """The records of one session: {"measure_name": ..., column: value}, in the order of time."""
        return self.read(self, table, session_id)


def pause() -> None:
    """The service allows one create, update or delete a second."""
    if REAL:
        time.sleep(1.1)


def read_from_stand_in(service: Service, table: str, session_id: str) -> list[dict[str, Any]]:
    url = f"{service.client.meta.endpoint_url}/inspect/{service.database}/{table}?session_id={session_id}"
    with urllib.request.urlopen(url) as answer:
        lines = [json.loads(line) for line in answer]
    return [
        {"measure_name": line["measure_name"], **line["dimensions"], **line["measures"]} for line in lines
    ]


def read_by_query(service: Service, table: str, session_id: str) -> list[dict[str, Any]]:
    """Reads are eventually consistent: wait a little for what was written."""
    query = boto3.client("timestream-query")
    source = f'"{service.database}"."{table}"'
    sql = f"SELECT * FROM {source} WHERE session_id = '{session_id}' ORDER BY time"  # noqa: S608 (own names)
    for _ in range(10):
        time.sleep(2)
        answer = query.query(QueryString=sql)
        if answer["Rows"]:
            break
    columns = [(column["Name"], column["Type"]["ScalarType"]) for column in answer["ColumnInfo"]]
    return [_row(columns, row["Data"]) for row in answer["Rows"]]


def _row(columns: list[tuple[str, str]], data: list[dict[str, Any]]) -> dict[str, Any]:
    readers: dict[str, Callable[[str], Any]] = {
        "DOUBLE": float,
        "BIGINT": int,
        "BOOLEAN": lambda text: text == "true",
    }
    cells = zip(columns, data, strict=True)
    present = [(name, kind, cell["ScalarValue"]) for (name, kind), cell in cells if "ScalarValue" in cell]
    return {name: readers.get(kind, str)(text) for name, kind, text in present if name != "time"}
