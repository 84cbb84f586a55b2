"""A bucket of sessions, and its bytes. Pure.

A bucket holds the sessions whose ids hash alike, as one byte string. What arrives for a session is put beside
it unread; only when a session is looked at is it decoded. Layout: format (1 byte) · next due time (8 bytes) ·
msgpack.
"""

import msgspec

from beacon_job.sessions.evaluate import Look, new_session
from beacon_job.sessions.facts import Batch, read_chunk
from beacon_job.sessions.settings import GRID_MS, Outputs, Settings, grid_after
from beacon_job.sessions.state import decode_session, encode_session

FORMAT = 1
"""Format of the bytes. `SessionState` grows by fields at the end with defaults, which keeps the format."""

NEVER = (1 << 63) - 1


class Entry(msgspec.Struct, array_like=True):
    """A session as it is stored."""

    due: int
    """Grid time of the next look."""
    done: int = 0
    """Grid time of the last look."""
    state: bytes = b""
    arrived: list[tuple[int, bytes]] = []
    """Chunks not looked at yet, each with its arrival."""


_encode = msgspec.msgpack.Encoder().encode
_decode_entries = msgspec.msgpack.Decoder(dict[str, Entry]).decode


class Bucket:
    """Sessions by id."""

    __slots__ = ("changed", "due", "entries")

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.due = NEVER
        """No session is due before."""
        self.changed = False
        """Whether anything differs from what was decoded."""

    def __len__(self) -> int:
        return len(self.entries)


def decode_bucket(stored: bytes | None) -> Bucket:
    """The bucket that `encode_bucket` made; a new one for None or no bytes. ValueError for another format."""
    bucket = Bucket()
    if stored:
        if stored[0] != FORMAT:
            message = f"session state has format {stored[0]}; this version reads format {FORMAT}"
            raise ValueError(message)
        bucket.due = next_due(stored)
        bucket.entries = _decode_entries(memoryview(stored)[9:])
    return bucket


def encode_bucket(bucket: Bucket) -> bytes:
    """The bytes of the bucket."""
    return bytes((FORMAT,)) + bucket.due.to_bytes(8, "big") + _encode(bucket.entries)


def next_due(stored: bytes | None) -> int:
    """The grid time before which `advance` would change nothing, read off the bytes."""
    return int.from_bytes(stored[1:9], "big") if stored else NEVER


def apply(bucket: Bucket, batch: Batch, watermark_ms: int, settings: Settings) -> Outputs:
    """Let the beacons of a batch arrive, then do what the watermark allows.

    `watermark_ms`: all arrivals up to it are in. A beacon of an arrival before it broke that promise, and
    counts as arrived when it came.
    """
    entries = bucket.entries
    for arrival in batch:
        session_id, recv = arrival.session_id, arrival.recv
        entry = entries.get(session_id)
        if entry is None:
            entry = entries[session_id] = Entry(NEVER)
        entry.arrived.append((recv, bytes(arrival.chunk)))
        due = (recv if recv > entry.done else entry.done) // GRID_MS * GRID_MS + GRID_MS
        if due < entry.due:
            entry.due = due
            if due < bucket.due:
                bucket.due = due
        bucket.changed = True
    outputs = advance(bucket, watermark_ms, settings)
    if len(entries) > settings.max_sessions:
        _make_room(bucket, settings, outputs)
    return outputs


def advance(bucket: Bucket, watermark_ms: int, settings: Settings) -> Outputs:
    """Do what the watermark allows: give out what became known, declare viewers lost, forget the long
    gone."""
    outputs = Outputs()
    limit = watermark_ms + 1
    if bucket.due > limit:
        return outputs
    entries = bucket.entries
    for session_id in sorted(session_id for session_id, entry in entries.items() if entry.due <= limit):
        if not _look(session_id, entries[session_id], limit, settings, outputs):
            del entries[session_id]
    bucket.due = min((entry.due for entry in entries.values()), default=NEVER)
    bucket.changed = True
    return outputs


def _look(session_id: str, entry: Entry, limit: int, settings: Settings, outputs: Outputs) -> bool:
    """Look at a session at every grid time that it is due; False when it is done with."""
    session = decode_session(entry.state) if entry.state else None
    while entry.due <= limit:
        grid_ms = entry.due
        now = [(recv, read_chunk(chunk)) for recv, chunk in entry.arrived if recv < grid_ms]
        if session is None:
            session = new_session()
        if now:
            entry.arrived = [item for item in entry.arrived if item[0] >= grid_ms]
        due = Look(session_id, session, grid_ms, settings, outputs).look(now)
        if due < 0 and not entry.arrived:
            return False
        entry.done = grid_ms
        waiting = grid_after(min(recv for recv, _ in entry.arrived)) if entry.arrived else NEVER
        entry.due = max(min(due, waiting) if due >= 0 else waiting, grid_ms + GRID_MS)
    if session is not None:
        entry.state = encode_session(session)
    return True


def _make_room(bucket: Bucket, settings: Settings, outputs: Outputs) -> None:
    """Close sessions of a bucket that holds too many, those due last (the longest silent or closed) first: a
    flood of made-up ids must not exhaust memory."""
    entries = bucket.entries
    excess = len(entries) - settings.max_sessions
    oldest = sorted(entries, key=lambda session_id: (entries[session_id].done, session_id))[:excess]
    patience = max(settings.paused_ms, settings.lost_ms) + settings.keep_ms
    for session_id in oldest:
        entry = entries.pop(session_id)
        last = max([entry.due, entry.done, *(recv for recv, _ in entry.arrived)])
        _look(session_id, entry, last + patience + 3 * GRID_MS, settings, outputs)
        outputs.evicted += 1
