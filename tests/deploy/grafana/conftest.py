"""Both stores with the same world in them: one of another day, and one of this hour for alert rules."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest
from msgspec.structs import replace

from beacon_job.stores.postgres.migrate import migrate
from local.postgres.server import ADMINISTRATOR, SCHEMA, Server, url
from local.timestream.testing import TimestreamServer
from tests.deploy.grafana.stores import (
    Dashboards,
    Postgres,
    Timestream,
    postgres_settings,
    timestream_settings,
    write,
)
from tests.deploy.grafana.world import BEGIN_MS, MINUTE_MS, points

FROM_MS, TO_MS = BEGIN_MS, BEGIN_MS + 30 * MINUTE_MS


@cache
def recent_ms() -> int:
    """When the recent world begins, by the moment at which it is first wanted; it takes seven minutes."""
    return (time.time_ns() // 1_000_000 // MINUTE_MS - 7) * MINUTE_MS


@contextmanager
def _timestream(folder: Path, begin_ms: int, now_ns: Callable[[], int]) -> Iterator[Timestream]:
    with TimestreamServer(folder, now_ns) as server, pytest.MonkeyPatch.context() as patch:
        write(timestream_settings(server, patch), points(begin_ms))
        yield Timestream(server)


@pytest.fixture(scope="session")
def timestream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboards]:
    folder = tmp_path_factory.mktemp("timestream")
    with _timestream(folder, BEGIN_MS, lambda: TO_MS * 1_000_000) as store:
        yield Dashboards(store, FROM_MS, TO_MS)


@pytest.fixture(scope="session")
def recent_timestream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Timestream]:
    with _timestream(tmp_path_factory.mktemp("recent"), recent_ms(), time.time_ns) as store:
        yield store


def _postgres(server: Server, database: str, begin_ms: int) -> Postgres:
    with psycopg.connect(url(server.port, ADMINISTRATOR), autocommit=True) as administrator:
        administrator.execute(f"CREATE DATABASE {database}")
    with psycopg.connect(url(server.port, ADMINISTRATOR, database), autocommit=True) as administrator:
        list(migrate(administrator, SCHEMA))
    write(replace(postgres_settings(server), database=database), points(begin_ms))
    return Postgres(server, database)


@pytest.fixture(scope="session")
def in_postgres(postgres: Server) -> Dashboards:
    return Dashboards(_postgres(postgres, "dashboards", BEGIN_MS), FROM_MS, TO_MS)


@pytest.fixture(scope="session")
def recent_in_postgres(postgres: Server) -> Postgres:
    return _postgres(postgres, "recent", recent_ms())


@pytest.fixture(params=["timestream", "in_postgres"])
def dashboards(request: pytest.FixtureRequest) -> Dashboards:
    found: Dashboards = request.getfixturevalue(request.param)
    return found


@pytest.fixture(params=["recent_timestream", "recent_in_postgres"])
def recent(request: pytest.FixtureRequest) -> Timestream | Postgres:
    found: Timestream | Postgres = request.getfixturevalue(request.param)
    return found
