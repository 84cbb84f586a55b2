"""What the job asks of a store, whatever store it is, and what a store answers."""

import base64
import json
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

import msgspec

from beacon_job.types.beacon import BadRecord
from beacon_job.types.errors import BeaconError
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


class StoreFailed(BeaconError):
    """The store cannot be written; the job must stop here, so that nothing is passed over."""


class StoreUnavailable(StoreFailed):
    """Tried again until the time allowed was used up. A restart replays what was not written."""


class StoreDenied(StoreFailed):
    """The store will not answer until somebody changes a permission, a name or a credential."""


class Counters:
    """What a store has done since its start; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.totals: Counter[str] = Counter()
        """`written`, `superseded`, `retried`, `throttled`, `bisected` and `refused.<kind>` of every store,
        and what a store counts besides: `repeated`, `requests`, `bytes`, `write_units`."""
        self.last_latency_ms = 0.0
        self.newest_time_ns = 0
        """The newest time of any point given to the store."""

    def add(self, **amounts: int) -> None:
        """Add to the totals of these names."""
        with self._lock:
            self.totals.update(amounts)

    def refuse(self, refused: Iterable[Refused]) -> None:
        """Count refused points by kind."""
        with self._lock:
            self.totals.update(f"refused.{item.kind}" for item in refused)

    def request(self, took_ms: float, sent_bytes: int) -> None:
        """Count one request and how long the answer took."""
        with self._lock:
            self.totals.update(requests=1, bytes=sent_bytes)
            self.last_latency_ms = took_ms

    def seen(self, points: Iterable[Point]) -> None:
        """Note the newest time of a batch of points."""
        self.newest_time_ns = max([self.newest_time_ns, *[point.time_ns for point in points]])

    def data_age_ms(self, now_ms: int) -> int:
        """How old the newest point is; 0 before the first."""
        return now_ms - self.newest_time_ns // 1_000_000 if self.newest_time_ns else 0


class Store(Protocol):
    """Keeps points. A wing of `stores` implements it for one kind of database (docs/sinks.md)."""

    counters: Counters
    """What it has done so far; the job exports it."""

    def write(self, points: Sequence[Point]) -> list[Refused]:
        """Store all points, and return only when each is stored or refused.

        The answer holds what was refused, by index, ascending. Points with equal (table, dimensions, measure
        name, time) are one row: of several versions of it the highest stays, whatever order they come in, and
        writing a point again changes nothing.
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
