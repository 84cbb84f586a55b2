"""The property groups: the service's limits first, then what the job itself asks of them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from beacon_job.config import ConfigError, parse
from deploy.preflight import contract

Groups = dict[str, dict[str, str]]


class NoDuplicates(ValueError):
    """A JSON object says one key twice."""


def read_groups(path: Path) -> tuple[Groups, list[str]]:
    """The property groups of a file, as far as they have the right shape, and what is wrong with the file."""
    try:
        content = json.loads(path.read_text("utf-8"), object_pairs_hook=_object)
    except OSError as error:
        return {}, [f"{path} cannot be read: {error.strerror}"]
    except ValueError as error:
        return {}, [f"{path} is not the service's JSON: {error}"]
    if not isinstance(content, list):
        return {}, [f"{path} holds {_kind(content)}; allowed is a JSON list of property groups"]
    groups: Groups = {}
    problems = []
    for index, entry in enumerate(content):
        if not _is_group(entry):
            problems.append(
                f"{path}, entry {index}: found {json.dumps(entry)[:80]}; allowed is "
                '{"PropertyGroupId": text, "PropertyMap": {text: text}}'
            )
        elif entry["PropertyGroupId"] in groups:
            problems.append(f"{path}: group {entry['PropertyGroupId']} is there twice; allowed is once")
        else:
            groups[entry["PropertyGroupId"]] = entry["PropertyMap"]
    return groups, problems


def group_problems(groups: Groups) -> Iterator[str]:
    """What the service would refuse about the groups, and what the job would refuse at its start."""
    if len(groups) > contract.MAX_GROUPS:
        yield f"{len(groups)} property groups; the service allows {contract.MAX_GROUPS}"
    for group, values in groups.items():
        yield from _service_problems(group, values)
    yield from _run_option_problems(groups)
    try:
        parse(groups)
    except ConfigError as error:
        yield from error.problems


def local_addresses(groups: Groups) -> Iterator[str]:
    """Notes on values that only make sense on this machine."""
    for group, values in groups.items():
        for key, value in values.items():
            if re.search(r"//(127\.|localhost|\[::1\])", str(value)):
                yield f"group {group}, key {key} is {value}: right on a laptop, leave it out on the service"


def _service_problems(group: str, values: dict[str, str]) -> Iterator[str]:
    if not re.fullmatch(rf"[a-zA-Z0-9_.-]{{1,{contract.MAX_GROUP_NAME}}}", group):
        yield f"group {group!r}: a name has 1 to {contract.MAX_GROUP_NAME} letters, digits, '_', '.' or '-'"
    if not 1 <= len(values) <= contract.MAX_KEYS:
        yield f"group {group} has {len(values)} keys; the service allows 1 to {contract.MAX_KEYS}"
    for key, value in values.items():
        place = f"group {group}, key {key[:60]!r}"
        if not 1 <= len(key) <= contract.MAX_TEXT:
            yield f"{place}: the key has {len(key)} characters; the service allows 1 to {contract.MAX_TEXT}"
        if not isinstance(value, str):
            yield f"{place}: found {_kind(value)} {json.dumps(value)[:60]}; the service allows texts only"
        elif not value.strip():
            yield f"{place}: the value is blank; leave the key out instead"
        elif len(value) > contract.MAX_TEXT:
            yield f"{place}: the value has {len(value)} characters; allowed are {contract.MAX_TEXT}"


def _run_option_problems(groups: Groups) -> Iterator[str]:
    options = groups.get(contract.RUN_OPTIONS)
    if options is None:
        yield f"group {contract.RUN_OPTIONS} is missing; without it the application does not start"
        return
    for key in contract.REQUIRED_RUN_KEYS:
        if key not in options:
            yield f"group {contract.RUN_OPTIONS} lacks {key}"
    for key in options:
        if key in contract.UNSUPPORTED_RUN_KEYS:
            yield f"group {contract.RUN_OPTIONS}, key {key}: Flink knows it, the service does not support it"
        elif key not in contract.RUN_KEYS:
            allowed = ", ".join(contract.RUN_KEYS)
            yield f"group {contract.RUN_OPTIONS}, key {key} is not known; allowed are {allowed}"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        message = (
            f"key {next(name for name in names if names.count(name) > 1)!r} is there twice in one object"
        )
        raise NoDuplicates(message)
    return found


def _is_group(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and set(entry) == {"PropertyGroupId", "PropertyMap"}
        and isinstance(entry["PropertyGroupId"], str)
        and isinstance(entry["PropertyMap"], dict)
    )


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a text", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")
