"""Putting records into the stack's stream and reading back what became of them."""

import base64
import json
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from local.aws import kinesis
from local.stack.stack import DEAD_LETTERS, STREAM, Stack
from local.stores import Row
from tests.places import CAPTURES

EVENTS, QOE = "events", "qoe"
WINDOW_MS = 10_000


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def envelope(body: bytes, recv_at: int, path: str = "/v1/beacons", **more: str) -> bytes:
    """As the front door makes it."""
    fields = {"v": 1, "recv_at": recv_at, "path": path, "body": base64.b64encode(body).decode(), **more}
    return json.dumps(fields).encode()


def accepted_posts(capture: str) -> Iterator[dict[str, Any]]:
    """The recorded requests that the collector accepted, in order of arrival."""
    for line in (CAPTURES / capture / "requests.jsonl").read_text().splitlines():
        request = json.loads(line)
        if request["method"] == "POST" and 200 <= request["status_sent"] < 300:
            yield request


def put(stack: Stack, records: Iterable[tuple[str, bytes]], hash_keys: dict[str, str] | None = None) -> int:
    """Put (partition key, data) into the beacon stream; how many. `hash_keys` sends a key to a chosen
    shard."""
    client = kinesis.client(stack.settings.kinesis_url)
    batch: list[dict[str, Any]] = []
    count = 0
    for key, data in records:
        entry: dict[str, Any] = {"PartitionKey": key, "Data": data}
        if hash_keys:
            entry["ExplicitHashKey"] = hash_keys[key]
        batch.append(entry)
        count += 1
        if len(batch) == 500 or sum(len(item["Data"]) for item in batch) > 3_000_000:
            _put(client, batch)
            batch = []
    _put(client, batch)
    return count


def _put(client: Any, batch: list[dict[str, Any]]) -> None:
    if batch:
        assert client.put_records(StreamName=STREAM, Records=batch)["FailedRecordCount"] == 0


def stored(stack: Stack, table: str, **filters: str) -> list[Row]:
    """Rows of a table whose dimensions have these values."""
    return [
        row
        for row in stack.store.rows(table)
        if all(row["dimensions"].get(name) == value for name, value in filters.items())
    ]


def dead_letters(stack: Stack) -> list[dict[str, Any]]:
    """Every dead letter so far."""
    client = kinesis.client(stack.settings.kinesis_url)
    letters: list[dict[str, Any]] = []
    for shard in client.list_shards(StreamName=DEAD_LETTERS)["Shards"]:
        iterator = client.get_shard_iterator(
            StreamName=DEAD_LETTERS, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while True:
            found = client.get_records(ShardIterator=iterator, Limit=10_000)
            letters.extend(json.loads(record["Data"]) for record in found["Records"])
            if not found["Records"]:
                break
            iterator = found["NextShardIterator"]
    return letters


def cmcd_identities(body: bytes) -> Iterator[tuple[str, str, str]]:
    """(sid, sn, ts) of each line of a CMCD body, read by nothing but regular expressions."""
    for line in body.decode().splitlines():
        if line.strip():
            found = [
                re.search(pattern, line) for pattern in (r'\bsid="([^"]*)"', r"\bsn=(\d+)", r"\bts=(\d+)")
            ]
            assert all(found), line
            yield tuple(match[1] for match in found if match)  # type: ignore[misc]


def heartbeat(session: str, recv_at: int, seq: int, country: str) -> bytes:
    """One CMCD heartbeat in its envelope; the country keeps one test's windows apart from another's."""
    body = f'e=t,sid="{session}",sn={seq},ts={recv_at},v=2'.encode()
    return envelope(body, recv_at, "/v1/cmcd/state", country=country)


def windows(stack: Stack, country: str) -> Counter[int]:
    """Window start in ms -> heartbeats counted in it, all rows of the bucket added up."""
    counted: Counter[int] = Counter()
    for row in stored(stack, QOE, country=country):
        if row["measure_name"] == "events":
            counted[row["time"] // 1_000_000 // WINDOW_MS * WINDOW_MS] += row["measures"]["heartbeat"]
    return counted


def corrections(stack: Stack, country: str) -> list[Row]:
    """Rows that came after their bucket's first."""
    rows = stored(stack, QOE, country=country)
    return [row for row in rows if row["measure_name"] == "events" and row["time"] % 1_000_000]
