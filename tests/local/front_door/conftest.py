"""A front door on a free port, with a Kinesis behind it that keeps what it gets."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace

import pytest
from aiohttp import web

from local.front_door.definition import Definition, load
from local.front_door.server import listen
from tests.local.front_door.client import Client
from tests.local.front_door.fake_kinesis import FakeKinesis
from tests.places import ROOT

FILE = ROOT / "deploy" / "openapi.yaml"


@asynccontextmanager
async def serving(kinesis: FakeKinesis) -> AsyncIterator[str]:
    """The stream's endpoint."""
    application = web.Application(client_max_size=64 * 2**20)
    application.add_routes([web.post("/", kinesis.answer)])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def timing_out_after(definition: Definition, timeout_s: float) -> Definition:
    """The definition with another timeout of all its integrations."""
    methods = {
        path: {
            name: replace(method, integration=replace(method.integration, timeout_s=timeout_s))
            for name, method in methods.items()
        }
        for path, methods in definition.methods.items()
    }
    return replace(definition, methods=methods)


@contextmanager
def door(
    kinesis: FakeKinesis,
    variables: dict[str, str] | None = None,
    *keys: str,
    kinesis_url: str = "",
    timeout_s: float = 10.0,
    **limits: float,
) -> Iterator[Client]:
    """A client of a door in front of this stream, with these stage variables and API keys."""
    definition = load(FILE, variables, key_required=bool(keys))
    definition = replace(timing_out_after(definition, timeout_s), **limits)
    ready, stop = threading.Event(), threading.Event()
    ports: list[int] = []

    async def serve() -> None:
        async with (
            serving(kinesis) as url,
            listen(definition, kinesis_url or url, "127.0.0.1", 0, frozenset(keys)) as port,
        ):
            ports.append(port)
            ready.set()
            while not stop.is_set():
                await asyncio.sleep(0.02)

    thread = threading.Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(30)
        yield Client(ports[0])
    finally:
        stop.set()
        thread.join()


@pytest.fixture
def stream() -> FakeKinesis:
    """What the door puts into."""
    return FakeKinesis()


@pytest.fixture
def client(stream: FakeKinesis) -> Iterator[Client]:
    """Of a door without any settings."""
    with door(stream) as found:
        yield found
