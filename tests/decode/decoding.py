"""What the tests of decode share: envelopes, and decode's answer split in two."""

import base64
import json

from beacon_job.decode import decode
from beacon_job.types.beacon import BadRecord, Beacon, KinesisRecord
from tests.places import CASES

ARRIVAL_MS = 1_795_456_010_000


def envelope(
    body: str | bytes, *, recv_at: int = ARRIVAL_MS, path: str = "/v1/beacons", **more: object
) -> bytes:
    content = body.encode() if isinstance(body, str) else body
    fields = {"v": 1, "recv_at": recv_at, "path": path, "body": base64.b64encode(content).decode(), **more}
    return json.dumps(fields).encode()


def split(data: bytes, arrival_ms: int = ARRIVAL_MS) -> tuple[list[Beacon], list[BadRecord]]:
    items = decode(KinesisRecord(data, arrival_ms, "shard-1", "42"))
    return [i for i in items if isinstance(i, Beacon)], [i for i in items if isinstance(i, BadRecord)]


def one(data: bytes, arrival_ms: int = ARRIVAL_MS) -> Beacon:
    beacons, bad = split(data, arrival_ms)
    assert not bad, bad
    (beacon,) = beacons
    return beacon


def reason(data: bytes, arrival_ms: int = ARRIVAL_MS) -> str:
    beacons, bad = split(data, arrival_ms)
    assert not beacons, beacons
    (problem,) = bad
    return problem.reason


def cases(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in (CASES / "decode" / name).read_text().splitlines()]
