"""HTTP answers: JSON, errors, and none at all."""

import logging
import socket
import struct
import uuid

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from local.timestream.rules.errors import ServiceError, internal, unreadable

log = logging.getLogger("timestream")

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


def json_response(content: object, status: int = 200) -> web.Response:
    """As the AWS JSON 1.0 protocol frames it."""
    headers = {"Content-Type": "application/x-amz-json-1.0", "x-amzn-RequestId": uuid.uuid4().hex.upper()}
    return web.Response(body=msgspec.json.encode(content), status=status, headers=headers)


@web.middleware
async def errors_in_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer every error of a handler as the service would; one of our own is logged as well."""
    try:
        return await handler(request)
    except ServiceError as refused:
        error = refused
    except web.RequestPayloadError:
        error = unreadable("the body is not what its headers say")
    except (web.HTTPException, ConnectionError):
        raise
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        if request.writer.output_size:  # It is too late for an answer: the connection ends instead.
            raise
        error = internal("This is a fault of the stand-in; its log says more.")
    return json_response(error.body(), error.status)


def reset(request: web.Request) -> web.Response:
    """Drop the connection with a TCP reset; the response returned goes nowhere."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        transport.abort()
    return web.Response()
