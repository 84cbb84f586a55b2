"""The job's configuration: read once, at the edge, from property groups of strings, checked as a whole."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from beacon_job.config.properties import DEAD_LETTER, PROPERTIES, SOURCE, STORE, STREAM, Property
from beacon_job.gather.gatherer import GatherSettings
from beacon_job.gather.watermark import WatermarkSettings
from beacon_job.rollup.windows import RollupSettings
from beacon_job.sessions.settings import Settings as SessionSettings
from beacon_job.stores.timestream.store import TimestreamConfig

SERVICE_FILE = Path("/etc/flink/application_properties.json")
"""Where Managed Service for Apache Flink puts the property groups."""
RUN_OPTIONS = "kinesis.analytics.flink.run.options"
"""The service's own group; the job does not read it."""

Groups = Mapping[str, Mapping[str, str]]


class ConfigError(ValueError):
    """All that is wrong with the properties, one sentence a line."""

    def __init__(self, origin: str, problems: list[str]) -> None:
        super().__init__("\n".join([f"{origin}: {len(problems)} problem(s)", *problems]))
        self.problems = problems


@dataclass(frozen=True)
class Stream:
    """A Kinesis stream and how to reach it."""

    name: str
    region: str
    endpoint: str | None


@dataclass(frozen=True)
class JobConfig:
    """What the job needs to know, checked. Times in ms."""

    source: Stream
    initial_position: str
    shard_discovery_interval_ms: int
    get_records_interval_ms: int
    dead_letters: Stream
    store: TimestreamConfig
    gather: GatherSettings
    watermark: WatermarkSettings
    rollup: RollupSettings
    sessions: SessionSettings
    bundle_size: int
    bundle_time_ms: int
    max_parallelism: int


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
    problems = _unknown(groups)
    values: dict[tuple[str, str], str | None] = {}
    for item in PROPERTIES:
        found = groups.get(item.group, {}).get(item.key)
        problem = _problem(item, found)
        if problem:
            problems.append(f"group {item.group}, key {item.key}: {problem}")
        values[item.group, item.key] = item.default if found is None else found
    if problems:
        raise ConfigError(origin, problems)
    return _build(values)


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


def _unknown(groups: Groups) -> list[str]:
    known: dict[str, list[str]] = {}
    for item in PROPERTIES:
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


def _problem(item: Property, found: object) -> str | None:
    if found is None:
        return None if item.default is not None or item.optional else f"is missing; expected {item.allowed}"
    if not isinstance(found, str) or not found.strip():
        return f"found {found!r}; expected {item.allowed} as a text that is not blank"
    return _CHECKS[item.kind](item, found)


def _check_text(item: Property, found: str) -> str | None:
    return None if re.fullmatch(r"[\w.-]{1,256}", found) else f"found {found!r}; expected {item.allowed}"


def _check_integer(item: Property, found: str) -> str | None:
    low, high = (int(bound) for bound in item.allowed.split(".."))
    if re.fullmatch(r"-?\d{1,12}", found) and low <= int(found) <= high:
        return None
    return f"found {found!r}; expected a whole number from {low} to {high}"


def _check_choice(item: Property, found: str) -> str | None:
    choices = item.allowed.split("|")
    return None if found in choices else f"found {found!r}; expected one of {', '.join(choices)}"


def _check_list(item: Property, found: str) -> str | None:
    parts = [part.strip() for part in found.split(",")]
    if all(re.fullmatch(r"[A-Za-z_][\w.-]{0,59}", part) for part in parts) and len(set(parts)) == len(parts):
        return None
    return f"found {found!r}; expected {item.allowed}, none twice"


def _check_url(item: Property, found: str) -> str | None:
    url = urlsplit(found)
    if url.scheme in ("http", "https") and url.hostname and "'" not in found:
        return None
    return f"found {found!r}; expected {item.allowed}"


_CHECKS = {
    "text": _check_text,
    "integer": _check_integer,
    "choice": _check_choice,
    "list": _check_list,
    "url": _check_url,
}


def _build(values: Mapping[tuple[str, str], str | None]) -> JobConfig:
    def text(group: str, key: str) -> str:
        return str(values[group, key])

    def number(group: str, key: str) -> int:
        return int(text(group, key))

    def texts(group: str, key: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in text(group, key).split(","))

    def stream(group: str) -> Stream:
        return Stream(text(group, "stream"), text(group, "aws.region"), values[group, "aws.endpoint"])

    dimensions = texts(STREAM, "group.dimensions")
    return JobConfig(
        source=stream(SOURCE),
        initial_position=text(SOURCE, "initial.position"),
        shard_discovery_interval_ms=number(SOURCE, "shard.discovery.interval.ms"),
        get_records_interval_ms=number(SOURCE, "get.records.interval.ms"),
        dead_letters=stream(DEAD_LETTER),
        store=TimestreamConfig(
            region=text(STORE, "aws.region"),
            database=text(STORE, "database"),
            tables={name: text(STORE, f"table.{name}") for name in ("events", "qoe", "sessions")},
            endpoint_url=values[STORE, "aws.endpoint"],
            connections=number(STORE, "connections"),
            request_timeout_ms=number(STORE, "request.timeout.ms"),
            retry_budget_ms=number(STORE, "retry.budget.ms"),
        ),
        gather=GatherSettings(
            group_dimensions=dimensions,
            session_buckets=number(STREAM, "session.buckets"),
            rollup_shards=number(STREAM, "rollup.shards"),
            left_out=frozenset(texts(STREAM, "events.left.out")),
        ),
        watermark=WatermarkSettings(
            bound_ms=number(STREAM, "watermark.bound.ms"), idle_ms=number(STREAM, "shard.idle.ms")
        ),
        rollup=RollupSettings(dimensions=dimensions, max_groups=number(STREAM, "group.limit")),
        sessions=SessionSettings(dimensions=dimensions),
        bundle_size=number(STREAM, "bundle.size"),
        bundle_time_ms=number(STREAM, "bundle.time.ms"),
        max_parallelism=number(STREAM, "max.parallelism"),
    )
