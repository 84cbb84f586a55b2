"""What the benchmarks send as Kinesis records: the synthetic viewers' mix, and bodies of real players."""

import base64
import json
import re
import time
from collections.abc import Iterator
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

from beacon_job.decode import KinesisRecord, decode
from beacon_job.types.beacon import Beacon
from local.viewers.generate import generate

CAPTURES = Path(__file__).parent.parent / "tests" / "cases" / "captures"
SEED = 7
BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)


def now_ms() -> int:
    """Epoch ms."""
    return time.time_ns() // 1_000_000


class Record(NamedTuple):
    """One Kinesis record."""

    recv_ms: int
    partition_key: str
    data: bytes
    beacons: int
    """Beacons that can be read from it."""


def viewers(beacons: int, watching: int, end_ms: int) -> list[Record]:
    """The synthetic viewers' real mix, faults and all: so many beacons and no more, the last at `end_ms`.

    `watching` seats fill within the first 10 s; who leaves is replaced.
    """
    count = last_ms = 0
    left = beacons
    for record in arriving(watching, end_ms, fill_s=10):
        count, last_ms, left = count + 1, record.recv_ms, left - record.beacons
        if left <= 0:
            break
    # The story is drawn anew for its real beginning: a clock that is right must be right when it is sent.
    return list(islice(arriving(watching, 2 * end_ms - last_ms, fill_s=10), count))


def arriving(watching: int, start_ms: int, fill_s: float) -> Iterator[Record]:
    """What so many synthetic viewers send from `start_ms` on, for ever, in order of arrival.

    One says about ten beacons when it begins, and three in 8 s then.
    """
    for delivery in generate(SEED, watching, start_ms, arrival_ms=1_000 * fill_s / watching):
        yield Record(delivery.recv_ms, delivery.partition_key, delivery.data, delivery.good_events)


def recordings(beacons: int, end_ms: int) -> list[Record]:
    """CMCD bodies as recorded from real players, a round of them every 30 s under new session ids."""
    posts = _recorded()
    per_round = sum(post.beacons for post in posts)
    rounds = -(-beacons // per_round)
    found = []
    for number in range(rounds):
        shift_ms = end_ms - 30_000 * (rounds - 1 - number)
        found += [post.played(number, shift_ms) for post in posts]
    return found


def crowd(sessions: int, end_ms: int, each: int = 2) -> list[Record]:
    """The first records of so many sessions, all still open at `end_ms`: a thousand, and copies of them."""
    told: dict[str, list[Record]] = {}
    for record in viewers(10_000, 1_000, end_ms):
        of_session = told.setdefault(record.partition_key, [])
        if record.beacons and len(of_session) < each:
            of_session.append(record)
    originals = [record for _, records in list(told.items())[:1_000] for record in records]
    copies = -(-sessions // min(1_000, len(told)))
    return [_copied(record, copy) for copy in range(copies) for record in originals]


def _copied(record: Record, copy: int) -> Record:
    envelope = json.loads(record.data)
    session = f"{record.partition_key[:-6]}{copy:06d}"
    body = base64.b64decode(envelope["body"]).replace(record.partition_key.encode(), session.encode())
    data = json.dumps(envelope | {"body": base64.b64encode(body).decode()}).encode()
    return record._replace(partition_key=session, data=data)


def beacons_in(records: list[Record]) -> int:
    """How many beacons can be read from the records."""
    return sum(record.beacons for record in records)


class _Post(NamedTuple):
    """A recorded request of a session that is moved in time, so that its last request comes at 0."""

    at_ms: int
    path: str
    session: str
    parts: tuple[bytes, ...]
    """The body, cut around its session ids and times: text, id or time, text, …"""
    moved_ms: int
    beacons: int

    def played(self, number: int, shift_ms: int) -> Record:
        session = f"{self.session}-{number:06d}"
        body = b"".join(_rewritten(part, session, shift_ms - self.moved_ms) for part in self.parts)
        envelope = {
            "v": 1,
            "recv_at": shift_ms + self.at_ms,
            "path": self.path,
            "content_type": "application/cmcd",
            "user_agent": BROWSER,
            "ip_prefix": "203.0.113.0/24",
            "country": "DE",
            "body": base64.b64encode(body).decode(),
        }
        return Record(shift_ms + self.at_ms, session, json.dumps(envelope).encode(), self.beacons)


_VARIABLE = re.compile(rb'(\bsid="[^"]*"|\bts=\d{13})')


def _rewritten(part: bytes, session: str, moved_ms: int) -> bytes:
    if part.startswith(b"sid="):
        return f'sid="{session}"'.encode()
    if part.startswith(b"ts="):
        return b"ts=%d" % (int(part[3:]) + moved_ms)
    return part


@cache
def _recorded() -> tuple[_Post, ...]:
    folders = chain(
        *(sorted((CAPTURES / player).iterdir()) for player in ("hlsjs", "dashjs", "shaka", "shakadbg"))
    )
    posts = [post for folder in folders for post in _posts_of(folder)]
    return tuple(sorted(posts, key=lambda post: post.at_ms))


def _posts_of(folder: Path) -> Iterator[_Post]:
    requests = [json.loads(line) for line in (folder / "requests.jsonl").read_text().splitlines()]
    accepted = [r for r in requests if r["method"] == "POST" and 200 <= r["status_sent"] < 300]
    last_ms = max((request["recv_ms"] for request in accepted), default=0)
    for request in accepted:
        body = base64.b64decode(request["body_b64"])
        beacons = _beacons(body, request["recv_ms"])
        if beacons and request["path"].startswith("/cmcd/"):
            path = f"/v1{request['path']}?player={folder.parent.name}&player_version=1&cdn=cdn-a"
            session = f"{folder.parent.name}-{folder.name}"
            parts = tuple(_VARIABLE.split(body))
            yield _Post(request["recv_ms"] - last_ms, path, session, parts, last_ms, beacons)


def _beacons(body: bytes, recv_ms: int) -> int:
    return sum(isinstance(item, Beacon) for item in decode(KinesisRecord(body, recv_ms)))
