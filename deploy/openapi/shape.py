"""Where the document must hold a mapping, and where a list: the rules rely on it."""

from collections.abc import Iterator
from typing import Any

from deploy.openapi.document import BINARY, GATEWAY, INTEGRATION, STAGE
from deploy.openapi.vocabulary import METHODS

Spec = dict[str, Any] | list[Any] | None
"""A mapping by its members (`*`: any other one), a list by its only kind of member, or anything."""

_REPLY: Spec = {"responseParameters": {}, "responseTemplates": {}}
_OPERATION: Spec = {
    "parameters": [{}],
    "requestBody": {"content": {}},
    "responses": {"*": {"headers": {}}},
    "security": [{}],
    INTEGRATION: {"requestParameters": {}, "requestTemplates": {}, "responses": {"*": _REPLY}},
}
DOCUMENT: Spec = {
    "paths": {"*": {"parameters": [{}], **dict.fromkeys(METHODS, _OPERATION)}},
    "components": {"securitySchemes": {"*": {}}},
    STAGE: {"variables": {}, "throttling": {}},
    BINARY: [None],
    GATEWAY: {"*": _REPLY},
}


def misshapen(value: Any, spec: Spec, place: str = "") -> Iterator[str]:
    """A sentence for each part that is something else."""
    if spec is not None and type(value) is not type(spec):
        wanted = "a list" if isinstance(spec, list) else "a mapping"
        yield f"{place or 'the document'}: found {repr(value)[:60]}; it is {wanted}"
    elif isinstance(spec, list):
        for number, member in enumerate(value):
            yield from misshapen(member, spec[0], f"{place}[{number}]")
    elif isinstance(spec, dict):
        for name, member in value.items():
            yield from misshapen(member, spec.get(name, spec.get("*")), f"{place}.{name}".lstrip("."))
