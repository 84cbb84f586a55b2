"""What changed in the tables that somebody mirrors, commit by commit.

Nothing is kept for a table that nobody watches. A change is seen once it is committed, and never before; a
request's changes lie in one commit, so whoever takes what is committed takes whole requests.
"""

from typing import NamedTuple

_MOST_WAITING = 400_000
"""Changes kept for a table that is not asked about; beyond that it has to be read anew."""


class Put(NamedTuple):
    """A record was stored, or replaced an older version of itself."""

    time_ns: int
    series_id: int
    dimensions: str
    measure_name: str
    measures: str
    replaces: bool


class DeleteBefore(NamedTuple):
    """All records before this time were deleted."""

    end_ns: int


Change = Put | DeleteBefore


class Journal:
    """Changes by table id. Lives in the thread that writes."""

    def __init__(self) -> None:
        self._open: list[tuple[int, Change]] = []
        self._watched: dict[int, list[Change]] = {}

    def watch(self, table_id: int) -> None:
        """From the next commit on, keep this table's changes."""
        self._watched[table_id] = []

    def watches(self, table_id: int) -> bool:
        """Whether this table's changes are all here since `watch`; False once there were too many."""
        return table_id in self._watched

    def forget(self, table_id: int) -> None:
        """The table is gone, emptied, or no longer of interest: whoever mirrors it has to begin anew."""
        self._watched.pop(table_id, None)

    def forget_all(self) -> None:
        """Whoever mirrors anything has to begin anew."""
        self._watched.clear()

    def take(self, table_id: int) -> list[Change]:
        """What was committed since it was last taken, in order."""
        changes = self._watched[table_id]
        self._watched[table_id] = []
        return changes

    def add(self, table_id: int, change: Change) -> None:
        """A change that is not committed yet."""
        # A table may be watched between a change and its commit, so every change is kept until then.
        self._open.append((table_id, change))

    def commit(self) -> None:
        """What was added is durable."""
        for table_id, change in self._open:
            waiting = self._watched.get(table_id)
            if waiting is not None:
                waiting.append(change)
                if len(waiting) > _MOST_WAITING:
                    self.forget(table_id)
        self._open.clear()

    def rollback(self) -> None:
        """What was added never happened."""
        self._open.clear()
