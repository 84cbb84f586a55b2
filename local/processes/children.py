"""Child processes that leave nothing behind: each is the head of its own process group and has a pid file."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

TERM_PATIENCE_S = 15.0
"""How long a group may take to end after SIGTERM before it is killed."""


class StartError(RuntimeError):
    """Something of the local stack did not start; the message says what to do, in words."""


class Processes:
    """The processes of one stack, known by name, found again through their pid files by a later run."""

    def __init__(self, home: Path) -> None:
        self._pids = home / "run"
        self._logs = home / "logs"
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str], cwd: Path) -> None:
        """Start `command` in a process group of its own, its output in logs/<name>.log.

        The output of its last run is kept as logs/<name>.log.1. Raises OSError when the work folder cannot be
        written; nothing runs then.
        """
        self._pids.mkdir(parents=True, exist_ok=True)
        with self._open_log(name) as log:
            child = subprocess.Popen(
                command,
                env=dict(env),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._children[name] = child
        try:
            self._remember(name, child.pid)
        except OSError:
            _end_group(child.pid, child)
            raise

    def pid(self, name: str) -> int | None:
        """The process id of `name` while it runs, whoever started it."""
        head = self._head(name)
        return head if head is not None and head in {pid for pid, _ in _members(head)} else None

    def exit_code(self, name: str) -> int | None:
        """How `name`, started by this object, ended; None while it runs."""
        return self._children[name].poll()

    def log(self, name: str) -> Path:
        """Where the output of `name` is kept."""
        return self._logs / f"{name}.log"

    def names(self) -> list[str]:
        """Everything with a pid file, the newest first: the order in which to stop."""
        files = sorted(self._pids.glob("*.pid"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        return [path.stem for path in files]

    def stop(self, name: str) -> None:
        """End the whole group of `name`, children that outlived a killed head included."""
        head = self._head(name)
        if head is not None:
            _end_group(head, self._children.get(name))
        self._pid_file(name).unlink(missing_ok=True)

    def stop_all(self) -> list[str]:
        """End everything that has a pid file; returns the names of what was there."""
        stopped = self.names()
        for name in stopped:
            self.stop(name)
        return stopped

    def _remember(self, name: str, pid: int) -> None:
        """Write the pid file, whole or not at all: a full disk leaves no empty one."""
        made = self._pid_file(name).with_suffix(".new")
        made.write_text(f"{pid} {_started(pid)}\n")
        made.replace(self._pid_file(name))

    def _open_log(self, name: str) -> IO[bytes]:
        self._logs.mkdir(parents=True, exist_ok=True)
        if self.log(name).exists():
            self.log(name).replace(self._logs / f"{name}.log.1")
        return self.log(name).open("ab")

    def _pid_file(self, name: str) -> Path:
        return self._pids / f"{name}.pid"

    def _head(self, name: str) -> int | None:
        """The group's id, unless the number meanwhile belongs to a stranger."""
        try:
            number, _, started = self._pid_file(name).read_text().strip().partition(" ")
        except FileNotFoundError:
            return None
        now = _started(int(number))
        return int(number) if now in ("", started) else None


def _started(pid: int) -> str:
    """When a process started, as `ps` tells it; empty when it is gone. Linux and macOS."""
    command = ["ps", "-o", "lstart=", "-p", str(pid)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout.strip()


def _members(group: int) -> list[tuple[int, str]]:
    """Living processes of a group, as (pid, state).

    A zombie is not living, unless threads of it (`l`) are still dying: they hold its ports until then.
    """
    found = subprocess.run(["ps", "-A", "-o", "pid=,pgid=,stat="], capture_output=True, text=True, check=True)
    rows = (line.split() for line in found.stdout.splitlines())
    return [
        (int(pid), stat)
        for pid, pgid, stat in rows
        if int(pgid) == group and (not stat.startswith("Z") or "l" in stat)
    ]


def _end_group(group: int, child: subprocess.Popen[bytes] | None) -> None:
    for sign, patience_s in ((signal.SIGTERM, TERM_PATIENCE_S), (signal.SIGKILL, TERM_PATIENCE_S)):
        with suppress(ProcessLookupError):
            os.killpg(group, sign)
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            if child is not None:
                child.poll()
            if not _members(group):
                return
            time.sleep(0.1)
