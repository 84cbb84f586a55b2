"""Puts into Kinesis, many at once when many wait.

API Gateway makes one PutRecord of each request. An emulator that takes 500 calls a second would be the door's
limit, so records that wait for the same stream go together, as PutRecords, and each gets the answer that
PutRecord would have given. A request that is not a plain record goes as it is.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType

import aiohttp
import msgspec

log = logging.getLogger("front_door")

MAX_RECORDS, MAX_BYTES = 500, 4_000_000
"""Of one PutRecords, as base64."""
MAX_DATA_CHARS = 4 * (2**20 // 3)
"""Base64 of a record that the service takes; a longer one goes alone, so that only it is refused."""
MAX_KEY_CHARS = 256
OK = 200
SENDERS = 2
"""Calls under way at once; the emulator answers one after the other anyway."""
CALL_S = 20.0
"""How long one call may take."""
IDLE_S = 2.0
"""How long a connection that is not used is kept: less than any server keeps it."""
_CREDENTIALS = (
    "AWS4-HMAC-SHA256 Credential=test/20000101/us-east-1/kinesis/aws4_request,"
    " SignedHeaders=host, Signature=0"
)
"""Emulators read the account from it, and check nothing."""


class Unreachable(Exception):
    """Kinesis gave no answer that can be read; the log says why."""


@dataclass(frozen=True)
class Response:
    """What Kinesis answered to one record."""

    status: int
    body: bytes


class _Record(msgspec.Struct, forbid_unknown_fields=True, rename="pascal"):
    stream_name: str
    partition_key: str
    data: str


class _Result(msgspec.Struct, rename="pascal"):
    error_code: str | None = None
    error_message: str | None = None


class _Results(msgspec.Struct, rename="pascal"):
    records: list[_Result]


@dataclass(frozen=True)
class _Put:
    body: bytes
    headers: Mapping[str, str]
    record: _Record | None
    answered: asyncio.Future[Response]


class Kinesis:
    """`async with Kinesis(endpoint) as kinesis:`; one event loop only."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._waiting: asyncio.Queue[_Put] = asyncio.Queue()
        self._trouble = ""

    async def __aenter__(self) -> "Kinesis":
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=2 * SENDERS, keepalive_timeout=IDLE_S),
            timeout=aiohttp.ClientTimeout(total=CALL_S),
        )
        self._senders = [asyncio.create_task(self._send_for_ever()) for _ in range(SENDERS)]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sender in self._senders:
            sender.cancel()
        await asyncio.gather(*self._senders, return_exceptions=True)
        await self._session.close()

    async def call(self, action: str, body: str, headers: Mapping[str, str], timeout_s: float) -> Response:
        """Kinesis' answer to one call. Raises Unreachable, and TimeoutError after `timeout_s`."""
        async with asyncio.timeout(timeout_s):
            if action != "PutRecord":
                return await self._post(action, body.encode(), headers)
            put = _Put(body.encode(), headers, _record(body), asyncio.get_running_loop().create_future())
            self._waiting.put_nowait(put)
            return await put.answered

    async def _send_for_ever(self) -> None:
        left: _Put | None = None
        while True:
            first = left or await self._waiting.get()
            together, left = self._taken(first)
            try:
                responses = await self._sent(together)
            except Unreachable as error:
                for put in together:
                    if not put.answered.done():
                        put.answered.set_exception(error)
                continue
            for put, response in zip(together, responses, strict=True):
                if not put.answered.done():
                    put.answered.set_result(response)

    def _taken(self, first: _Put) -> tuple[list[_Put], _Put | None]:
        """What goes with the first one, of all that waits; and one that was taken and does not."""
        together, size = [first], len(first.body)
        while first.record and len(together) < MAX_RECORDS and not self._waiting.empty():
            put = self._waiting.get_nowait()
            if put.answered.done():  # its client got a timeout and will send it again
                continue
            size += len(put.body)
            if not put.record or put.record.stream_name != first.record.stream_name or size > MAX_BYTES:
                return together, put
            together.append(put)
        return together, None

    async def _sent(self, together: list[_Put]) -> list[Response]:
        if len(together) == 1:
            return [await self._post("PutRecord", together[0].body, together[0].headers)]
        records = [put.record for put in together if put.record]
        entries = [{"PartitionKey": record.partition_key, "Data": record.data} for record in records]
        content = {"StreamName": records[0].stream_name, "Records": entries}
        response = await self._post("PutRecords", msgspec.json.encode(content), together[0].headers)
        if response.status != OK:
            return [response] * len(together)
        try:
            results = msgspec.json.decode(response.body, type=_Results).records
            return [_single(result) for _, result in zip(together, results, strict=True)]
        except (msgspec.DecodeError, ValueError) as error:
            self._tell(f"answers PutRecords with what cannot be read: {error}")
            raise Unreachable from None

    async def _post(self, action: str, body: bytes, headers: Mapping[str, str]) -> Response:
        named = {**headers, "X-Amz-Target": f"Kinesis_20131202.{action}", "Authorization": _CREDENTIALS}
        try:
            async with self._session.post(self._endpoint, data=body, headers=named) as answer:
                response = Response(answer.status, await answer.read())
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._tell(f"cannot be reached: {str(error) or type(error).__name__}")
            raise Unreachable from None
        self._tell("" if response.status == OK else f"answers {response.status}: {response.body[:200]!r}")
        return response

    def _tell(self, trouble: str) -> None:
        """Log what is wrong with Kinesis when it begins, and when it is over."""
        if bool(trouble) != bool(self._trouble):
            log.warning("Kinesis at %s %s", self._endpoint, trouble or "takes records again")
        self._trouble = trouble


def _record(body: str) -> _Record | None:
    """The record, when it can go with others."""
    try:
        record = msgspec.json.decode(body, type=_Record)
    except msgspec.DecodeError:
        return None
    fits = len(record.data) <= MAX_DATA_CHARS and 0 < len(record.partition_key) <= MAX_KEY_CHARS
    return record if fits else None


def _single(result: _Result) -> Response:
    """What PutRecord would have answered."""
    if not result.error_code:
        return Response(OK, b"{}")
    told = {"__type": result.error_code, "message": result.error_message}
    return Response(500 if result.error_code == "InternalFailure" else 400, msgspec.json.encode(told))
