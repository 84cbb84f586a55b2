"""A bucket of sessions, and its bytes. Pure.

A bucket holds the sessions whose ids hash alike, as one byte string. What arrives for a session is put beside
it unread; only when a session is evaluated is it decoded. How a stage uses it:

    bucket = decode_bucket(stored)                       # None: nothing stored yet
    outputs = apply(bucket, decode_beacons(encoded), watermark_ms, settings)
    outputs = advance(bucket, watermark_ms, settings)    # no beacons: a tick
    stored = encode_bucket(bucket)                       # only needed if `bucket.changed`

What is promised:
- The result is a function of the arrivals (in any batching) and of event time alone: `advance(T1)` and then
  `advance(T2)` give what `advance(T2)` gives.
- Whatever arrives within `Settings.wait_ms` of its neighbours, in any order and any number of times, gives
  the same session rows; what was given out before the last of them came is put right by signed differences.
- Contributions carry `emit_ms`, the last ms of the grid step they became known in: later than any watermark
  before.

Its bytes: format (1), next due time (8), msgpack.
"""

import msgspec

from beacon_job.sessions.evaluate import GRID_MS, Evaluation, grid_after, new_session
from beacon_job.sessions.facts import Arrival, read_body
from beacon_job.sessions.frozen import decode_session, encode_session
from beacon_job.sessions.results.outputs import Outputs
from beacon_job.sessions.settings import Settings

FORMAT = 2
"""Format of the bytes. `SessionState` grows by fields at the end with defaults, which keeps the format."""

NEVER = (1 << 63) - 1


class Entry(msgspec.Struct, array_like=True):
    """A session as it is stored."""

    due_ms: int
    """Grid time of the next evaluation."""
    done_ms: int = 0
    """Grid time of the last."""
    state: bytes = b""
    arrived: list[tuple[int, bytes]] = []
    """Bodies not read yet, each with its arrival."""


_encode = msgspec.msgpack.Encoder().encode
_decode_entries = msgspec.msgpack.Decoder(dict[str, Entry]).decode


class Bucket:
    """Sessions by id."""

    __slots__ = ("changed", "due_ms", "entries")

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.due_ms = NEVER
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
        bucket.due_ms = next_due(stored)
        bucket.entries = _decode_entries(memoryview(stored)[9:])
    return bucket


def encode_bucket(bucket: Bucket) -> bytes:
    """The bytes of the bucket."""
    return bytes((FORMAT,)) + bucket.due_ms.to_bytes(8, "big") + _encode(bucket.entries)


def next_due(stored: bytes | None) -> int:
    """The grid time before which `advance` would change nothing, read off the bytes."""
    return int.from_bytes(stored[1:9], "big") if stored else NEVER


def apply(bucket: Bucket, batch: list[Arrival], watermark_ms: int, settings: Settings) -> Outputs:
    """Let the beacons of a batch arrive, then do what the watermark allows.

    `watermark_ms`: all arrivals up to it are in. A beacon of an arrival before it broke that promise, and
    counts as arrived when it came.
    """
    entries = bucket.entries
    for arrival in batch:
        session_id, recv_ms = arrival.session_id, arrival.recv_ms
        entry = entries.get(session_id)
        if entry is None:
            entry = entries[session_id] = Entry(NEVER)
        entry.arrived.append((recv_ms, arrival.body))
        due_ms = grid_after(recv_ms if recv_ms > entry.done_ms else entry.done_ms)
        if due_ms < entry.due_ms:
            entry.due_ms = due_ms
            if due_ms < bucket.due_ms:
                bucket.due_ms = due_ms
        bucket.changed = True
    outputs = advance(bucket, watermark_ms, settings)
    if len(entries) > settings.max_sessions:
        _make_room(bucket, settings, outputs)
    return outputs


def advance(bucket: Bucket, watermark_ms: int, settings: Settings) -> Outputs:
    """Do what the watermark allows: give out what became known, declare viewers lost, forget the
    long gone."""
    outputs = Outputs()
    limit = watermark_ms + 1
    if bucket.due_ms > limit:
        return outputs
    entries = bucket.entries
    for session_id in sorted(session_id for session_id, entry in entries.items() if entry.due_ms <= limit):
        if not _evaluate(session_id, entries[session_id], limit, settings, outputs):
            del entries[session_id]
    bucket.due_ms = min((entry.due_ms for entry in entries.values()), default=NEVER)
    bucket.changed = True
    return outputs


def _evaluate(session_id: str, entry: Entry, limit: int, settings: Settings, outputs: Outputs) -> bool:
    """Evaluate a session at every grid time that it is due; False when it is done with."""
    session = decode_session(entry.state) if entry.state else None
    while entry.due_ms <= limit:
        grid_ms = entry.due_ms
        now = [(recv_ms, read_body(body)) for recv_ms, body in entry.arrived if recv_ms < grid_ms]
        if session is None:
            session = new_session()
        if now:
            entry.arrived = [item for item in entry.arrived if item[0] >= grid_ms]
        due_ms = Evaluation(session_id, session, grid_ms, settings, outputs).run(now)
        if due_ms < 0 and not entry.arrived:
            return False
        entry.done_ms = grid_ms
        waiting = grid_after(min(recv_ms for recv_ms, _ in entry.arrived)) if entry.arrived else NEVER
        entry.due_ms = max(min(due_ms, waiting) if due_ms >= 0 else waiting, grid_ms + GRID_MS)
    if session is not None:
        entry.state = encode_session(session)
    return True


def _make_room(bucket: Bucket, settings: Settings, outputs: Outputs) -> None:
    """Close sessions of a bucket that holds too many, those due last (the longest silent or closed) first: a
    flood of made-up ids must not exhaust memory."""
    entries = bucket.entries
    excess = len(entries) - settings.max_sessions
    oldest = sorted(entries, key=lambda session_id: (entries[session_id].done_ms, session_id))[:excess]
    patience_ms = max(settings.paused_ms, settings.lost_ms) + settings.keep_ms
    for session_id in oldest:
        entry = entries.pop(session_id)
        last_ms = max([entry.due_ms, entry.done_ms, *(recv_ms for recv_ms, _ in entry.arrived)])
        _evaluate(session_id, entry, last_ms + patience_ms + 3 * GRID_MS, settings, outputs)
        outputs.evicted += 1
