"""The program: what it says when it cannot start, and what happens when a part of it dies."""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from local.aws import kinesis
from local.processes.children import Processes
from local.processes.ports import free_port
from tests.local.front_door.client import Client
from tests.places import ROOT

STREAM = "beacon-blog"


def command(port: int, *options: str, endpoint: str = "http://127.0.0.1:9") -> list[str]:
    return [
        sys.executable, "-m", "local.front_door", "--port", str(port),
        "--kinesis-endpoint", endpoint, *options,
    ]  # fmt: skip


def answers(client: Client) -> bool:
    with suppress(OSError):
        return client.ask("GET", "/v1/health").status == 200
    return False


@contextmanager
def running(port: int, endpoint: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command(port, endpoint=endpoint), cwd=ROOT)
    try:
        deadline = time.monotonic() + 60
        while not answers(Client(port)):
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.1)
        yield process
    finally:
        process.terminate()
        assert process.wait(30) == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--kinesis-endpoint", "kinesis"], "found 'kinesis'; expected http://host:port"),
        (["--workers", "0"], "--workers: found 0; expected 1 or more"),
        (["--variable", "kill"], "--variable: found 'kill'; expected NAME=VALUE"),
        (
            ["--variable", "kil=on"],
            "found the stage variable 'kil'; the templates know allowed_origins, kill",
        ),
        (
            ["--variable", "kill=a b"],
            "the stage variable kill is 'a b'; API Gateway takes 1 to 512 letters",
        ),
        (["--file", "nowhere.yaml"], "nowhere.yaml cannot be read: No such file or directory"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(options: list[str], sentence: str) -> None:
    done = subprocess.run(command(free_port(), *options), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("The front door cannot start: ")
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_busy_port_is_said_in_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(command(port), cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 2
    assert f"port {port} (the front door) cannot be used" in done.stderr
    assert done.stderr.count("\n") == 1


def test_workers_do_not_outlive_a_killed_parent() -> None:
    port = free_port()
    process = subprocess.Popen(command(port), cwd=ROOT)
    while not answers(Client(port)):
        time.sleep(0.1)
    workers = psutil.Process(process.pid).children()
    assert len(workers) == 2
    process.kill()
    process.wait()
    assert psutil.wait_procs(workers, timeout=20)[1] == []


@pytest.mark.e2e
def test_what_is_answered_204_is_in_the_stream_whoever_is_killed_meanwhile(tmp_path: Path) -> None:
    """A worker is killed, the emulator is away for a while and comes back; posts go on all the time."""
    processes, port = Processes(tmp_path), free_port()
    emulator_port = free_port()
    endpoint = kinesis.start_emulator(processes, tmp_path, emulator_port)
    kinesis.ensure_stream(kinesis.client(endpoint), STREAM, 2)
    statuses: dict[str, int] = {}
    stop = threading.Event()

    def post(who: int, client: Client) -> None:
        number = 0
        while not stop.is_set():
            body = f"{who}/{number}"
            statuses[body] = 0
            with suppress(OSError):
                statuses[body] = client.post(body.encode()).status
            number += 1

    try:
        with running(port, endpoint) as door:
            threads = [threading.Thread(target=post, args=(who, Client(port))) for who in range(8)]
            for thread in threads:
                thread.start()
            time.sleep(1)
            os.kill(psutil.Process(door.pid).children()[0].pid, signal.SIGKILL)
            time.sleep(2)
            processes.stop(kinesis.NAME)
            time.sleep(1)
            kinesis.start_emulator(processes, tmp_path, emulator_port)
            time.sleep(2)
            stop.set()
            for thread in threads:
                thread.join()
        found = stored(endpoint)
    finally:
        stop.set()
        processes.stop_all()
    taken = [body for body, status in statuses.items() if status == 204]
    assert set(taken) <= set(found)
    assert len(found) == len(set(found))
    assert {204, 503} <= set(statuses.values())
    print(f"{len(taken)} of {len(statuses)} posts were answered 204, {len(found)} are stored")


def stored(endpoint: str) -> list[str]:
    """The bodies in the stream."""
    client, found = kinesis.client(endpoint), []
    for shard in client.list_shards(StreamName=STREAM)["Shards"]:
        iterator = client.get_shard_iterator(
            StreamName=STREAM, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while True:
            page = client.get_records(ShardIterator=iterator)
            found += [json.loads(record["Data"])["body"] for record in page["Records"]]
            if not page["Records"]:
                break
            iterator = page["NextShardIterator"]
    return [base64.b64decode(body).decode() for body in found]
