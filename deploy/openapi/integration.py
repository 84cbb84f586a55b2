"""`x-amazon-apigateway-integration`: what is behind an operation."""

import re
from collections.abc import Iterator, Mapping, Set
from typing import Any

from deploy.openapi import mapping, templates
from deploy.openapi.vocabulary import CHOICES, INTEGRATION, INTEGRATION_RESPONSE, PATTERNS, TIMEOUT_MS

_MOCKED = re.compile(r'"statusCode"\s*:\s*(\d{3})\b')
EVERY_TYPE = "*/*"


def problems(
    place: str, told: Mapping[str, Any], operation: Mapping[str, Any], binary: Set[str]
) -> Iterator[str]:
    """What API Gateway would refuse, or do otherwise than it looks."""
    yield from unknown(place, told, INTEGRATION)
    yield from _members(place, told)
    yield from _templates(place, told, operation, binary)
    yield from mapping.problems(place, "requestParameters", told.get("requestParameters", {}))
    yield from _responses(f"{place}.responses", told.get("responses", {}), operation.get("responses", {}))


def statuses(told: Mapping[str, Any]) -> set[str]:
    """The statuses that an integration's answers may have."""
    found = set()
    for response in told.get("responses", {}).values():
        found.add(str(response.get("statusCode")))
        for template in response.get("responseTemplates", {}).values():
            found |= templates.overridden(template)
    return found


def unknown(place: str, told: Mapping[str, Any], known: Set[str]) -> Iterator[str]:
    """Members that nobody reads."""
    for name in told:
        if name not in known:
            yield f"{place}: found {name!r}; known are {', '.join(sorted(known))}"


def _members(place: str, told: Mapping[str, Any]) -> Iterator[str]:
    needed = ("type",) if told.get("type") == "mock" else ("type", "httpMethod", "uri")
    yield from (f"{place}: {name} is missing" for name in needed if name not in told)
    for name, choices in CHOICES.items():
        if name in told and told[name] not in choices:
            yield f"{place}: {name} is {told[name]!r}; it is one of {', '.join(choices)}"
    for name, (form, words) in PATTERNS.items():
        if name in told and not re.fullmatch(form, str(told[name])):
            yield f"{place}: {name} is {told[name]!r}; it must be {words}"
    if told.get("type") == "aws" and "credentials" not in told:
        yield f"{place}: credentials is missing; API Gateway calls the service as the role that it names"
    if told.get("type") == "aws" and told.get("passthroughBehavior") != "never":
        yield (
            f"{place}: passthroughBehavior must be never; otherwise a body of another type is sent to the"
            " service as it is, with this API's rights"
        )
    timeout = told.get("timeoutInMillis", TIMEOUT_MS.start)
    if timeout not in TIMEOUT_MS:
        yield f"{place}: timeoutInMillis is {timeout!r}; it is {TIMEOUT_MS.start} to {TIMEOUT_MS.stop - 1}"


def _templates(
    place: str, told: Mapping[str, Any], operation: Mapping[str, Any], binary: Set[str]
) -> Iterator[str]:
    found = told.get("requestTemplates", {})
    for content_type, template in found.items():
        yield from templates.problems(f"{place}.requestTemplates.{content_type}", template)
    taken = set(operation.get("requestBody", {}).get("content", {}))
    if taken:
        yield from (
            f"{place}: {one} has a template and is no type of the body" for one in found.keys() - taken
        )
        yield from (
            f"{place}: {one} is a type of the body and has no template" for one in taken - found.keys()
        )
        if told.get("contentHandling") == "CONVERT_TO_TEXT" and EVERY_TYPE not in binary:
            yield from (
                f"{place}: {one} is none of x-amazon-apigateway-binary-media-types: its bytes would be read"
                " as UTF-8, and what is none would be lost"
                for one in taken - binary
            )
    if told.get("type") == "mock":
        yield from (
            f'{place}.requestTemplates.{content_type}: a mock\'s template must give a "statusCode"'
            for content_type, template in found.items()
            if not _MOCKED.search(str(template))
        )


def _responses(place: str, responses: Mapping[str, Any], declared: Mapping[str, Any]) -> Iterator[str]:
    if "default" not in responses:
        yield f"{place}: there is no default; an answer that no pattern matches would be a 500"
    for pattern, response in responses.items():
        here = f"{place}.{pattern}"
        if pattern != "default" and not _is_expression(pattern):
            yield f"{here}: is no regular expression"
        yield from unknown(here, response, INTEGRATION_RESPONSE)
        status = response.get("statusCode")
        if not re.fullmatch(r"[1-5]\d\d", str(status)):
            yield f"{here}: statusCode is {status!r}; it must be three digits"
        mappings = response.get("responseParameters", {})
        yield from mapping.problems(here, "responseParameters", mappings)
        yield from mapping.undeclared(here, mappings, declared.get(str(status), {}))
        for content_type, template in response.get("responseTemplates", {}).items():
            yield from templates.problems(f"{here}.responseTemplates.{content_type}", template)


def _is_expression(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
