"""CPU time and memory of a task manager and its Python workers, as the operating system tells them."""

from contextlib import suppress

import psutil

from bench.accounting import Ledger

JVM, PYTHON = "jvm", "python"


class Usage:
    """Follows a process and everything below it. Look often: a process that ends unseen is not counted."""

    def __init__(self, pid: int) -> None:
        self._head = psutil.Process(pid)
        self._ledger = Ledger()

    def look(self) -> tuple[dict[str, float], dict[str, float]]:
        """(CPU seconds by role since each process began, resident MB by role)."""
        rss_mb: dict[str, float] = {}
        for process in [self._head, *self._head.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                role = JVM if process.name() == "java" else PYTHON
                times, started_s = process.cpu_times(), process.create_time()
                self._ledger.note(process.pid, started_s, role, times.user + times.system)
                rss_mb[role] = rss_mb.get(role, 0.0) + process.memory_info().rss / 2**20
        return self._ledger.totals(), rss_mb
