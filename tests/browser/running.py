"""`make run` as a process of its own: started on free ports, waited for, ended."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from local.processes.children import Processes
from local.processes.ports import free_port
from local.stack.settings import PORTS, RunSettings, from_environment
from local.stores import TimestreamStandIn
from tests.places import ROOT

VIEWERS = 20
START_S = 240.0
"""The first run in a fresh clone resolves the connector with Maven."""
END_S = 90.0
"""A savepoint, and every process of the stack one after the other."""


class RunningStack:
    """A running `make run`: `settings` name its ports and its work folder."""

    def __init__(self, home: Path) -> None:
        environment = {name: str(free_port()) for name in PORTS}
        environment |= {"VIEWERS": str(VIEWERS), "BEACON_HOME": str(home)}
        self.settings: RunSettings = from_environment(environment)
        self.processes = Processes(home)
        self.store = TimestreamStandIn(self.processes, home, self.settings.timestream_port)
        self._output = home / "output"
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local.run"],
                env=os.environ | environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def url(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.settings.http_port}"

    def wait(self) -> None:
        """Return when beacons are consumed; fail with the end of its output when that takes too long."""
        deadline = time.monotonic() + START_S
        while not self._healthy():
            if self._process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"`make run` did not start:\n{self._output.read_text()[-2_000:]}")
            time.sleep(0.5)

    def end(self) -> None:
        """End it as Ctrl-C does; what is left after that is killed."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        finally:
            self.processes.stop_all()

    def viewers(self) -> dict[str, Any]:
        """The viewers' own counters, and what is true of them."""
        return dict(json.loads((self.settings.home / "viewers.json").read_bytes()))

    def _healthy(self) -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
        return False
