"""Dead letters made by the job's own functions, and the streams they lie in."""

import base64
import json
from typing import Any

import msgspec

from beacon_job.decode import KinesisRecord, decode
from beacon_job.types.beacon import BadRecord
from local.dead_letters.letter import Letter, read_letter
from local.stack.stack import DEAD_LETTERS, STREAM

RECV_MS = 1_795_456_001_748


def envelope(body: bytes, recv_at: object = RECV_MS) -> bytes:
    """As the front door makes it."""
    fields = {"v": 1, "recv_at": recv_at, "path": "/v1/beacons", "user_agent": "Player/1 (TV)"}
    return json.dumps({**fields, "body": base64.b64encode(body).decode()}).encode()


def bad_of(data: bytes, shard: str = "shardId-000000000000", number: str = "1") -> bytes:
    """The first dead letter that the job makes of a record, as it is written."""
    found = decode(KinesisRecord(data, RECV_MS, shard, number))
    return msgspec.json.encode(next(item for item in found if isinstance(item, BadRecord)))


def letter_of(data: bytes) -> Letter:
    """The same, read."""
    return read_letter(bad_of(data), "7", RECV_MS)


def send_bad(client: Any, data: bytes) -> str:
    """Put a record on the stream of beacons, and its dead letter where the job would; the letter's number."""
    came = client.put_record(StreamName=STREAM, PartitionKey="player", Data=data)
    bad = bad_of(data, came["ShardId"], came["SequenceNumber"])
    put = client.put_record(StreamName=DEAD_LETTERS, PartitionKey="p", Data=bad)
    return str(put["SequenceNumber"])


def records(client: Any) -> list[bytes]:
    """Everything in the stream of beacons."""
    found: list[bytes] = []
    for shard in client.list_shards(StreamName=STREAM)["Shards"]:
        iterator = client.get_shard_iterator(
            StreamName=STREAM, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        found += [r["Data"] for r in client.get_records(ShardIterator=iterator, Limit=10_000)["Records"]]
    return found
