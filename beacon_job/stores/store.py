"""What the job asks of a store, whatever store it is, and what a store answers."""

import base64
import json
from collections.abc import Sequence
from typing import Protocol

import msgspec

from beacon_job.stores.counters import Counters
from beacon_job.types.beacon import BadRecord
from beacon_job.types.point import Point

RAW_LIMIT_BYTES = 65_536
"""A dead letter carries at most this much of the point it is about."""


class Refused(msgspec.Struct, frozen=True):
    """A point that will never be stored as it is: sending it again changes nothing."""

    index: int
    """Position in the sequence that was given to `write`."""
    kind: str
    """One of a closed list per store, for counters."""
    reason: str
    """For a person: what was found, what is allowed."""


class StoreFailed(Exception):
    """The store cannot be written; the job must stop here, so that nothing is passed over."""


class StoreUnavailable(StoreFailed):
    """Tried again until the time allowed was used up. A restart replays what was not written."""


class StoreDenied(StoreFailed):
    """The store will not answer until somebody changes a permission, a name or a credential."""


class Store(Protocol):
    """Keeps points. One module per store implements this (docs/sinks.md)."""

    counters: Counters
    """What it has done so far; the job exports it."""

    def write(self, points: Sequence[Point]) -> list[Refused]:
        """Store all points, and return only when each is stored or refused.

        The answer holds what was refused, by index, ascending. Writing a point again is harmless.
        Raises StoreFailed when points are left that are neither stored nor refused.
        """

    def close(self) -> None:
        """Give back connections and threads."""


def dead_letter(point: Point, refused: Refused) -> BadRecord:
    """What goes to the dead letters for a refused point: a pure function of the point and the reason.

    `raw` is the point as JSON. A point may be refused for what encoders refuse too, so this one takes all:
    half surrogate pairs are escaped, infinities and huge numbers written as Python does.
    """
    raw = json.dumps(msgspec.to_builtins(point)).encode()
    return BadRecord(
        reason=refused.kind,
        stage="store",
        recv_at=point.time_ns // 1_000_000,
        raw=base64.b64encode(raw[:RAW_LIMIT_BYTES]).decode(),
        detail=refused.reason,
        raw_bytes=len(raw),
    )
