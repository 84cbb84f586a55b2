"""One `make run` at a time in a work folder: the second would end what the first has started."""

import fcntl
import os
from pathlib import Path
from typing import IO

from local.processes.children import StartError


def hold(home: Path) -> IO[str]:
    """The folder's lock, held until the file is closed or the process ends; raises StartError if taken."""
    home.mkdir(parents=True, exist_ok=True)
    lock = _file(home).open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        message = (
            f"`make run` is already at work in {home.resolve()} (process {_written(home)});"
            " end it with Ctrl-C, or choose another folder with BEACON_HOME= and other ports"
        )
        raise StartError(message) from None
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    return lock


def holder(home: Path) -> int | None:
    """The process that holds the folder's lock, or None."""
    try:
        with _file(home).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except OSError:
        return int(_written(home) or 0) or None
    return None


def _written(home: Path) -> str:
    return _file(home).read_text().strip()


def _file(home: Path) -> Path:
    return home / "lock"
