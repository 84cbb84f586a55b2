"""The store that the local stack writes to: a stand-in for Timestream, or a real PostgreSQL."""

from local.stores.postgres import LocalPostgres
from local.stores.store import STORES, LocalStore, Row, Stored
from local.stores.timestream import TimestreamStandIn

__all__ = ["STORES", "LocalPostgres", "LocalStore", "Row", "Stored", "TimestreamStandIn"]
