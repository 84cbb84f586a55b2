"""What every operator does to the Python worker it opens in: once is enough, again does no harm."""

import ctypes
import gc
import threading
import time
from collections.abc import Callable
from functools import cache

TRIM_S = 20.0
"""How often memory that is free inside the worker is given back to the system."""


def settle() -> None:
    """Spare the worker most of the search for cycles, and let it give back the memory it does not use.

    What is loaded by now is never garbage, and what the stages make is freed without the collector of cycles;
    left as it is, that goes through all of it again and again, for up to a fifth of the worker's CPU.
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    _start_trimming()


@cache
def _start_trimming() -> None:
    """glibc keeps what a thread has freed for that thread; a worker's many threads make it grow for hours."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        threading.Thread(target=_trim_for_ever, args=(trim,), name="trim", daemon=True).start()


def _trim_for_ever(trim: Callable[[int], object]) -> None:
    while True:
        time.sleep(TRIM_S)
        trim(0)
