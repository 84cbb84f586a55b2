"""A database of the test's own, to be written to and looked into."""

from collections.abc import Iterator

import pytest

from local.postgres.server import Server
from tests.stores.postgres.place import Database


@pytest.fixture
def place(postgres: Server, database: str) -> Iterator[Database]:
    made = Database(postgres, database)
    yield made
    made.close()
