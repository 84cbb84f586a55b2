"""One element of the session stage: stored bytes and beacons in, stored bytes and elements out. Pure.

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
from beacon_job.types.parts import POINTS, SUMS, Element, pack
from beacon_job.types.point import encode_points
from beacon_job.types.sums import Contribution, shard_of
from beacon_job.types.waiting import Waiting, decode_waiting, encode_waiting

_to_json = msgspec.json.Encoder().encode


class Step(msgspec.Struct):
    """What one element led to."""

    sessions: bytes | None
    """The bucket's new bytes; None if nothing changed."""
    waiting: bytes | None
    """The new bytes of what waits; None if nothing changed."""
    elements: list[str]
    shed: int = 0
    evicted: int = 0


def step(
    read_sessions: Callable[[], bytes | None],
    stored_waiting: bytes | None,
    element: Element,
    watermark_ms: int,
    settings: Settings,
    shards: int,
) -> Step:
    """Let the element's beacons arrive (none: a tick), and give out what the watermark makes known.

    `read_sessions` reads the bucket's bytes (None: there are none yet); it is called only if they
    are needed.

    A tick of a bucket goes on to the roll-up's shard of the same number, so that windows close
    without beacons.
    """
    waiting = decode_waiting(stored_waiting)
    elements: list[str] = []
    if element.payload:
        waiting.payloads.append(element.payload)
    elif element.bucket < shards:
        elements.append(pack(SUMS, element.bucket, 0, ""))
    grid_ms = (watermark_ms + 1) // GRID_MS * GRID_MS
    if grid_ms <= waiting.done_ms and not waiting.is_too_much():
        return Step(None, encode_waiting(waiting) if element.payload else None, elements)
    done = encode_waiting(Waiting(max(grid_ms, waiting.done_ms)))
    stored = read_sessions()
    if not waiting.payloads and next_due(stored) > watermark_ms + 1:
        return Step(None, done, elements)
    bucket = decode_bucket(stored)
    batch = [arrival for payload in waiting.payloads for arrival in decode_beacons(payload.encode("latin-1"))]
    outputs = apply(bucket, batch, watermark_ms, settings)
    elements += _elements(outputs, shards)
    sessions = encode_bucket(bucket) if bucket.changed else None
    return Step(sessions, done, elements, outputs.shed, outputs.evicted)


def _elements(outputs: Outputs, shards: int) -> list[str]:
    by_shard: dict[int, list[Contribution]] = {}
    for item in outputs.contributions:
        by_shard.setdefault(shard_of(item.group, shards), []).append(item)
    elements = [pack(SUMS, shard, 0, _to_json(items).decode()) for shard, items in by_shard.items()]
    if outputs.rows:
        points = [session_point(row) for row in outputs.rows]
        elements.append(pack(POINTS, 0, 0, encode_points(points)))
    return elements
