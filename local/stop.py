"""Ends a `make run` that is still at work, and what a killed one left behind: `python -m local.stop`."""

import os
import signal
import time

from local.processes.children import Processes
from local.stack import lock
from local.stack.settings import from_environment

PATIENCE_S = 120.0
"""A run that ends takes a savepoint first."""

if __name__ == "__main__":
    home = from_environment(os.environ).home
    if running := lock.holder(home):
        print(f"ending `make run` (process {running})")
        os.kill(running, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE_S
        while lock.holder(home) and time.monotonic() < deadline:
            time.sleep(0.2)
    for name in Processes(home).stop_all():
        print(f"stopped {name}")
