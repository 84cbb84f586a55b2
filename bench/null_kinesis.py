"""`python -m bench.null_kinesis PORT`: takes everything at once and keeps nothing."""

import asyncio
import sys

from bench.framing import message_in

RECORD = b'{"SequenceNumber":"1","ShardId":"shardId-000000000000"}'


class _NullKinesis(asyncio.Protocol):
    def __init__(self) -> None:
        self._asked = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 a TCP connection
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._asked += data
        asked = message_in(self._asked)
        if asked is None:
            return
        head, body = asked
        self._asked = b""
        answer = RECORD
        if b"PutRecords" in head:
            records = b",".join([RECORD] * body.count(b'"PartitionKey"'))
            answer = b'{"FailedRecordCount":0,"Records":[%b]}' % records
        self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(answer), answer))


async def _serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(_NullKinesis, "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
