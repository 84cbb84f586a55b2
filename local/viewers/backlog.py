"""Fills a stream with what was collected long ago, unevenly spread over its shards.

Two hours old: `fill(stream, endpoint, islice(generate(seed, 500, now_ms - 7_200_000), 50_000))`.
"""

import threading
from collections import Counter
from collections.abc import Iterable
from typing import Any
from zlib import crc32

from local.viewers.session import Delivery
from local.viewers.stream import MAX_RECORDS, Stream


def shard_of(partition_key: str, shards: int, share: float) -> int:
    """The shard of a session: `share` of all sessions on shard 0, the others evenly on the rest."""
    place = crc32(partition_key.encode()) / 2**32
    if shards == 1 or place < share:
        return 0
    return 1 + int((place - share) / (1 - share) * (shards - 1))


def hash_key_of(shard: int, shards: int) -> str:
    """An explicit hash key in the middle of shard `shard` of a stream whose `shards` are of equal size."""
    return str(2**128 * (2 * shard + 1) // (2 * shards))


def fill(
    stream: str, endpoint: str, deliveries: Iterable[Delivery], *, shards: int = 4, share: float = 0.85
) -> Counter[int]:
    """Puts the deliveries as they were accepted then (`recv_at` is kept); gives the records put by shard."""
    found: Counter[int] = Counter()

    def as_record(delivery: Delivery) -> dict[str, Any]:
        shard = shard_of(delivery.partition_key, shards, share)
        return {
            "Data": delivery.data,
            "PartitionKey": delivery.partition_key,
            "ExplicitHashKey": hash_key_of(shard, shards),
        }

    sink = Stream(stream, endpoint, "us-east-1", threading.Event(), as_record)
    batch: list[Delivery] = []
    for delivery in deliveries:
        found[shard_of(delivery.partition_key, shards, share)] += 1
        batch.append(delivery)
        if len(batch) == MAX_RECORDS:
            sink.put(batch)
            batch = []
    if batch:
        sink.put(batch)
    return found
