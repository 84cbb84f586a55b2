"""What this stand-in has not: said when the file is read, so that nothing is left out silently."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

KINESIS = re.compile(r"arn:[\w-]+:apigateway:[\w-]+:kinesis:action/\w+")
_MEMBERS = {
    "input": {"body", "params"},
    "util": {"base64Encode", "urlEncode"},
    "context": {
        "error",
        "httpMethod",
        "identity",
        "path",
        "requestId",
        "requestTimeEpoch",
        "resourcePath",
        "responseOverride",
    },
    "identity": {"sourceIp", "userAgent"},
}
_MEMBER = re.compile(r"\b(input|util|context|identity)\.(\w+)")


def missing(place: str, integration: Mapping[str, Any]) -> Iterator[str]:
    """What of an integration cannot be served here."""
    kind, uri = integration.get("type"), str(integration.get("uri"))
    if kind not in ("aws", "mock"):
        yield f"{place}: an integration of type {kind!r}; here are aws and mock"
    if kind == "aws" and not KINESIS.fullmatch(uri):
        yield f"{place}: an integration with {uri!r}; here is Kinesis only"
    replies = integration.get("responses", {}).values()
    for holder in (integration, *replies):
        for name in ("requestTemplates", "responseTemplates"):
            yield from of_templates(place, holder.get(name, {}))
        for name in ("requestParameters", "responseParameters"):
            yield from of_parameters(place, holder.get(name, {}))


def of_templates(place: str, templates: Mapping[str, str]) -> Iterator[str]:
    """Members that a template names and that are not here."""
    for template in templates.values():
        for variable, member in sorted(set(_MEMBER.findall(template))):
            if member not in _MEMBERS[variable]:
                known = ", ".join(sorted(_MEMBERS[variable]))
                yield f"{place}: a template with {variable}.{member}; here are {known}"


def of_parameters(place: str, parameters: Mapping[str, str]) -> Iterator[str]:
    """Mappings from elsewhere than a fixed value."""
    for target, source in parameters.items():
        if not source[:1] == source[-1:] == "'":
            yield f"{place}: {target} mapped from {source}; here are fixed values only, as 'x'"
