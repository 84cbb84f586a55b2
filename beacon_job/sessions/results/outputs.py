"""What the evaluation of sessions gives out."""

from collections.abc import Iterable

import msgspec

from beacon_job.sessions.results.rows import SessionRow
from beacon_job.types.sums import Contribution


class Outputs(msgspec.Struct):
    """What became known."""

    contributions: list[Contribution] = []
    rows: list[SessionRow] = []
    shed: int = 0
    """Facts dropped because one session had too many waiting."""
    evicted: int = 0
    """Sessions closed early because the bucket was full."""


def last_rows(rows: Iterable[SessionRow]) -> list[SessionRow]:
    """The last word on each view: of several rows of one view the one with the highest version."""
    last: dict[tuple[str, int], SessionRow] = {}
    for row in rows:
        key = (row.session_id, row.view)
        if key not in last or row.version >= last[key].version:
            last[key] = row
    return list(last.values())
