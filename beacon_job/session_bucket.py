"""A bucket of sessions, and its bytes. Pure.

A bucket holds the sessions whose ids hash alike, as one byte string; of it only the sessions that are touched are
decoded. Layout: format version (1 byte) · next due time (8 bytes) · msgpack map of session id to (due, bytes).
"""

from collections.abc import Iterable

import msgspec

from beacon_job.session import GRID_MS, Outputs, Settings, new_session, run, take
from beacon_job.session_facts import Batch
from beacon_job.session_state import SessionState

FORMAT = 1
"""Format of the bytes. A reader knows all formats up to its own; `SessionState` grows by fields with defaults."""

NEVER = (1 << 63) - 1

_encode = msgspec.msgpack.Encoder().encode
_decode_index = msgspec.msgpack.Decoder(dict[str, tuple[int, bytes]]).decode
_decode_session = msgspec.msgpack.Decoder(SessionState).decode


class Bucket:
    """Sessions by id: those not touched as (due, bytes), the others decoded."""

    __slots__ = ("changed", "live", "stored")

    def __init__(self) -> None:
        self.stored: dict[str, tuple[int, bytes]] = {}
        self.live: dict[str, SessionState] = {}
        self.changed = False
        """Whether anything differs from what was decoded."""

    def __len__(self) -> int:
        return len(self.stored) + len(self.live)

    def get(self, session_id: str) -> SessionState | None:
        """The session, decoded; None when it is not known."""
        session = self.live.get(session_id)
        if session is None:
            entry = self.stored.pop(session_id, None)
            if entry is not None:
                session = self.live[session_id] = _decode_session(entry[1])
        return session

    def next_due(self) -> int:
        """The earliest grid time at which `advance` has something to do."""
        due = min((entry[0] for entry in self.stored.values()), default=NEVER)
        return min(due, min((session.due for session in self.live.values()), default=NEVER))


def decode_bucket(stored: bytes | None) -> Bucket:
    """The bucket that `encode_bucket` made, of this format or an older one; a new one for None or no bytes."""
    bucket = Bucket()
    if stored:
        if stored[0] != FORMAT:
            message = f"session state has format {stored[0]}; this version reads format {FORMAT}"
            raise ValueError(message)
        bucket.stored = _decode_index(memoryview(stored)[9:])
    return bucket


def encode_bucket(bucket: Bucket) -> bytes:
    """The bytes of the bucket."""
    stored = bucket.stored
    for session_id, session in bucket.live.items():
        stored[session_id] = (session.due, _encode(session))
    bucket.live = {}
    due = min((entry[0] for entry in stored.values()), default=NEVER)
    return bytes((FORMAT,)) + due.to_bytes(8, "big") + _encode(stored)


def next_due(stored: bytes | None) -> int:
    """`Bucket.next_due` of encoded bytes, without decoding them: below it, `advance` would change nothing."""
    return int.from_bytes(stored[1:9], "big") if stored else NEVER


def apply(bucket: Bucket, batch: Batch, watermark_ms: int, settings: Settings) -> Outputs:
    """Let the beacons of a batch arrive, then do what the watermark allows.

    `watermark_ms`: all arrivals up to it are in. Beacons may arrive later than it; one that arrives before it broke
    the promise and counts when it comes.
    """
    outputs = Outputs()
    for group in batch:
        session = bucket.get(group.session_id)
        if session is None:
            session = bucket.live[group.session_id] = new_session(group)
        outputs.shed += take(session, group, settings)
        bucket.changed = True
    _advance(bucket, watermark_ms, settings, outputs)
    _make_room(bucket, settings, outputs)
    return outputs


def advance(bucket: Bucket, watermark_ms: int, settings: Settings) -> Outputs:
    """Do what the watermark allows: give out what became known, declare viewers lost, forget the long gone."""
    outputs = Outputs()
    _advance(bucket, watermark_ms, settings, outputs)
    return outputs


def _advance(bucket: Bucket, watermark_ms: int, settings: Settings, outputs: Outputs) -> None:
    limit = watermark_ms + 1
    due = [session_id for session_id, entry in bucket.stored.items() if entry[0] <= limit]
    due += [session_id for session_id, session in bucket.live.items() if session.due <= limit]
    for session_id in sorted(due):
        session = bucket.get(session_id)
        if session is not None:
            bucket.changed = True
            if not run(session_id, session, watermark_ms, settings, outputs):
                del bucket.live[session_id]


def _make_room(bucket: Bucket, settings: Settings, outputs: Outputs) -> None:
    """Close the longest silent sessions of a bucket that holds too many: a flood of ids must not exhaust memory."""
    excess = len(bucket) - settings.max_sessions
    if excess <= 0:
        return
    for session_id in list(bucket.stored):
        bucket.get(session_id)
    oldest = sorted(bucket.live.items(), key=lambda item: (item[1].last_recv, item[0]))[:excess]
    for session_id, session in oldest:
        last = session.last_recv + max(settings.paused_ms, settings.lost_ms) + settings.keep_ms + 3 * GRID_MS
        run(session_id, session, last, settings, outputs)
        del bucket.live[session_id]
        outputs.evicted += 1


def session_ids(buckets: Iterable[Bucket]) -> list[str]:
    """All session ids of some buckets."""
    return [session_id for bucket in buckets for session_id in (*bucket.stored, *bucket.live)]
