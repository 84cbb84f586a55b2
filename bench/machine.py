"""What the figures were measured on."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

BUSY = 0.75
"""Load per core above which figures are called provisional."""


def describe(load_before: float) -> str:
    """One paragraph; `load_before`: the machine's load when the run began."""
    cores = os.cpu_count() or 1
    memory_gb = psutil.virtual_memory().total / 2**30
    text = (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {cores} cores of {_processor()}, {memory_gb:.0f} GB, "
        f"{platform.system()} {platform.machine()}; Python {platform.python_version()}, "
        f"Flink {version('apache-flink')}. Load when the run began: {load_before:.2f}."
    )
    if load_before > BUSY * cores:
        text += " **The machine was busy with other work: all times are upper bounds, and provisional.**"
    return text


def load() -> float:
    """Processes that wanted to run, averaged over the last minute."""
    return os.getloadavg()[0]


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or "an unnamed processor"
