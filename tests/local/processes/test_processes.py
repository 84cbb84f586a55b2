"""Child processes: found again by a later run, and ended with everything they started."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.processes.children import Processes, StartError
from local.processes.ports import free_port, refuse_busy_port

PARENT_AND_CHILD = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
time.sleep(600)
"""
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(600)
"""

SLOW_TO_DIE = """
import socket, threading, time
server = socket.create_server(("127.0.0.1", 0))
touched = bytearray(300_000_000)
touched[::4096] = b"1" * len(touched[::4096])
for _ in range(50):
    threading.Thread(target=time.sleep, args=(600,)).start()
print(server.getsockname()[1], flush=True)
"""


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    """Processes with a work folder of their own, all ended after the test."""
    made = Processes(tmp_path)
    yield made
    made.stop_all()


def start(processes: Processes, name: str, program: str) -> str:
    """Start a Python program and return the first line it prints."""
    processes.start(name, [sys.executable, "-c", program], os.environ, Path("/"))
    while not processes.log(name).read_text().endswith("\n"):
        time.sleep(0.01)
    return processes.log(name).read_text().strip()


def lives(pid: int) -> bool:
    """Whether a process is there and no zombie."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return bool(state.strip()) and not state.startswith("Z")


def test_stopping_a_process_ends_its_children_too(processes: Processes) -> None:
    child = int(start(processes, "job", PARENT_AND_CHILD))
    processes.stop("job")
    assert not lives(child)
    assert processes.pid("job") is None


def test_children_of_a_killed_process_are_ended(processes: Processes) -> None:
    child = int(start(processes, "job", PARENT_AND_CHILD))
    head = processes.pid("job")
    assert head
    os.kill(head, signal.SIGKILL)
    processes.stop("job")
    assert not lives(child)


def test_the_port_of_a_killed_process_is_free_once_it_is_stopped(processes: Processes) -> None:
    port = int(start(processes, "server", SLOW_TO_DIE))
    head = processes.pid("server")
    assert head
    os.kill(head, signal.SIGKILL)
    processes.stop("server")
    refuse_busy_port(port, "PORT", "the test's server")


def test_a_later_run_finds_and_ends_what_an_earlier_one_left(processes: Processes, tmp_path: Path) -> None:
    child = int(start(processes, "job", PARENT_AND_CHILD))
    later = Processes(tmp_path)
    assert later.pid("job") == processes.pid("job")
    assert later.stop_all() == ["job"]
    assert not lives(child)
    assert later.names() == []


def test_a_process_that_ignores_the_signal_is_killed(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.processes.children.TERM_PATIENCE_S", 0.2)
    start(processes, "deaf", DEAF)
    head = processes.pid("deaf")
    assert head
    processes.stop("deaf")
    assert not lives(head)


def test_free_ports_differ_and_no_outgoing_connection_can_take_them() -> None:
    ports = {free_port() for _ in range(20)}
    assert len(ports) == 20
    assert max(ports) < 32_768


def test_a_process_that_cannot_be_remembered_does_not_run(
    processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []

    def no_space(_: Processes, __: str, pid: int) -> None:
        started.append(pid)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Processes, "_remember", no_space)
    with pytest.raises(OSError, match="No space left"):
        processes.start("job", [sys.executable, "-c", PARENT_AND_CHILD], os.environ, Path("/"))
    assert not lives(started[0])
    assert processes.names() == []


def test_a_stranger_with_a_remembered_number_is_left_alone(processes: Processes, tmp_path: Path) -> None:
    stranger = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True
    )
    try:
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "old.pid").write_text(f"{stranger.pid} Thu Jan  1 00:00:00 1970\n")
        processes.stop("old")
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_the_log_of_the_run_before_is_kept(processes: Processes) -> None:
    start(processes, "job", "print('first')")
    processes.stop("job")
    start(processes, "job", "print('second')")
    assert processes.log("job").with_suffix(".log.1").read_text() == "first\n"


def test_a_busy_port_is_one_clear_sentence() -> None:
    port = free_port()
    refuse_busy_port(port, "HTTP_PORT", "the health page")
    server = subprocess.Popen(
        [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        with pytest.raises(
            StartError, match=rf"^port {port} \(the health page\) cannot be used: .*HTTP_PORT=$"
        ):
            while server.poll() is None:
                refuse_busy_port(port, "HTTP_PORT", "the health page")
    finally:
        server.kill()
        server.wait()
