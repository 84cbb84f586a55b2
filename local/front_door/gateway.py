"""A request -> its answer, by what the definition says."""

import json
import logging
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import msgspec

from local.front_door.definition import JSON, Definition, Integration, Method
from local.front_door.errors import GatewayError, Kind
from local.front_door.kinesis import Kinesis, Unreachable
from local.front_door.request import Answer, Request
from local.front_door.routes import Routes
from local.front_door.template import Input, TemplateError, render
from local.front_door.throttle import Throttle

log = logging.getLogger("front_door")

NO_CONTENT = 204
_MESSAGE = '{"message":$context.error.messageString}'

Parameters = Mapping[str, Mapping[str, str]]
"""path, querystring, header -> name -> value."""


class Gateway:
    """One stage."""

    def __init__(
        self, definition: Definition, kinesis: Kinesis, api_keys: frozenset[str] = frozenset()
    ) -> None:
        self._definition = definition
        self._kinesis = kinesis
        self._routes = Routes(definition)
        self._throttle = Throttle(definition.rate_limit, definition.burst_limit)
        self._api_keys = api_keys

    async def answer(self, request: Request, now_s: float) -> Answer:
        """The answer, whatever goes wrong behind it."""
        context = _context(request)
        try:
            method, path = self._method(request, now_s)
            context["resourcePath"] = method.resource_path
            parameters = {"path": path, "querystring": request.query, "header": request.headers}
            return await self._through(method.integration, request, parameters, context)
        except GatewayError as error:
            return self.refusal(error.kind, context)

    def refusal(self, kind: Kind, context: dict[str, Any] | None = None) -> Answer:
        """The gateway response of this kind, or of its class where the file has none."""
        replies = self._definition.gateway_replies
        reply = replies.get(kind.name) or replies[f"DEFAULT_{kind.status // 100}XX"]
        error = {"message": kind.message, "messageString": json.dumps(kind.message)}
        body = render(
            reply.templates.get(JSON, _MESSAGE),
            Input("", {}),
            {**(context or {}), "error": error},
            self._definition.variables,
        )
        return Answer(reply.status or kind.status, reply.headers, body.encode())

    def _method(self, request: Request, now_s: float) -> tuple[Method, dict[str, str]]:
        found = self._routes.find(request.http_method, request.path)
        if found is None:
            raise GatewayError(Kind.MISSING_AUTHENTICATION_TOKEN)
        if found[0].key_required and request.header("x-api-key") not in self._api_keys:
            raise GatewayError(Kind.INVALID_API_KEY)
        if not self._throttle.admits(now_s):
            raise GatewayError(Kind.THROTTLED)
        return found

    async def _through(
        self, integration: Integration, request: Request, parameters: Parameters, context: dict[str, Any]
    ) -> Answer:
        """Request template, backend, response template."""
        content_type = request.header("Content-Type").partition(";")[0].strip().lower() or JSON
        template = integration.templates.get(content_type)
        if template is None:
            raise GatewayError(Kind.UNSUPPORTED_MEDIA_TYPE)
        given = Input(self._text(integration, content_type, request.body), parameters)
        status, told = await self._backend(integration, self._rendered(template, given, context))
        reply = integration.reply(status)
        override: dict[str, Any] = {"header": {}}
        context["responseOverride"] = override
        body = self._rendered(reply.templates.get(JSON, "$input.body"), Input(told, parameters), context)
        status = int(override.get("status", reply.status))
        headers = {**reply.headers, **override["header"]}
        return Answer(status, headers, b"" if status == NO_CONTENT else body.encode())

    def _text(self, integration: Integration, content_type: str, body: bytes) -> str:
        """The body as a template sees it: base64 if it is of a binary type and is to become text."""
        if integration.to_text and content_type in self._definition.binary_types:
            return b64encode(body).decode()
        return body.decode(errors="replace")

    async def _backend(self, integration: Integration, sent: str) -> tuple[int, str]:
        if integration.kind == "mock":
            return _mock_status(sent), ""
        try:
            response = await self._kinesis.call(
                integration.action, sent, integration.headers, integration.timeout_s
            )
        except Unreachable:
            raise GatewayError(Kind.INTEGRATION_FAILURE) from None
        except TimeoutError:
            raise GatewayError(Kind.INTEGRATION_TIMEOUT) from None
        return response.status, response.body.decode(errors="replace")

    def _rendered(self, template: str, given: Input, context: dict[str, Any]) -> str:
        try:
            return render(template, given, context, self._definition.variables)
        except TemplateError:
            log.exception("a mapping template failed")
            raise GatewayError(Kind.API_CONFIGURATION_ERROR) from None


def _context(request: Request) -> dict[str, Any]:
    return {
        "requestId": request.request_id,
        "requestTimeEpoch": request.time_ms,
        "httpMethod": request.http_method,
        "path": request.path,
        "identity": {"sourceIp": request.source_ip, "userAgent": request.header("User-Agent")},
    }


def _mock_status(sent: str) -> int:
    """The status that a mock's template asks for."""
    try:
        return int(msgspec.json.decode(sent)["statusCode"])
    except (msgspec.DecodeError, KeyError, TypeError, ValueError):
        raise GatewayError(Kind.API_CONFIGURATION_ERROR) from None
