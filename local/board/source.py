"""A store as a data source of the board."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from deploy.grafana.plugin import Frame

MOST_ROWS = 50_000
"""Of an answer: no panel shows more, and a page with more would not be quick."""


class SourceError(RuntimeError):
    """The store gave no answer; the message says why, in one sentence."""


class Source(Protocol):
    """A store, and the dashboards that are written in its SQL."""

    dashboards: Path
    """The folder of their JSON files."""

    def frames(self, sql: str, target: Mapping[str, Any]) -> Sequence[Frame]:
        """Run one statement, and type its answer as the target of a panel asks for.

        Called in threads, several at a time. Raises SourceError, and PluginError for an answer that Grafana
        would not show.
        """
        ...
