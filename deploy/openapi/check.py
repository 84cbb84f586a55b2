"""Whether API Gateway would take the document, and do what it says; no linter looks into its extensions."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from deploy.openapi import integration, mapping, templates
from deploy.openapi.document import BINARY, GATEWAY, INTEGRATION, STAGE
from deploy.openapi.shape import DOCUMENT, misshapen
from deploy.openapi.vocabulary import (
    GATEWAY_RESPONSE,
    GATEWAY_RESPONSES,
    METHODS,
    OPERATION,
    TOP_LEVEL,
    VARIABLE_VALUE,
    VARIABLE_WORDS,
)

_PREFIX = "x-amazon-apigateway-"
_SEGMENT = re.compile(r"[A-Za-z0-9._:,-]*|\{(\w+)\+?\}")
_MEDIA_TYPE = re.compile(r"[\w!#$&^*.+-]+/[\w!#$&^*.+-]+")
_ORIGIN = "gatewayresponse.header.Access-Control-Allow-Origin"


def problems(document: Mapping[str, Any]) -> list[str]:
    """Each problem in one sentence with its place; the parameters of the document must be filled in."""
    return list(misshapen(document, DOCUMENT)) or [
        *_top_level(document),
        *_stage(document.get(STAGE, {})),
        *_operations(document),
        *_gateway_responses(document.get(GATEWAY, {})),
    ]


def _top_level(document: Mapping[str, Any]) -> Iterator[str]:
    version = str(document.get("openapi"))
    if not re.fullmatch(r"3\.0\.\d+", version):
        yield f"openapi: found {version}; API Gateway imports 3.0"
    if not document.get("paths"):
        yield "paths: there are none"
    yield from _extensions("the document", document, TOP_LEVEL)
    for media_type in document.get(BINARY, ()):
        if not _MEDIA_TYPE.fullmatch(str(media_type)):
            yield f"{BINARY}: found {media_type!r}; a media type has no parameters"
    for name, scheme in _schemes(document).items():
        if scheme.get("type") == "apiKey" and (scheme.get("in"), scheme.get("name")) != (
            "header",
            "x-api-key",
        ):
            yield f"securitySchemes.{name}: API Gateway reads an API key from the header x-api-key only"


def _stage(stage: Mapping[str, Any]) -> Iterator[str]:
    """What deploying makes of it: a stage, its variables and its throttle; OpenAPI has no place for them."""
    if not re.fullmatch(r"\w{1,128}", str(stage.get("name"))):
        yield f"{STAGE}.name: found {stage.get('name')!r}; it is letters, digits and _"
    for name, value in stage.get("variables", {}).items():
        if not VARIABLE_VALUE.fullmatch(str(value)):
            yield f"{STAGE}.variables.{name}: found {value!r}; a value is {VARIABLE_WORDS}"
    for name in ("rateLimit", "burstLimit"):
        limit = stage.get("throttling", {}).get(name)
        if not isinstance(limit, int) or limit < 1:
            yield f"{STAGE}.throttling.{name}: found {limit!r}; it is a whole number of requests"


def _extensions(place: str, told: Mapping[str, Any], known: frozenset[str]) -> Iterator[str]:
    yield from integration.unknown(place, {name: 0 for name in told if name.startswith(_PREFIX)}, known)


def _schemes(document: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = document.get("components", {}).get("securitySchemes", {})
    return found


def _operations(document: Mapping[str, Any]) -> Iterator[str]:
    binary = frozenset(map(str, document.get(BINARY, ())))
    by_gateway = {
        str(told.get("statusCode") or GATEWAY_RESPONSES.get(kind))
        for kind, told in document.get(GATEWAY, {}).items()
    }
    seen: dict[str, str] = {}
    for path, item in document.get("paths", {}).items():
        yield from _path(path, item)
        for method, operation in item.items():
            if method not in METHODS:
                continue
            place = f"{method.upper()} {path}"
            name = str(operation.get("operationId", place))
            if name in seen:
                yield f"{place}: operationId {name!r} is that of {seen[name]}, too"
            seen[name] = place
            yield from _extensions(place, operation, OPERATION)
            yield from _security(place, operation, _schemes(document))
            told = operation.get(INTEGRATION)
            if told is None:
                yield f"{place}: there is no {INTEGRATION}; the import refuses it"
                continue
            yield from integration.problems(place, told, operation, binary)
            yield from _statuses(place, told, operation.get("responses", {}), by_gateway)


def _path(path: str, item: Mapping[str, Any]) -> Iterator[str]:
    named = set()
    for segment in path.split("/"):
        match = _SEGMENT.fullmatch(segment)
        if not match:
            yield f"{path}: the segment {segment!r} holds what API Gateway takes in no path"
        elif match[1]:
            named.add(match[1])
    for method in METHODS & item.keys():
        parameters = [*item.get("parameters", ()), *item[method].get("parameters", ())]
        for name in named - {str(one.get("name")) for one in parameters if one.get("in") == "path"}:
            yield f"{method.upper()} {path}: {{{name}}} is not among its parameters"


def _security(place: str, operation: Mapping[str, Any], schemes: Mapping[str, Any]) -> Iterator[str]:
    for requirement in operation.get("security", ()):
        for name in requirement.keys() - schemes.keys():
            yield f"{place}: security names {name!r}, which is none of components.securitySchemes"


def _statuses(
    place: str, told: Mapping[str, Any], declared: Mapping[str, Any], by_gateway: set[str]
) -> Iterator[str]:
    given = integration.statuses(told)
    for status in sorted(given - declared.keys()):
        yield f"{place}: may answer {status}, which its responses do not name"
    for status in sorted(declared.keys() - given - by_gateway):
        yield f"{place}: names {status}, which neither its integration nor a gateway response answers"


def _gateway_responses(responses: Mapping[str, Any]) -> Iterator[str]:
    for kind in ("DEFAULT_4XX", "DEFAULT_5XX"):
        if kind not in responses:
            yield f"{GATEWAY}: {kind} is missing; pages cannot read an answer without CORS headers"
    for kind, told in responses.items():
        place = f"{GATEWAY}.{kind}"
        if kind not in GATEWAY_RESPONSES:
            yield f"{place}: is no gateway response; known are {', '.join(sorted(GATEWAY_RESPONSES))}"
        yield from integration.unknown(place, told, GATEWAY_RESPONSE)
        if not re.fullmatch(r"[1-5]\d\d", str(told.get("statusCode", 200))):
            yield f"{place}: statusCode is {told['statusCode']!r}; it must be three digits"
        mappings = told.get("responseParameters", {})
        yield from mapping.problems(place, "gateway", mappings)
        if _ORIGIN not in mappings:
            yield f"{place}: carries no Access-Control-Allow-Origin; pages could not read it"
        for content_type, template in told.get("responseTemplates", {}).items():
            yield from templates.problems(f"{place}.responseTemplates.{content_type}", template)
