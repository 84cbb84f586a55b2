"""Rows -> a store: what a store promises, and how rows get there whatever store it is."""

from beacon_job.stores.open import DEFAULT, WINGS, open_store
from beacon_job.stores.store import Store, StoreDenied, StoreFailed, StoreUnavailable, dead_letter

__all__ = [
    "DEFAULT",
    "WINGS",
    "Store",
    "StoreDenied",
    "StoreFailed",
    "StoreUnavailable",
    "dead_letter",
    "open_store",
]
