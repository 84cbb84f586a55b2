"""What `make run` takes from the environment, checked at once and in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from local.processes.children import StartError
from local.stores import STORES


@dataclass(frozen=True)
class RunSettings:
    """The local stack's settings; the names in capitals are the environment's."""

    viewers: int
    kinesis_port: int
    store: str
    """One of `STORES`."""
    timestream_port: int
    postgres_port: int
    http_port: int
    front_door_port: int
    flink_ui_port: int
    task_managers: int
    kinesis_shards: int
    kinesis_endpoint: str | None
    seed: int
    home: Path

    @property
    def kinesis_url(self) -> str:
        """Where Kinesis is: somebody's own emulator, or ours."""
        return self.kinesis_endpoint or f"http://127.0.0.1:{self.kinesis_port}"

    @property
    def front_door_url(self) -> str:
        """Where beacons are sent, the stage included."""
        return f"http://127.0.0.1:{self.front_door_port}/Default"


NUMBERS: Mapping[str, tuple[int, int, int]] = {
    "VIEWERS": (20, 0, 100_000),
    "KINESIS_PORT": (4566, 1, 65_535),
    "TIMESTREAM_PORT": (8087, 1, 65_535),
    "POSTGRES_PORT": (5433, 1, 65_535),
    "HTTP_PORT": (8080, 1, 65_535),
    "FRONT_DOOR_PORT": (8090, 1, 65_535),
    "FLINK_UI_PORT": (8081, 1, 65_535),
    "TASK_MANAGERS": (1, 1, 16),
    "KINESIS_SHARDS": (2, 1, 64),
    "SEED": (1, 0, 2**31),
}
"""Name -> (default, least, most)."""

PORTS = (
    "KINESIS_PORT", "TIMESTREAM_PORT", "POSTGRES_PORT", "HTTP_PORT", "FRONT_DOOR_PORT", "FLINK_UI_PORT"
)  # fmt: skip


def from_environment(environment: Mapping[str, str]) -> RunSettings:
    """Read the settings; raises StartError with every problem found."""
    problems: list[str] = []
    values = {name: _number(name, environment, problems) for name in NUMBERS}
    ports = [values[name] for name in PORTS]
    if len(set(ports)) < len(ports):
        found = ", ".join(f"{name}={values[name]}" for name in PORTS)
        problems.append(f"found {found}; each needs a port of its own")
    store = environment.get("STORE") or STORES[0]
    if store not in STORES:
        problems.append(f"STORE: found {store!r}; expected {' or '.join(STORES)}")
    endpoint = environment.get("KINESIS_ENDPOINT") or None
    if endpoint and (urlsplit(endpoint).scheme not in ("http", "https") or not urlsplit(endpoint).hostname):
        problems.append(f"KINESIS_ENDPOINT: found {endpoint!r}; expected a URL such as http://127.0.0.1:4566")
    if problems:
        raise StartError("\n".join(problems))
    return RunSettings(
        viewers=values["VIEWERS"],
        kinesis_port=values["KINESIS_PORT"],
        store=store,
        timestream_port=values["TIMESTREAM_PORT"],
        postgres_port=values["POSTGRES_PORT"],
        http_port=values["HTTP_PORT"],
        front_door_port=values["FRONT_DOOR_PORT"],
        flink_ui_port=values["FLINK_UI_PORT"],
        task_managers=values["TASK_MANAGERS"],
        kinesis_shards=values["KINESIS_SHARDS"],
        kinesis_endpoint=endpoint,
        seed=values["SEED"],
        home=Path(environment.get("BEACON_HOME") or ".beacon"),
    )


def _number(name: str, environment: Mapping[str, str], problems: list[str]) -> int:
    default, least, most = NUMBERS[name]
    found = environment.get(name) or str(default)
    if found.isdecimal() and least <= int(found) <= most:
        return int(found)
    problems.append(f"{name}: found {found!r}; expected a whole number from {least} to {most}")
    return default
