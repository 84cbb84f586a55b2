"""Sessions: beacons in, slices and session rows out. Pure; the stream and the offline replay call the same
functions.

How a stage uses it, one bucket of sessions at a time (`session_bucket`):

    bucket = decode_bucket(stored)                       # None: nothing stored yet
    outputs = apply(bucket, decode_beacons(text), watermark_ms, settings)
    outputs = advance(bucket, watermark_ms, settings)    # no beacons: a tick
    stored = encode_bucket(bucket)                       # only needed if `bucket.changed`

What is promised:
- The result is a function of the arrivals (in any batching) and of event time alone. A session is looked at
  only at whole multiples of `GRID_MS` of the arrival clock, when the watermark says that all arrivals before
  it are in; so `advance(T1); advance(T2)` gives what `advance(T2)` gives, and nothing depends on a timer or
  the wall clock.
- Whatever arrives within `Settings.wait_ms` of its neighbours, in any order and any number of times, gives
  the same session rows; what was given out before the last of them came is put right by signed differences.
- Slices carry `emit_ms`, the last ms of the grid step they became known in: later than any watermark
  before.
"""

from collections.abc import Iterable

import msgspec

from beacon_job.sessions.results.rows import Summary
from beacon_job.types import settings
from beacon_job.types.settings import GROUP_DIMENSIONS, GroupDimensions
from beacon_job.types.sums import Contribution

GRID_MS = 10_000
"""Arrival time is looked at in steps of this."""


class Settings(settings.Settings, frozen=True):
    """Constants of the machine, in ms of the arrival clock; the definitions of metrics name the defaults."""

    dimensions: GroupDimensions = msgspec.field(name="group.dimensions", default=GROUP_DIMENSIONS)
    wait_ms: int = 15_000
    """How long a beacon may be overtaken by later ones and still take its place."""
    snapshot_ms: int = 60_000
    """A session that goes on gives out a row this often."""
    lost_ms: int = 120_000
    """Silence after which a viewer is declared gone."""
    paused_ms: int = 3_600_000
    """The same while paused."""
    keep_ms: int = 600_000
    """How long a closed session is kept for a viewer who comes back."""
    max_pending: int = 4_000
    """Facts of one session in one step of the grid; more are shed."""
    max_sessions: int = 20_000
    """Sessions of one bucket; beyond it those that have least to wait for are closed early."""


class Outputs(msgspec.Struct):
    """What became known."""

    contributions: list[Contribution] = []
    summaries: list[Summary] = []
    shed: int = 0
    """Facts dropped because one session had too many waiting."""
    evicted: int = 0
    """Sessions closed early because the bucket was full."""


def grid_after(recv_ms: int) -> int:
    """The first grid time at which an arrival of that time is surely in."""
    return recv_ms // GRID_MS * GRID_MS + GRID_MS


def finished(summaries: Iterable[Summary]) -> list[Summary]:
    """The last word on each view: of several rows of one view the one with the highest version."""
    last: dict[tuple[str, int], Summary] = {}
    for summary in summaries:
        key = (summary.session_id, summary.view)
        if key not in last or summary.version >= last[key].version:
            last[key] = summary
    return list(last.values())
