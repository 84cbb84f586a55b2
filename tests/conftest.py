"""For all tests: a property may take as long as it takes, as a busy machine proves nothing; PostgreSQL."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from hypothesis import Phase, settings

from local.postgres.programs import programs
from local.postgres.server import ADMINISTRATOR, DATABASE, Server, url
from local.processes.children import StartError
from local.processes.ports import free_port
from tests.places import ROOT

settings.register_profile("beacon", settings.default, deadline=None)
# For tests/mutants.sh: that a change is noticed is enough, the smallest example of it is not asked for.
settings.register_profile(
    "mutants", settings.default, deadline=None, derandomize=True, phases=(Phase.explicit, Phase.generate)
)
settings.load_profile("beacon")

SLOW = ("bench", "deploy", "jars", "local", "player", "stores/postgres", "docs/test_estimates_page.py")
"""What below tests/ has the marker `slow`."""

_numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow, by its place."""
    places = [ROOT / "tests" / place for place in SLOW]
    for item in items:
        if any(map(item.path.is_relative_to, places)):
            item.add_marker(pytest.mark.slow)


@contextmanager
def shared_folder() -> Iterator[Path]:
    """A folder that others may enter: pytest's are for root alone, and PostgreSQL does not run as root."""
    folder = Path(tempfile.mkdtemp(prefix="beacon-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def skip_without_server() -> None:
    """Skip the test, with the reason, on a machine without PostgreSQL's server."""
    try:
        programs()
    except StartError as missing:
        pytest.skip(str(missing))


@pytest.fixture
def home() -> Iterator[Path]:
    """A work folder for a stack whose store may be PostgreSQL."""
    with shared_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server with Beacon's tables in its database `beacon`."""
    skip_without_server()
    fast = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
    with shared_folder() as folder, Server(folder / "data", free_port(), fast) as server:
        yield server


@pytest.fixture
def database(postgres: Server) -> Iterator[str]:
    """The name of a database of the test's own with Beacon's tables, on `postgres`."""
    name = f"test_{next(_numbers)}"
    with psycopg.connect(url(postgres.port, ADMINISTRATOR, "postgres"), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE {DATABASE}")
        yield name
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
