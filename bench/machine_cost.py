"""The session machine alone, and the stage around it, in this process."""

import time
from collections.abc import Sequence
from functools import partial

import msgspec

from beacon_job.sessions.bucket import Bucket, apply
from beacon_job.sessions.facts import decode_beacons
from beacon_job.sessions.settings import Settings
from beacon_job.sessions.stage import step
from beacon_job.types.parts import unpack
from bench.crowd import Batch

SHARDS = 4
START = -(2**63)


class Cost(msgspec.Struct, frozen=True):
    """CPU per beacon, and what an open session takes."""

    machine_us: float
    """Beacons that lie decoded in memory, sessions in memory."""
    stage_us: float
    """Text in, the bucket's bytes in and out, text out."""
    sessions: int
    bytes_per_session: float


def cost(batches: Sequence[Batch], warm: int) -> Cost:
    """Both, over the batches behind the first `warm`."""
    settings = Settings()
    beacons = sum(batch.beacons for batch in batches[warm:])
    machine_s, buckets = _machine_s(batches, warm, settings)
    stage_s, stored = _stage_s(batches, warm, settings)
    sessions = sum(len(bucket) for bucket in buckets.values())
    size = sum(len(content) for content in stored.values())
    return Cost(1e6 * machine_s / beacons, 1e6 * stage_s / beacons, sessions, size / sessions)


def _machine_s(batches: Sequence[Batch], warm: int, settings: Settings) -> tuple[float, dict[int, Bucket]]:
    buckets: dict[int, Bucket] = {}
    used_s, watermark_ms = 0.0, START
    for number, batch in enumerate(batches):
        arrivals = [(bucket, decode_beacons(payload)) for bucket, payload in batch.buckets.items()]
        began_s = time.process_time()
        for bucket, members in arrivals:
            apply(buckets.setdefault(bucket, Bucket()), members, watermark_ms, settings)
        if number >= warm:
            used_s += time.process_time() - began_s
        watermark_ms = batch.watermark_ms
    return used_s, buckets


def _stage_s(batches: Sequence[Batch], warm: int, settings: Settings) -> tuple[float, dict[int, bytes]]:
    stored: dict[int, bytes] = {}
    waiting: dict[int, bytes] = {}
    used_s, watermark_ms = 0.0, START
    for number, batch in enumerate(batches):
        elements = batch.elements()[:-1]
        began_s = time.process_time()
        for text in elements:
            element = unpack(text)
            read = partial(stored.get, element.bucket)
            done = step(read, waiting.get(element.bucket), element, watermark_ms, settings, SHARDS)
            if done.sessions is not None:
                stored[element.bucket] = done.sessions
            if done.waiting is not None:
                waiting[element.bucket] = done.waiting
        if number >= warm:
            used_s += time.process_time() - began_s
        watermark_ms = batch.watermark_ms
    return used_s, stored
