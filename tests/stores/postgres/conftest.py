"""A database of the test's own, to be written to and looked into."""

from collections.abc import Iterator

import pytest

from beacon_job.stores.postgres.store import PostgresStore
from local.postgres.server import Server
from tests.stores.contract import PATIENT_MS
from tests.stores.postgres.place import Database, Opened


@pytest.fixture
def place(postgres: Server, database: str) -> Iterator[Database]:
    made = Database(postgres, database)
    yield made
    made.close()


@pytest.fixture
def opened(place: Database) -> Iterator[Opened]:
    """Stores that write to the test's database, with other settings where they are given."""
    stores: list[PostgresStore] = []

    def open_store(**settings: object) -> PostgresStore:
        stores.append(PostgresStore(place.settings(**{"retry_budget_ms": PATIENT_MS, **settings})))
        return stores[-1]

    yield open_store
    for store in stores:
        store.close()
