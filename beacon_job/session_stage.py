"""One element of the session stage: stored bytes and beacons in, stored bytes and elements out. Pure."""

import msgspec

from beacon_job.elements import POINTS, SUMS, Element, pack
from beacon_job.point import encode_points
from beacon_job.rollup import Contribution, shard_of
from beacon_job.session import Outputs, Settings
from beacon_job.session_bucket import advance, apply, decode_bucket, encode_bucket, next_due
from beacon_job.session_facts import decode_beacons
from beacon_job.summary import session_point

_to_json = msgspec.json.Encoder().encode


class Step(msgspec.Struct):
    """What one element led to."""

    stored: bytes | None
    """The bucket's new bytes; None if nothing changed."""
    elements: list[str]
    shed: int = 0
    evicted: int = 0


def step(stored: bytes | None, element: Element, watermark_ms: int, settings: Settings, shards: int) -> Step:
    """Let the element's beacons arrive (none: a tick), and give out what the watermark makes known.

    A tick of a bucket goes on to the roll-up's shard of the same number, so that windows close without
    beacons.
    """
    elements = [pack(SUMS, element.bucket, 0, "")] if not element.payload and element.bucket < shards else []
    if not element.payload and next_due(stored) > watermark_ms + 1:
        return Step(None, elements)
    bucket = decode_bucket(stored)
    if element.payload:
        outputs = apply(bucket, decode_beacons(element.payload), watermark_ms, settings)
    else:
        outputs = advance(bucket, watermark_ms, settings)
    elements += _elements(outputs, shards)
    return Step(encode_bucket(bucket) if bucket.changed else None, elements, outputs.shed, outputs.evicted)


def _elements(outputs: Outputs, shards: int) -> list[str]:
    by_shard: dict[int, list[Contribution]] = {}
    for item in outputs.contributions:
        by_shard.setdefault(shard_of(item.group, shards), []).append(item)
    elements = [pack(SUMS, shard, 0, _to_json(items).decode()) for shard, items in by_shard.items()]
    if outputs.summaries:
        points = [session_point(summary) for summary in outputs.summaries]
        elements.append(pack(POINTS, 0, 0, encode_points(points)))
    return elements
