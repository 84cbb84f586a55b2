"""Ends what a killed `make run` left behind: `python -m local.stop`."""

import os

from local.processes import Processes
from local.settings import from_environment

if __name__ == "__main__":
    for name in Processes(from_environment(os.environ).home).stop_all():
        print(f"stopped {name}")
