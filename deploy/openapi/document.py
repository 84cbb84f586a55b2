"""The file as one tree without YAML's shorthands, and its parameters filled in."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

_PARAMETER = re.compile(r"\$\{([^}]*)\}")
INTEGRATION = "x-amazon-apigateway-integration"
BINARY = "x-amazon-apigateway-binary-media-types"
GATEWAY = "x-amazon-apigateway-gateway-responses"
STAGE = "x-beacon-stage"
"""What deploying makes of it; OpenAPI has no place for a stage."""
EXAMPLE = {
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "FrontDoorRoleArn": "arn:aws:iam::000000000000:role/front-door",
}
"""Parameters where nothing is deployed: all that the file may ask for."""
SHARED = "x-beacon-shared"
"""What the file writes once and uses several times; of no use to API Gateway."""


class DocumentError(ValueError):
    """The file cannot be read or filled in; the message says why, in words."""


class _Loader(yaml.SafeLoader):
    """YAML as API Gateway reads it: a key that stands twice is an error and not the second one's value."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value:
            name = key.value
            if name in seen and name != "<<":
                message = f"line {key.start_mark.line + 1}: the key {name!r} stands twice"
                raise DocumentError(message)
            seen.add(name)
        return super().construct_mapping(node, deep)


def read(path: Path) -> dict[str, Any]:
    """The document, anchors and merges resolved, without what only served to share. Raises DocumentError."""
    try:
        found = yaml.load(path.read_text(), _Loader)  # noqa: S506 a SafeLoader
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}"
        raise DocumentError(message) from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        message = f"{path} is not YAML: {' '.join(str(error).split())}"
        raise DocumentError(message) from None
    if not isinstance(found, dict):
        message = f"{path} holds {type(found).__name__}; an OpenAPI document is a mapping"
        raise DocumentError(message)
    return {key: value for key, value in _as_json(path, found).items() if key != SHARED}


def _as_json(path: Path, found: dict[Any, Any]) -> dict[str, Any]:
    """What JSON makes of it, which is what is imported: names are texts, and nothing is there twice."""
    try:
        told = json.loads(json.dumps(found))
    except (TypeError, ValueError) as error:
        message = f"{path} holds what JSON has not: {error}"
        raise DocumentError(message) from None
    assert isinstance(told, dict)  # noqa: S101 a mapping is one in JSON
    return told


def filled(value: Any, parameters: Mapping[str, str]) -> Any:
    """The tree with each `Fn::Sub` replaced by its text. Raises DocumentError for a parameter not given."""
    if isinstance(value, list):
        return [filled(member, parameters) for member in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"Fn::Sub"}:
        return _PARAMETER.sub(lambda match: _given(match[1], parameters), str(value["Fn::Sub"]))
    return {key: filled(member, parameters) for key, member in value.items()}


def requiring_key(document: dict[str, Any]) -> dict[str, Any]:
    """The document in which every operation that reaches a service asks for the API key."""

    def locked(operation: Any) -> Any:
        told = operation.get(INTEGRATION, {}) if isinstance(operation, dict) else {}
        return {**operation, "security": [{"api_key": []}]} if told.get("type") == "aws" else operation

    paths = {
        path: {name: locked(operation) for name, operation in item.items()}
        for path, item in document["paths"].items()
    }
    return {**document, "paths": paths}


def _given(name: str, parameters: Mapping[str, str]) -> str:
    if name not in parameters:
        message = f"found the parameter {name!r}; known are {', '.join(parameters)}"
        raise DocumentError(message)
    return parameters[name]
