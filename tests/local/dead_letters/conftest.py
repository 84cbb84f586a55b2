"""One Kinesis emulator for these tests, with fresh streams for each."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.aws import kinesis
from local.processes.children import Processes
from local.processes.ports import free_port
from local.stack.stack import DEAD_LETTERS, STREAM


@pytest.fixture(scope="session")
def kinesis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    home, port = tmp_path_factory.mktemp("kinesis"), free_port()
    processes = Processes(home)
    kinesis.start_emulator(processes, home, port)
    yield port
    processes.stop_all()


@pytest.fixture
def client(kinesis_port: int) -> Any:
    made = kinesis.client(f"http://127.0.0.1:{kinesis_port}")
    for name, shards in ((STREAM, 2), (DEAD_LETTERS, 1)):
        if name in made.list_streams()["StreamNames"]:
            made.delete_stream(StreamName=name)
            made.get_waiter("stream_not_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
        kinesis.ensure_stream(made, name, shards)
    return made
