"""The job's configuration: read once, at the edge, from property groups of strings, checked as a whole."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from beacon_job.config.properties import (
    DEAD_LETTER,
    SOURCE,
    STORE,
    STREAM,
    Property,
    properties_for,
    properties_of,
)
from beacon_job.config.settings import DeadLetterSettings, FlinkSettings, SourceSettings
from beacon_job.gather.settings import GatherSettings, WatermarkSettings
from beacon_job.rollup.settings import RollupSettings
from beacon_job.sessions.settings import Settings as SessionSettings
from beacon_job.stores import DEFAULT, WINGS
from beacon_job.types.errors import BeaconError
from beacon_job.types.settings import Settings

SERVICE_FILE = Path("/etc/flink/application_properties.json")
"""Where Managed Service for Apache Flink puts the property groups."""
RUN_OPTIONS = "kinesis.analytics.flink.run.options"
"""The service's own group; the job does not read it."""

Groups = Mapping[str, Mapping[str, str]]
Values = dict[tuple[str, str], Any]
"""By group and key."""

S = TypeVar("S", bound=Settings)


class ConfigError(BeaconError):
    """All that is wrong with the properties, one sentence a line."""

    def __init__(self, origin: str, problems: list[str]) -> None:
        super().__init__("\n".join([f"{origin}: {len(problems)} problem(s)", *problems]))
        self.problems = problems


class JobConfig(msgspec.Struct, frozen=True):
    """The settings of every stage, checked."""

    source: SourceSettings
    dead_letters: DeadLetterSettings
    store: Settings
    """Of the store that was chosen; `stores.open_store` opens it."""
    gather: GatherSettings
    watermark: WatermarkSettings
    rollup: RollupSettings
    sessions: SessionSettings
    run: FlinkSettings


def load(path: Path = SERVICE_FILE) -> JobConfig:
    """The configuration in `path`, a JSON list of {PropertyGroupId, PropertyMap}.

    Raises ConfigError, which names every problem at once.
    """
    try:
        content = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(str(path), [f"cannot be read: {error.strerror}"]) from None
    except ValueError as error:
        raise ConfigError(str(path), [f"is not JSON: {error}"]) from None
    return parse(_groups(content, str(path)), str(path))


def parse(groups: Groups, origin: str = "properties") -> JobConfig:
    """The configuration in property groups; raises ConfigError with every problem found."""
    chosen = groups.get(STORE, {}).get("store")
    store = chosen if isinstance(chosen, str) and chosen in WINGS else DEFAULT
    properties = properties_for(store)
    problems = _unknown(groups, properties)
    values: Values = {}
    for item in properties:
        found = groups.get(item.group, {}).get(item.key)
        try:
            if found is not None:
                values[item.group, item.key] = _value(item, found)
            elif item.required:
                problems.append(f"group {item.group}, key {item.key}: is missing; expected {item.expected()}")
        except ValueError as problem:
            problems.append(f"group {item.group}, key {item.key}: {problem}")
    if problems:
        raise ConfigError(origin, problems)
    return JobConfig(
        source=_settings(SourceSettings, SOURCE, values),
        dead_letters=_settings(DeadLetterSettings, DEAD_LETTER, values),
        store=_settings(WINGS[store].settings, STORE, values),
        gather=_settings(GatherSettings, STREAM, values),
        watermark=_settings(WatermarkSettings, STREAM, values),
        rollup=_settings(RollupSettings, STREAM, values),
        sessions=_settings(SessionSettings, STREAM, values),
        run=_settings(FlinkSettings, STREAM, values),
    )


def _groups(content: object, origin: str) -> dict[str, dict[str, str]]:
    shape = 'expected a JSON list of {"PropertyGroupId": text, "PropertyMap": {text: text}}'
    if not isinstance(content, list):
        raise ConfigError(origin, [f"found {type(content).__name__}; {shape}"])
    groups: dict[str, dict[str, str]] = {}
    for index, entry in enumerate(content):
        name = entry.get("PropertyGroupId") if isinstance(entry, dict) else None
        values = entry.get("PropertyMap") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not isinstance(values, dict):
            raise ConfigError(origin, [f"entry {index}: {shape}"])
        groups[name] = values
    return groups


def _unknown(groups: Groups, properties: list[Property]) -> list[str]:
    known: dict[str, list[str]] = {}
    for item in properties:
        known.setdefault(item.group, []).append(item.key)
    problems = []
    for group, values in groups.items():
        if group == RUN_OPTIONS:
            continue
        if group not in known:
            problems.append(f"group {group} is not known; allowed are {', '.join(known)}")
            continue
        problems.extend(
            f"group {group}, key {key} is not known; allowed are {', '.join(known[group])}"
            for key in values
            if key not in known[group]
        )
    return problems


def _value(item: Property, found: object) -> Any:
    if not isinstance(found, str) or not found.strip():
        message = f"found {found!r}; expected {item.expected()} as a text that is not blank"
        raise ValueError(message)
    return item.read(found)


def _settings(kind: type[S], group: str, values: Values) -> S:
    """What a stage takes: the values that are given, and its own defaults."""
    given = {
        item.field: values[group, item.key]
        for item in properties_of(group, kind)
        if (group, item.key) in values
    }
    return kind(**given)
