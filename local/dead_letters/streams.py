"""The stream of dead letters and the stream of beacons: read newest first, within limits, and written."""

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import msgspec
from botocore.exceptions import ClientError

from local.dead_letters.letter import Letter, read_letter
from local.dead_letters.reinjection import Original
from local.processes.children import StartError
from local.stack.stack import DEAD_LETTERS, STREAM

MOST_LETTERS = 10_000
"""Of one answer."""
_MOST_BYTES = 64 * 2**20
_MOST_CALLS = 200
"""How much of a shard is read at once to find its newest letters."""
_FIRST_LOOK_MS = 1_000
_WIDER = 4
_RECORDS_PER_CALL = 1_000
_RECORDS_PER_PUT = 100
_BYTES_PER_PUT = 4 * 2**20
_PUT_TRIES = 5
_PAUSE_S = 0.5

Wanted = Callable[[Letter], bool]


class Found(msgspec.Struct, frozen=True):
    """Letters, the newest first."""

    letters: list[Letter]
    all_read: bool
    """Whether there are no others within what was asked for."""


class Streams:
    """Both streams over one boto3 client. Safe to use from several threads."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def newest(self, count: int, wanted: Wanted = lambda _: True, since_ms: int = 0) -> Found:
        """The newest letters that are wanted. Raises botocore's errors."""
        summary = self._client.describe_stream_summary(StreamName=DEAD_LETTERS)["StreamDescriptionSummary"]
        now_ms = int(time.time() * 1000)
        from_ms = max(since_ms, now_ms - summary["RetentionPeriodHours"] * 3_600_000)
        shards = [self._newest_of(shard, count, wanted, from_ms, now_ms) for shard in self._shards()]
        letters = sorted(
            (letter for found in shards for letter in found.letters),
            key=lambda letter: (letter.arrived_ms, letter.sequence_number),
            reverse=True,
        )
        return Found(letters[:count], len(letters) <= count and all(found.all_read for found in shards))

    def letter(self, sequence_number: str) -> Letter | None:
        """The letter of this sequence number, if the stream still has it."""
        for shard_id in self._shards():
            if record := self._at(DEAD_LETTERS, shard_id, sequence_number):
                return _letter(record)
        return None

    def original(self, shard_id: str, sequence_number: str) -> Original | None:
        """A record of the stream of beacons, if the stream still has it."""
        record = self._at(STREAM, shard_id, sequence_number)
        return Original(record["Data"], record["PartitionKey"]) if record else None

    def put(self, records: Sequence[Original]) -> None:
        """Put records on the stream of beacons. Raises StartError when some were not taken."""
        done = 0
        for batch in _batches(records):
            self._put(batch, done, len(records))
            done += len(batch)

    def _put(self, batch: list[Original], done: int, total: int) -> None:
        left = batch
        for tried in range(_PUT_TRIES):
            time.sleep(_PAUSE_S * tried)
            entries = [{"Data": record.data, "PartitionKey": record.partition_key} for record in left]
            answers = self._client.put_records(StreamName=STREAM, Records=entries)["Records"]
            left = [record for record, answer in zip(left, answers, strict=True) if "ErrorCode" in answer]
            if not left:
                return
        message = f"{STREAM} took {done + len(batch) - len(left)} of {total} records; run the same again"
        raise StartError(message)

    def _shards(self) -> list[str]:
        return [shard["ShardId"] for shard in self._client.list_shards(StreamName=DEAD_LETTERS)["Shards"]]

    def _newest_of(self, shard_id: str, count: int, wanted: Wanted, from_ms: int, now_ms: int) -> Found:
        """Looks back farther and farther: Kinesis can only be read forwards."""
        nearer = Found([], all_read=False)
        width_ms = _FIRST_LOOK_MS
        while True:
            begin_ms = max(from_ms, now_ms - width_ms)
            letters = self._since(shard_id, begin_ms, count, wanted)
            if letters is None:
                return nearer
            all_read = begin_ms == from_ms and len(letters) < count
            if begin_ms == from_ms or len(letters) == count:
                return Found(letters, all_read)
            nearer = Found(letters, all_read=False)
            width_ms *= _WIDER

    def _since(self, shard_id: str, begin_ms: int, count: int, wanted: Wanted) -> list[Letter] | None:
        """The last letters since then; None when that is more than may be read."""
        kept: deque[Letter] = deque(maxlen=count)
        iterator = self._client.get_shard_iterator(
            StreamName=DEAD_LETTERS,
            ShardId=shard_id,
            ShardIteratorType="AT_TIMESTAMP",
            Timestamp=begin_ms / 1000,
        )["ShardIterator"]
        read_bytes = 0
        for _ in range(_MOST_CALLS):
            answer = self._client.get_records(ShardIterator=iterator, Limit=_RECORDS_PER_CALL)
            read_bytes += sum(len(record["Data"]) for record in answer["Records"])
            if read_bytes > _MOST_BYTES:
                return None
            kept.extend(letter for letter in map(_letter, answer["Records"]) if wanted(letter))
            iterator = answer.get("NextShardIterator")
            if iterator is None or not answer["MillisBehindLatest"]:
                return list(kept)
        return None

    def _at(self, stream: str, shard_id: str, sequence_number: str) -> dict[str, Any] | None:
        try:
            iterator = self._client.get_shard_iterator(
                StreamName=stream,
                ShardId=shard_id,
                ShardIteratorType="AT_SEQUENCE_NUMBER",
                StartingSequenceNumber=sequence_number,
            )["ShardIterator"]
        except ClientError as error:
            # Another shard's number, one that no record has, or a shard that is gone.
            if error.response["Error"]["Code"] in ("InvalidArgumentException", "ResourceNotFoundException"):
                return None
            raise
        records = self._client.get_records(ShardIterator=iterator, Limit=1)["Records"]
        found = bool(records) and records[0]["SequenceNumber"] == sequence_number
        return dict(records[0]) if found else None


def _letter(record: dict[str, Any]) -> Letter:
    arrived_ms = round(record["ApproximateArrivalTimestamp"].timestamp() * 1000)
    return read_letter(record["Data"], record["SequenceNumber"], arrived_ms)


def _batches(records: Sequence[Original]) -> Iterator[list[Original]]:
    batch: list[Original] = []
    size = 0
    for record in records:
        if batch and (len(batch) == _RECORDS_PER_PUT or size + len(record.data) > _BYTES_PER_PUT):
            yield batch
            batch, size = [], 0
        batch.append(record)
        size += len(record.data)
    if batch:
        yield batch
