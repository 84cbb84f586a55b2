"""What every operator does to the Python worker it opens in: once is enough, again does no harm."""

import gc


def settle() -> None:
    """Spare the worker most of the search for cycles.

    What is loaded by now is never garbage, and what the stages make is freed without the collector of cycles;
    left as it is, that goes through all of it again and again, for up to a fifth of the worker's CPU.
    """
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)
