"""Which stores there are: the one place that knows them all. A store's libraries are loaded as it opens."""

from collections.abc import Callable
from typing import Any, NamedTuple

from beacon_job.stores.postgres.settings import PostgresSettings
from beacon_job.stores.store import Store
from beacon_job.stores.timestream.settings import TimestreamSettings
from beacon_job.types.settings import Settings


class Wing(NamedTuple):
    """A store: its settings, and how it is opened with them."""

    settings: type[Settings]
    open: Callable[[Any], Store]


def _timestream(settings: TimestreamSettings) -> Store:
    from beacon_job.stores.timestream.store import TimestreamStore

    return TimestreamStore(settings)


def _postgres(settings: PostgresSettings) -> Store:
    from beacon_job.stores.postgres.store import PostgresStore

    return PostgresStore(settings)


WINGS: dict[str, Wing] = {
    "timestream": Wing(TimestreamSettings, _timestream),
    "postgres": Wing(PostgresSettings, _postgres),
}
"""By the word that the property `store` takes."""

DEFAULT = "timestream"


def open_store(settings: Settings) -> Store:
    """The store that these settings are for, ready to write."""
    [wing] = [wing for wing in WINGS.values() if wing.settings is type(settings)]
    return wing.open(settings)
