"""A Kinesis that keeps what it is given, and fails as it is told to."""

import asyncio
import json
from base64 import b64decode
from collections.abc import Callable
from typing import Any

from aiohttp import web

MAX_DATA_BYTES = 2**20
Answer = tuple[int, dict[str, Any]]


class FakeKinesis:
    """PutRecord and PutRecords; `records` are the data of all that were taken, in order."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.trouble: Callable[[str], Answer | None] = lambda action: None
        """What is answered instead of taking a call; None takes it."""
        self.throttles: Callable[[str], bool] = lambda partition_key: False
        """Which records a call does not take with the others."""
        self.delay_s = 0.0

    @property
    def envelopes(self) -> list[dict[str, Any]]:
        """The records' data as JSON."""
        return [json.loads(b64decode(record["Data"])) for record in self.records]

    async def answer(self, request: web.Request) -> web.Response:
        action = request.headers["X-Amz-Target"].partition(".")[2]
        self.calls.append(action)
        await asyncio.sleep(self.delay_s)
        status, told = self.trouble(action) or self._taken(action, await request.read())
        return web.json_response(told, status=status, content_type="application/x-amz-json-1.1")

    def _taken(self, action: str, body: bytes) -> Answer:
        try:
            asked = json.loads(body)
        except ValueError:
            return 400, {"__type": "SerializationException"}
        entries = asked["Records"] if action == "PutRecords" else [asked]
        if any(len(b64decode(entry["Data"])) > MAX_DATA_BYTES for entry in entries):
            return 400, {"__type": "ValidationException", "message": "Value at 'data' failed: too long"}
        results = [self._result(asked["StreamName"], entry) for entry in entries]
        if action == "PutRecords":
            return 200, {"FailedRecordCount": 0, "Records": results}
        [result] = results
        return (400, {"__type": result["ErrorCode"]}) if "ErrorCode" in result else (200, result)

    def _result(self, name: str, entry: dict[str, Any]) -> dict[str, Any]:
        if self.throttles(entry["PartitionKey"]):
            return {"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "Rate exceeded"}
        self.records.append({"StreamName": name, **entry})
        return {"SequenceNumber": "1", "ShardId": "shardId-0"}
