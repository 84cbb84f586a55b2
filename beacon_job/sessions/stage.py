"""The session stage, one item at a time: stored bytes and beacons in, stored bytes and parts out. Pure.

Sessions are evaluated only on a grid of event time (`evaluate.GRID_MS`). Until the watermark passes the next
line of it, beacons just wait, as they came; only then is the bucket of sessions read, advanced and written
again. That changes no result, and writes the large state once in ten seconds instead of with every bundle.
"""

from collections.abc import Callable

import msgspec

from beacon_job.sessions.bucket import apply, decode_bucket, encode_bucket, next_due
from beacon_job.sessions.evaluate import GRID_MS
from beacon_job.sessions.facts import decode_beacons
from beacon_job.sessions.results.outputs import Outputs
from beacon_job.sessions.results.rows import session_point
from beacon_job.sessions.settings import Settings
from beacon_job.types.parts import Parts
from beacon_job.types.point import encode_points
from beacon_job.types.sums import encode_sums
from beacon_job.types.waiting import Waiting


class Effect(msgspec.Struct, frozen=True):
    """What one item led to."""

    parts: Parts
    done_ms: int | None = None
    """All that waited, and the item, is dealt with up to here; None: the item waits too, if it is any."""
    sessions: bytes | None = None
    """The bucket's new bytes; None if nothing changed."""
    shed: int = 0
    evicted: int = 0


def step(
    read_sessions: Callable[[], bytes | None],
    waiting: Waiting,
    bucket_number: int,
    item: bytes,
    watermark_ms: int,
    settings: Settings,
    shards: int,
) -> Effect:
    """Let the item's beacons arrive (no bytes: a tick), and give out what the watermark makes known.

    `read_sessions` reads the bucket's bytes (None: there are none yet); it is called only if they
    are needed.

    A tick of a bucket goes on to the roll-up's shard of the same number, so that windows close
    without beacons.
    """
    ticks = {bucket_number: b""} if not item and bucket_number < shards else {}
    grid_ms = (watermark_ms + 1) // GRID_MS * GRID_MS
    if grid_ms <= waiting.done_ms and not waiting.is_too_much(item):
        return Effect(Parts(sums=ticks))
    done_ms = max(grid_ms, waiting.done_ms)
    items = [*waiting.items, item] if item else waiting.items
    stored = read_sessions()
    if not items and next_due(stored) > watermark_ms + 1:
        return Effect(Parts(sums=ticks), done_ms)
    bucket = decode_bucket(stored)
    batch = [arrival for waited in items for arrival in decode_beacons(waited)]
    outputs = apply(bucket, batch, watermark_ms, settings)
    sessions = encode_bucket(bucket) if bucket.changed else None
    return Effect(_parts(outputs, ticks, shards), done_ms, sessions, outputs.shed, outputs.evicted)


def _parts(outputs: Outputs, ticks: dict[int, bytes], shards: int) -> Parts:
    points = [session_point(row) for row in outputs.rows]
    return Parts(
        points=[encode_points(points)] if points else [],
        sums=ticks | encode_sums(outputs.contributions, shards),
    )
