"""deploy/openapi.yaml as the gateway works with it: methods, integrations, answers, limits."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from deploy.openapi import (
    EXAMPLE,
    VARIABLE_VALUE,
    VARIABLE_WORDS,
    DocumentError,
    filled,
    problems,
    read,
    requiring_key,
)
from deploy.openapi.document import BINARY, GATEWAY, INTEGRATION, STAGE
from deploy.openapi.vocabulary import METHODS
from local.front_door import supported

JSON = "application/json"
"""The type of a body that names none, and of all answers."""
_VARIABLE = re.compile(r"stageVariables\.(\w+)")


@dataclass(frozen=True)
class Reply:
    """How one kind of backend answer, or one kind of gateway error, is answered."""

    status: int
    """0 where the file names none: the usual one of that gateway error."""
    headers: Mapping[str, str]
    templates: Mapping[str, str]
    """Content type -> VTL."""


@dataclass(frozen=True)
class Integration:
    """What is behind a method."""

    kind: str
    """aws or mock."""
    action: str
    """The service's operation, such as PutRecord; empty for mock."""
    timeout_s: float
    headers: Mapping[str, str]
    """Of the call to the service."""
    templates: Mapping[str, str]
    to_text: bool
    """Whether a binary body reaches the template as base64."""
    replies: Mapping[str, Reply]
    """Pattern of the backend's status -> reply, in the file's order, `default` among them."""

    def reply(self, status: int) -> Reply:
        """The reply to a backend's status."""
        matching = (pattern for pattern in self.replies if re.fullmatch(pattern, str(status)))
        return self.replies[next(matching, "default")]


@dataclass(frozen=True)
class Method:
    """One operation."""

    resource_path: str
    """As in the file: `/v1/cmcd/{target}`."""
    http_method: str
    key_required: bool
    integration: Integration


@dataclass(frozen=True)
class Definition:
    """The whole file."""

    stage: str
    variables: Mapping[str, str]
    rate_limit: float
    burst_limit: float
    binary_types: frozenset[str]
    methods: Mapping[str, Mapping[str, Method]]
    """Resource path -> HTTP method -> operation."""
    gateway_replies: Mapping[str, Reply]
    """Kind of error (THROTTLED, ...) -> its answer."""


def load(path: Path, variables: Mapping[str, str] | None = None, *, key_required: bool = False) -> Definition:
    """The definition in a file, with `variables` over the file's stage variables.

    Raises DocumentError for what API Gateway would refuse, and for what is not here.
    """
    document = filled(read(path), EXAMPLE)
    if key_required:
        document = requiring_key(document)
    for problem in chain(problems(document), _lacking(document)):
        raise DocumentError(problem)
    stage = document[STAGE]
    return Definition(
        stage=stage["name"],
        variables={**stage.get("variables", {}), **_checked(variables or {}, document)},
        rate_limit=stage["throttling"]["rateLimit"],
        burst_limit=stage["throttling"]["burstLimit"],
        binary_types=frozenset(document.get(BINARY, ())),
        methods={path: _methods(path, item) for path, item in document["paths"].items()},
        gateway_replies={
            kind: _reply(told, "gatewayresponse.header.") for kind, told in document[GATEWAY].items()
        },
    )


def _lacking(document: Mapping[str, Any]) -> Iterator[str]:
    """What the document asks for and is not here."""
    for path, item in document["paths"].items():
        for name in METHODS & item.keys():
            yield from supported.missing(f"{name.upper()} {path}", item[name][INTEGRATION])
    for kind, reply in document[GATEWAY].items():
        yield from supported.of_parameters(kind, reply.get("responseParameters", {}))
        yield from supported.of_templates(kind, reply.get("responseTemplates", {}))


def _checked(variables: Mapping[str, str], document: Mapping[str, Any]) -> Mapping[str, str]:
    """The stage variables, if API Gateway would take them and a template asks for them."""
    known = sorted(set(_VARIABLE.findall(str(document["paths"]))))
    for name, value in variables.items():
        if name not in known:
            message = f"found the stage variable {name!r}; the templates know {', '.join(known)}"
            raise DocumentError(message)
        if not VARIABLE_VALUE.fullmatch(value):
            message = f"the stage variable {name} is {value!r}; API Gateway takes {VARIABLE_WORDS}"
            raise DocumentError(message)
    return variables


def _methods(path: str, item: Mapping[str, Any]) -> dict[str, Method]:
    return {
        name.upper(): Method(path, name.upper(), bool(told.get("security")), _integration(told[INTEGRATION]))
        for name, told in item.items()
        if name in METHODS
    }


def _integration(told: Mapping[str, Any]) -> Integration:
    return Integration(
        kind=told["type"],
        action=told.get("uri", "").rpartition("action/")[2],
        timeout_s=told.get("timeoutInMillis", 29_000) / 1000,
        headers=_headers(told.get("requestParameters", {}), "integration.request.header."),
        templates=told.get("requestTemplates", {}),
        to_text=told.get("contentHandling") == "CONVERT_TO_TEXT",
        replies={
            pattern: _reply(reply, "method.response.header.") for pattern, reply in told["responses"].items()
        },
    )


def _reply(told: Mapping[str, Any], prefix: str) -> Reply:
    headers = {"Content-Type": JSON, **_headers(told.get("responseParameters", {}), prefix)}
    return Reply(int(told.get("statusCode", 0)), headers, told.get("responseTemplates", {}))


def _headers(parameters: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Header -> value of the mappings whose target begins with `prefix`; all sources are fixed values."""
    return {
        target.removeprefix(prefix): source[1:-1]
        for target, source in parameters.items()
        if target.startswith(prefix)
    }
