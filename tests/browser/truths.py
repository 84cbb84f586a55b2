"""What is true of the running stack's viewers."""

from pathlib import Path
from typing import Any

from local.screen.proof import NOT_KNOWN, read_rows, read_truths
from local.stores import LocalStore


class Truths:
    """What is true of the viewers who have left and of whom nothing was lost on the way."""

    def __init__(self, home: Path, store: LocalStore) -> None:
        self._file = home / "truth.jsonl"
        self._store = store

    def known(self) -> dict[str, dict[str, Any]]:
        """Session id -> the figures that its player lets be known and Beacon has settled."""
        truths = read_truths(self._file)
        sure = {one["session_id"]: one for one in truths if not one["open"] and not one["lost_inside"]}
        rows = read_rows(self._store)
        return {
            row["session_id"]: {
                name: value
                for name, value in sure[row["session_id"]].items()
                if name not in sure[row["session_id"]]["unobservable"] and row.get(name) not in NOT_KNOWN
            }
            for row in rows
            if row["session_id"] in sure
        }
