"""Several processes that listen on one port, and end together."""

import asyncio
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

LOOK_S = 0.5
"""How often a worker looks whether its parent lives, and the parent whether its workers do."""
FINISH_S = 10.0
"""How long workers may take to end."""

Listening = Callable[[], AbstractAsyncContextManager[object]]
"""Listens while its block runs."""


def run(workers: int, listening: Listening) -> None:
    """Listen in so many processes until SIGTERM or Ctrl-C; a worker that dies is started again."""
    fork = multiprocessing.get_context("fork")
    told = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda sign, _frame: told.append(sign))
    started = [fork.Process(target=_work, args=(listening, os.getpid())) for _ in range(workers)]
    for worker in started:
        worker.start()
    while not told:
        time.sleep(LOOK_S)
        for place, worker in enumerate(started):
            if not worker.is_alive() and not told:
                print(f"a worker has ended with {worker.exitcode}; starting another", file=sys.stderr)
                started[place] = fork.Process(target=_work, args=(listening, os.getpid()))
                started[place].start()
    for worker in started:
        worker.terminate()
    for worker in started:
        worker.join(FINISH_S)


def _work(listening: Listening, parent: int) -> None:
    asyncio.run(_until_told(listening, parent))


async def _until_told(listening: Listening, parent: int) -> None:
    """Listen until SIGTERM, or until nobody is left who could send it."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with listening():
        while not stop.is_set() and os.getppid() == parent:
            try:
                await asyncio.wait_for(stop.wait(), LOOK_S)
            except TimeoutError:
                continue
