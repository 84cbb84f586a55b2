"""What every operator does to the Python worker it opens in: once is enough, again does no harm."""

import ctypes
import gc
from contextlib import suppress

_M_ARENA_MAX = -8
"""glibc's option for `mallopt`."""
_ARENAS = 2


def settle() -> None:
    """Spare the worker most of the search for cycles, and the memory that many threads set aside.

    What is loaded by now is never garbage, and what the stages make is freed without the collector of cycles;
    left as it is, that goes through all of it again and again, for up to a fifth of the worker's CPU. And
    glibc gives every thread that allocates a pool of its own, none of which it gives back: with the store's
    connections that is some 200 MB after an hour. Other C libraries have no such pools and no such option.
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, _ARENAS)
