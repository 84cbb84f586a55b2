"""A dead letter as both faces show it: one entry of the list, and all of it. Pure."""

import msgspec

from local.dead_letters.content import Layer, envelope_in, layers, preview
from local.dead_letters.letter import Letter


class Entry(msgspec.Struct, frozen=True):
    """One letter in the list; texts are empty where nothing is known."""

    sequence_number: str
    """Of the letter."""
    arrived_ms: int
    """When the letter was written, epoch ms."""
    reason: str
    detail: str
    stage: str
    recv_at_ms: int
    """When the record arrived; of a row, its own time."""
    shard: str
    record: str
    """Shard and sequence number of the record in the stream of beacons; a row has none."""
    path: str
    user_agent: str
    kept_bytes: int
    whole_bytes: int
    preview: str


class Whole(msgspec.Struct, frozen=True):
    """A letter with its bytes."""

    entry: Entry
    layers: list[Layer]


def entry_of(letter: Letter) -> Entry:
    """The letter's entry."""
    bad, envelope = letter.bad, envelope_in(letter.raw)
    return Entry(
        sequence_number=letter.sequence_number,
        arrived_ms=letter.arrived_ms,
        reason=bad.reason,
        detail=bad.detail,
        stage=bad.stage,
        recv_at_ms=bad.recv_at,
        shard=bad.shard,
        record=bad.sequence_number,
        path=envelope.path if envelope else "",
        user_agent=envelope.user_agent if envelope else "",
        kept_bytes=len(letter.raw),
        whole_bytes=bad.raw_bytes,
        preview=preview(letter.raw),
    )


def whole_of(letter: Letter) -> Whole:
    """All of the letter."""
    return Whole(entry_of(letter), layers(letter.raw))
