"""PostgreSQL keeps what every store promises, on a real server."""

from tests.stores.contract import StoreContract


class TestPostgres(StoreContract):
    """The fixture `place` is in conftest.py."""
