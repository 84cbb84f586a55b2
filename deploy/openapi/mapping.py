"""Parameter mapping: `method.response.header.X: "'*'"` and its like."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_NAME = r"[A-Za-z0-9!#$%&*+.^_`|~-]+"
_EVERYWHERE = r"'[^']*'|stageVariables\.\w+|context\.[\w.]+"
_OF_REQUEST = (
    rf"method\.request\.((multivalue)?(querystring|header)|path)\.{_NAME}|method\.request\.body(\..+)?"
)
_FORMS = {
    "requestParameters": (
        rf"integration\.request\.(path|querystring|header)\.{_NAME}",
        "integration.request.header.NAME",
        f"{_EVERYWHERE}|{_OF_REQUEST}",
        "'a fixed value', method.request.…, context.… or stageVariables.…",
    ),
    "responseParameters": (
        rf"method\.response\.header\.{_NAME}",
        "method.response.header.NAME",
        rf"{_EVERYWHERE}|integration\.response\.((multivalue)?header\.{_NAME}|body(\..+)?)",
        "'a fixed value', integration.response.…, context.… or stageVariables.…",
    ),
    "gateway": (
        rf"gatewayresponse\.(header|path|querystring)\.{_NAME}",
        "gatewayresponse.header.NAME",
        f"{_EVERYWHERE}|{_OF_REQUEST}",
        "'a fixed value', method.request.…, context.… or stageVariables.…",
    ),
}
"""Where a mapping stands -> form of its targets and the same in words, form of its sources and in words."""
_DECLARED = re.compile(rf"method\.response\.header\.({_NAME})")


def problems(place: str, kind: str, mappings: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the mappings of a kind: requestParameters, responseParameters, gateway."""
    target_form, target_words, source_form, source_words = _FORMS[kind]
    for target, source in mappings.items():
        if not re.fullmatch(target_form, target):
            yield f"{place}: {target!r} is no target of a mapping; it must be {target_words}"
        if not re.fullmatch(source_form, str(source)):
            yield f"{place}: {target} is mapped from {source!r}; a source is {source_words}"


def undeclared(place: str, mappings: Mapping[str, Any], response: Mapping[str, Any]) -> Iterator[str]:
    """Headers that are mapped and that the operation's response does not name: the import fails on them."""
    named = {name.lower() for name in response.get("headers", {})}
    for target in mappings:
        match = _DECLARED.fullmatch(target)
        if match and match[1].lower() not in named:
            yield f"{place}: the header {match[1]} is mapped, but the operation's response does not name it"
