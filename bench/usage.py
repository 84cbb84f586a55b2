"""CPU time and memory of a task manager and its Python workers, as the operating system tells them."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from bench.accounting import CpuTotals

JVM, PYTHON, COMPILER = "jvm", "python", "compiler"
COMPILERS = ("C1 CompilerThre", "C2 CompilerThre")
"""Threads of the JVM that compile; Linux keeps 15 characters of a name."""


class Usage:
    """Follows a process and everything below it. Look often: a process that ends unseen is not counted."""

    def __init__(self, pid: int) -> None:
        self._head = psutil.Process(pid)
        self._totals = CpuTotals()

    def look(self) -> tuple[dict[str, float], dict[str, float]]:
        """(CPU seconds by role since each process began, resident MB by role).

        What the JVM spends on compiling is a role of its own: it goes on for minutes after a start, and is
        no beacon's. Where threads have no names (not on Linux), it stays with the JVM.
        """
        rss_mb: dict[str, float] = {}
        for process in [self._head, *self._head.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                role = JVM if process.name() == "java" else PYTHON
                times, started_s = process.cpu_times(), process.create_time()
                self._totals.note(process.pid, started_s, role, times.user + times.system)
                rss_mb[role] = rss_mb.get(role, 0.0) + process.memory_info().rss / 2**20
                if role == JVM:
                    for thread, used_s in _compilers(process):
                        self._totals.note(thread, started_s, COMPILER, used_s)
        cpu_s = self._totals.by_role()
        cpu_s[JVM] = cpu_s.get(JVM, 0.0) - cpu_s.get(COMPILER, 0.0)
        return cpu_s, rss_mb


def _compilers(process: psutil.Process) -> Iterator[tuple[int, float]]:
    """(id, CPU seconds) of the threads that compile."""
    for thread in process.threads():
        with suppress(OSError):
            name = Path(f"/proc/{process.pid}/task/{thread.id}/comm").read_text()
            if name.startswith(COMPILERS):
                yield thread.id, thread.user_time + thread.system_time
