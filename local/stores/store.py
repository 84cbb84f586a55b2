"""What the local stack, its screen and the tests ask of a store, whichever it is."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

STORES = ("timestream", "postgres")
"""Words for STORE, as for the property `store`; the first is the default."""

Row = Mapping[str, Any]
"""A stored row: `time` (ns), `version`, `measure_name`, `dimensions` and `measures`."""


class Stored(NamedTuple):
    """How much is stored, by the store's own names of its tables."""

    rows: Mapping[str, int] = {}
    write_units: Mapping[str, int] = {}
    """Of a store that bills such."""


class LocalStore(Protocol):
    """A store as a process of the local stack."""

    name: str
    """Of its process."""
    title: str
    """In a sentence."""
    url: str
    """Where it answers queries, in the words of its own clients."""

    def check(self) -> None:
        """Raise StartError when it cannot be started here, before anything has been."""

    def start(self) -> None:
        """Start it, with the tables that are missing, and return when it answers; raises StartError."""

    def properties(self, shipped: Mapping[str, str]) -> dict[str, str]:
        """The property group `beacon.store` for it, made of the one that the project ships."""

    def urls(self) -> dict[str, str]:
        """What a person may want to open or paste."""

    def stored(self) -> Stored:
        """How much there is now; nothing while it does not answer."""

    def rows(self, table: str, measure_name: str = "", from_ms: int = 0) -> list[Row]:
        """Rows of `events`, `qoe` or `sessions`, of a time on. Raises OSError when it does not answer."""
