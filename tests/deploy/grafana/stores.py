"""The two stores with the world in them, asked as Grafana's data sources ask."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import boto3
import psycopg
import pytest

from beacon_job.stores import open_store
from beacon_job.stores.postgres.settings import PostgresSettings
from beacon_job.stores.timestream.settings import TimestreamSettings
from beacon_job.types.point import Point
from deploy.grafana.__main__ import HERE
from deploy.grafana.plugin import Variables, chosen, expand, expand_variable, frames
from local.aws.tables import DATABASE, ensure_tables
from local.postgres.server import READER, WRITER, Server, url
from local.timestream.testing import TimestreamServer

ACCOUNT = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
NAMES = ("quality", "session", "pipeline", "blog")


def dashboard(store: str, name: str) -> dict[str, Any]:
    """The committed file."""
    loaded: dict[str, Any] = json.loads((HERE / store / f"{name}.json").read_text())
    return loaded


def panels(dashboard: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Those that ask something."""
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


@dataclass(frozen=True)
class Table:
    """An answer: its columns and rows, with the type that Grafana gives each column. Times are epoch ms."""

    types: dict[str, str]
    rows: list[dict[str, Any]]


class Asked(Protocol):
    """A store that answers SQL."""

    name: str

    def ask(self, sql: str, format: int) -> Table:
        """The answer to a query that was expanded."""


class Timestream:
    """The stand-in, asked through boto3."""

    name = "timestream"

    def __init__(self, server: TimestreamServer) -> None:
        self._client = boto3.client("timestream-query", endpoint_url=server.url, **ACCOUNT)
        self.scanned_bytes = 0
        """Of the last query."""

    def ask(self, sql: str, format: int) -> Table:
        """See `Asked`."""
        pages = list(self._client.get_paginator("query").paginate(QueryString=sql))
        self.scanned_bytes = pages[-1]["QueryStatus"]["CumulativeBytesScanned"]
        found = frames(pages, format)
        assert not any(frame.notices for frame in found), found
        (frame,) = found
        assert all(not column.labels for column in frame.fields)
        columns = {column.name: column.values for column in frame.fields}
        rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
        return Table({column.name: column.type for column in frame.fields}, rows)


_OIDS = {16: "boolean", 20: "number", 23: "number", 701: "number", 1700: "number", 25: "string", 1184: "time"}


class Postgres:
    """A real PostgreSQL, asked as the role that may read."""

    name = "postgres"

    def __init__(self, server: Server, database: str) -> None:
        self._url = url(server.port, READER, database)

    def ask(self, sql: str, format: int) -> Table:
        """See `Asked`."""
        with psycopg.connect(self._url) as connection:
            cursor = connection.execute(sql)  # type: ignore[call-overload]
            types = {column.name: _OIDS[column.type_code] for column in cursor.description or ()}
            rows = [
                {name: _plain(types[name], value) for name, value in zip(types, row, strict=True)}
                for row in cursor
            ]
        return Table(types, rows)


def _plain(type_: str, value: Any) -> Any:
    if value is None or type_ in ("string", "boolean"):
        return value
    return value.timestamp() * 1_000 if type_ == "time" else float(value)


def write(settings: Any, points: list[Point]) -> None:
    """Store points as the job does."""
    store = open_store(settings)
    try:
        assert store.write(points) == []
    finally:
        store.close()


def timestream_settings(server: TimestreamServer, patch: pytest.MonkeyPatch) -> TimestreamSettings:
    """The stand-in with its tables, and credentials in the environment for whoever writes to it."""
    ensure_tables(server.url)
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        patch.setenv(f"AWS_{name}", "test")
    return TimestreamSettings(database=DATABASE, region="us-east-1", endpoint_url=server.url)


def postgres_settings(server: Server) -> PostgresSettings:
    """Where PostgreSQL is, for the role that writes."""
    return PostgresSettings(host="127.0.0.1", port=server.port, user=WRITER, tls="disable")


class Dashboards:
    """The committed dashboards of one store over one time range."""

    def __init__(self, store: Asked, from_ms: int, to_ms: int) -> None:
        self.store = store
        self.from_ms = from_ms
        self.to_ms = to_ms

    def ask(self, name: str, id: int, variables: Variables | None = None, interval_ms: int = 60_000) -> Table:
        """The answer to a panel's query; of variables those that are not the default."""
        made = dashboard(self.store.name, name)
        (target,) = next(panel for panel in panels(made) if panel["id"] == id)["targets"]
        sql = expand(target, chosen(made, variables or {}), self.from_ms, self.to_ms, interval_ms)
        return self.store.ask(sql, 1 if target["format"] in (1, "time_series") else 0)

    def offered(self, name: str, variable: str) -> list[Any]:
        """The values that a variable's query gives."""
        made = dashboard(self.store.name, name)
        (found,) = [one for one in made["templating"]["list"] if one["name"] == variable]
        table = self.store.ask(expand_variable(found, {}, self.from_ms, self.to_ms), 0)
        return [next(iter(row.values())) for row in table.rows]
