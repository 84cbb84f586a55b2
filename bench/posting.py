"""Many clients that post at once and keep their connections; they cost little beside a server."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bench.framing import message_in


@dataclass
class Posted:
    """What became of the requests."""

    took_s: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies_ms: list[float] = field(default_factory=list)

    def percentile_ms(self, share: float) -> float:
        """The latency that this share of the requests did not exceed."""
        return sorted(self.latencies_ms)[int(share * (len(self.latencies_ms) - 1))]

    @property
    def per_s(self) -> float:
        """Answers a second."""
        return sum(self.statuses.values()) / self.took_s


class _Client(asyncio.Protocol):
    """Sends one request after the other; a connection that ends is the end of the client."""

    def __init__(self, numbers: Iterator[int], request: Callable[[int], bytes], posted: Posted) -> None:
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._numbers, self._request, self._posted = numbers, request, posted
        self._answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 a TCP connection
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._answer += data
        answer = message_in(self._answer)
        if answer is None:
            return
        self._posted.statuses[int(answer[0][9:12])] += 1
        self._posted.latencies_ms.append((time.perf_counter() - self._sent_s) * 1000)
        self._answer = b""
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.over.done():
            self.over.set_result(None)

    def _send(self) -> None:
        number = next(self._numbers, None)
        if number is None:
            self._transport.close()
            return
        self._sent_s = time.perf_counter()
        self._transport.write(self._request(number))


def post(port: int, request: Callable[[int], bytes], count: int, clients: int) -> Posted:
    """Send `request(0)` to `request(count - 1)` to a port of this machine, from so many clients."""
    return asyncio.run(_post(port, request, count, clients))


async def _post(port: int, request: Callable[[int], bytes], count: int, clients: int) -> Posted:
    posted, numbers = Posted(), iter(range(count))
    loop = asyncio.get_running_loop()
    began_s = time.perf_counter()
    started = [
        await loop.create_connection(lambda: _Client(numbers, request, posted), "127.0.0.1", port)
        for _ in range(clients)
    ]
    await asyncio.gather(*(client.over for _, client in started))
    posted.took_s = time.perf_counter() - began_s
    return posted
