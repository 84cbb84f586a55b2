"""One whole stack for all end-to-end tests: emulator, stand-in, cluster, the job from the zip."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local.processes.ports import free_port
from local.stack.settings import RunSettings
from local.stack.stack import Stack


def settings(home: Path, **changes: object) -> RunSettings:
    """A stack on free ports, without viewers."""
    values: dict[str, object] = {
        "viewers": 0,
        "kinesis_port": free_port(),
        "store": "timestream",
        "timestream_port": free_port(),
        "postgres_port": free_port(),
        "http_port": free_port(),
        "front_door_port": free_port(),
        "flink_ui_port": free_port(),
        "task_managers": 1,
        "kinesis_shards": 4,
        "kinesis_endpoint": None,
        "seed": 1,
        "home": home,
    }
    return RunSettings(**{**values, **changes})  # type: ignore[arg-type]


def wait_for(what: str, condition: Callable[[], bool], patience_s: float = 120.0) -> None:
    """Poll until the condition holds; fail with `what` when patience ends."""
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {patience_s:.0f} s: {what}")
        time.sleep(0.5)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The running stack."""
    stack = Stack(settings(tmp_path_factory.mktemp("stack")), print, threading.Event())
    try:
        stack.check_ports()
        stack.start()
        wait_for("all tasks of the job run", lambda: stack.cluster.rest.all_tasks_run(stack.job))
        yield stack
    finally:
        stack.stop()
