"""HTTP answers: JSON, errors, and none at all."""

import socket
import struct
import uuid

import msgspec
from aiohttp import web

from local.timestream.rules.errors import ServiceError

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def json_response(content: object, status: int = 200) -> web.Response:
    """As the AWS JSON 1.0 protocol frames it."""
    headers = {"Content-Type": "application/x-amz-json-1.0", "x-amzn-RequestId": uuid.uuid4().hex.upper()}
    return web.Response(body=msgspec.json.encode(content), status=status, headers=headers)


def error_response(error: ServiceError, status: int | None = None) -> web.Response:
    """An error, with its own HTTP status unless another one is given."""
    return json_response(error.body(), status or error.status)


def reset(request: web.Request) -> web.Response:
    """Drop the connection with a TCP reset; the response returned goes nowhere."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        transport.abort()
    return web.Response()
