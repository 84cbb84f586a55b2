"""Many sessions at once: what a thousand synthetic viewers say, said by many times as many. Pure.

A session is told again under other ids, so that what it says stays real and making it stays cheap; beside
the same moment and the same hash, copies have nothing in common.
"""

import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from beacon_job.decode import decode
from beacon_job.sessions.facts import chunks
from beacon_job.types.beacon import Beacon, KinesisRecord
from beacon_job.types.parts import SESSIONS, WATERMARK, pack
from bench.traffic import Record

BUCKETS = 64
BATCH_BEACONS = 10_000
BOUND_MS = 5_000
"""How far the watermark stays behind the newest arrival, as the job is configured."""

_encode = msgspec.json.Encoder().encode


class Said(NamedTuple):
    """What one session said in one body, as text."""

    session_id: str
    recv_ms: int
    chunk: str
    beacons: int


class Batch(NamedTuple):
    """What decode would send for one Arrow batch."""

    buckets: dict[int, str]
    """Bucket of sessions -> the payload of its element."""
    watermark_ms: int
    beacons: int

    def elements(self) -> list[str]:
        """As they travel, the watermark last."""
        found = [pack(SESSIONS, bucket, 0, payload) for bucket, payload in self.buckets.items()]
        return [*found, pack(WATERMARK, 0, self.watermark_ms, "")]


def said_by(records: Sequence[Record]) -> list[Said]:
    """What the sessions of the records say, in order of arrival."""
    found = []
    for record in records:
        beacons = [b for b in decode(KinesisRecord(record.data, record.recv_ms)) if isinstance(b, Beacon)]
        for (session_id, recv_ms, *_), chunk in chunks(beacons).items():
            found.append(Said(session_id, recv_ms, _encode(chunk).decode(), len(chunk.facts)))
    return found


def batches(said: Sequence[Said], copies: int) -> Iterator[Batch]:
    """The same by `copies` times as many sessions, in batches of 10,000 beacons."""
    buckets: dict[int, list[str]] = {}
    newest_ms = beacons = 0
    for one in said:
        newest_ms = max(newest_ms, one.recv_ms)
        for copy in range(copies):
            session_id = f"{one.session_id}-{copy}"
            member = f'["{session_id}",{one.recv_ms},{one.chunk}]'
            buckets.setdefault(zlib.crc32(session_id.encode()) % BUCKETS, []).append(member)
        beacons += one.beacons * copies
        if beacons >= BATCH_BEACONS:
            yield _batch(buckets, newest_ms, beacons)
            buckets, beacons = {}, 0
    if beacons:
        yield _batch(buckets, newest_ms, beacons)


def _batch(buckets: dict[int, list[str]], newest_ms: int, beacons: int) -> Batch:
    payloads = {bucket: f"[{','.join(members)}]" for bucket, members in sorted(buckets.items())}
    return Batch(payloads, newest_ms - BOUND_MS, beacons)
