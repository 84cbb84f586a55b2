"""Both stores with the same world in them."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from local.postgres.server import Server
from local.timestream.testing import TimestreamServer
from tests.deploy.grafana.stores import (
    ACCOUNT,
    DATABASE,
    Dashboards,
    Postgres,
    Timestream,
    postgres_settings,
    timestream_settings,
    write,
)
from tests.deploy.grafana.world import BEGIN_MS, MINUTE_MS, points

FROM_MS, TO_MS = BEGIN_MS, BEGIN_MS + 30 * MINUTE_MS
TABLES = ("beacon-blog-table", "qoe", "sessions")


@pytest.fixture(scope="session")
def timestream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboards]:
    folder: Path = tmp_path_factory.mktemp("timestream")
    with TimestreamServer(folder, lambda: TO_MS * 1_000_000) as server:
        client = boto3.client("timestream-write", endpoint_url=server.url, **ACCOUNT)
        client.create_database(DatabaseName=DATABASE)
        for table in TABLES:
            client.create_table(DatabaseName=DATABASE, TableName=table)
        with pytest.MonkeyPatch.context() as patch:
            for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
                patch.setenv(f"AWS_{name}", "test")
            write(timestream_settings(server), points(BEGIN_MS))
        yield Dashboards(Timestream(server), FROM_MS, TO_MS)


@pytest.fixture(scope="session")
def in_postgres(postgres: Server) -> Dashboards:
    write(postgres_settings(postgres), points(BEGIN_MS))
    return Dashboards(Postgres(postgres), FROM_MS, TO_MS)


@pytest.fixture(params=["timestream", "in_postgres"])
def dashboards(request: pytest.FixtureRequest) -> Dashboards:
    found: Dashboards = request.getfixturevalue(request.param)
    return found
