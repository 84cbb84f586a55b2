"""HTTP: what comes over the wire -> a Request, and its Answer back."""

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl

from aiohttp import web

from local.front_door.definition import Definition
from local.front_door.errors import Kind
from local.front_door.gateway import Gateway
from local.front_door.kinesis import Kinesis
from local.front_door.loiterers import Loiterers
from local.front_door.request import Answer, Request

MAX_BODY_BYTES = 10 * 2**20
"""API Gateway's limit of a payload."""
MAX_HEAD_BYTES = 10_240
"""Of the request line, and of one header; API Gateway's limit of all together."""
MAX_HEADERS = 200
BODY_S = 30.0
"""How long a body may take to arrive."""
FINISH_S = 5.0
"""How long requests under way may take to finish when the server is told to end."""
_clients = logging.getLogger("front_door.clients")
_clients.disabled = True
"""Where aiohttp tells, with stack traces, of clients that hang up or speak no HTTP."""


@asynccontextmanager
async def listen(
    definition: Definition,
    kinesis_endpoint: str,
    host: str,
    port: int,
    api_keys: frozenset[str] = frozenset(),
) -> AsyncIterator[int]:
    """Serve until the block ends; gives the port. Several processes may listen on the same one."""
    async with Kinesis(kinesis_endpoint) as kinesis:
        gateway = Gateway(definition, kinesis, api_keys)
        loiterers = Loiterers()

        async def handle(request: web.BaseRequest) -> web.StreamResponse:
            with loiterers.busy(request.protocol):
                return await _response(gateway, request)

        server = web.Server(
            handle,
            access_log=None,
            logger=_clients,
            auto_decompress=False,
            max_line_size=MAX_HEAD_BYTES,
            max_field_size=MAX_HEAD_BYTES,
            max_headers=MAX_HEADERS,
        )
        runner = web.ServerRunner(server, shutdown_timeout=FINISH_S)
        await runner.setup()
        watch = asyncio.create_task(loiterers.watch(server))
        try:
            await web.TCPSite(runner, host, port, reuse_port=True, backlog=1024).start()
            yield int(runner.addresses[0][1])
        finally:
            watch.cancel()
            await runner.cleanup()


async def _response(gateway: Gateway, request: web.BaseRequest) -> web.StreamResponse:
    try:
        body = await _body(request)
    except (TimeoutError, web.RequestPayloadError):  # it came too slowly, or is not what its headers say
        return _last(Answer(400))
    if body is None:
        return _last(gateway.refusal(Kind.REQUEST_TOO_LARGE))
    path, _, query = request.raw_path.partition("?")
    asked = Request(
        request_id=str(uuid.uuid4()),
        time_ms=time.time_ns() // 1_000_000,
        source_ip=request.remote or "",
        http_method=request.method,
        path=path,
        query=dict(parse_qsl(query, keep_blank_values=True, errors="replace")),
        headers={_text(name): _text(value) for name, value in request.raw_headers},
        body=body,
    )
    answer = await gateway.answer(asked, time.monotonic())
    return _sent(answer)


async def _body(request: web.BaseRequest) -> bytes | None:
    """The body; None when it is too large, which its length says or it turns out to be."""
    if (request.content_length or 0) > MAX_BODY_BYTES:
        return None
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0
    chunks, size = [], 0
    async with asyncio.timeout(BODY_S):
        async for chunk in request.content.iter_any():
            chunks.append(chunk)
            size += len(chunk)
            if size > MAX_BODY_BYTES:
                return None
    return b"".join(chunks)


def _sent(answer: Answer) -> web.Response:
    return web.Response(status=answer.status, headers=answer.headers, body=answer.body or None)


def _last(answer: Answer) -> web.Response:
    """The answer with which the connection ends: what still comes is no request."""
    response = _sent(answer)
    response.force_close()
    return response


def _text(raw: bytes) -> str:
    return raw.decode(errors="replace")
