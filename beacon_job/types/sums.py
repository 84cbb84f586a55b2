"""What is added up per 10 s of viewer time and viewer group, on its way to the roll-up."""

import zlib
from collections.abc import Iterable

import msgspec

WINDOW_MS = 10_000
UNKNOWN = "unknown"


class Contribution(msgspec.Struct, frozen=True, array_like=True):
    """Something to be added to the sums of one bucket and viewer group."""

    measure_name: str
    bucket_ms: int
    emit_ms: int
    group: tuple[str, ...]
    """Values of the configured group dimensions, in their order."""
    sums: dict[str, int]
    count: int = 1
    """How many things it stands for. Must not depend on how things were batched: versions are made of it."""


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Contribution]).decode


def encode_sums(contributions: Iterable[Contribution], shards: int) -> dict[int, bytes]:
    """Shard of the roll-up -> its contributions, as they travel."""
    by_shard: dict[int, list[Contribution]] = {}
    for item in contributions:
        by_shard.setdefault(shard_of(item.group, shards), []).append(item)
    return {shard: _encode(items) for shard, items in by_shard.items()}


def decode_sums(encoded: bytes) -> list[Contribution]:
    """The contributions of one shard; no bytes are a tick without any."""
    return _decode(encoded) if encoded else []


def group_of(values: Iterable[str]) -> tuple[str, ...]:
    """The viewer group with these values of its dimensions, at least one dimension.

    A row needs one that is not empty: a group of which nothing is known is `unknown` in its first.
    """
    group = tuple(values)
    return group if any(group) else (UNKNOWN, *group[1:])


def shard_of(group: tuple[str, ...], shards: int) -> int:
    """The shard of the roll-up that a viewer group belongs to; stable across processes and versions."""
    return zlib.crc32("\x1f".join(group).encode()) % shards
