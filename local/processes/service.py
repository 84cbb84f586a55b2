"""Starting one Python process of the stack and waiting until it answers."""

import os
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence

from local.processes.children import Processes, StartError
from local.project import PROJECT

PATIENCE_S = 60.0


def start(
    processes: Processes,
    name: str,
    command: Sequence[str],
    ready: str | Callable[[], bool] | None = None,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Start it, and wait until a page answers 200, or a question is answered with yes.

    Raises StartError with the end of its log.
    """
    processes.start(name, command, {**os.environ, **(environment or {})}, PROJECT)
    deadline = time.monotonic() + PATIENCE_S
    while ready and not (ready() if callable(ready) else answers(ready)):
        if processes.exit_code(name) is not None:
            tail = "\n".join(processes.log(name).read_text(errors="replace").splitlines()[-5:])
            message = f"{name} ended while starting; the end of {processes.log(name)}:\n{tail}"
            raise StartError(message)
        if time.monotonic() > deadline:
            message = f"{name} did not answer within {PATIENCE_S:.0f} s; see {processes.log(name)}"
            raise StartError(message)
        time.sleep(0.1)


def answers(url: str) -> bool:
    """Whether a GET of `url` is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
