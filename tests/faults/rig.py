"""The stack under faults: how things are killed, how the store is spoilt, how restarts are counted."""

import json
import os
import random
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from local.flink.cluster import JOB_MANAGER, TASK_MANAGER
from local.flink.rest import RestError
from local.stack import positions, properties
from local.stack.stack import Stack
from local.stores import Row
from tests.e2e.conftest import settings, wait_for
from tests.e2e.traffic import EVENTS, QOE, dead_letters
from tests.faults.database import Database
from tests.faults.standin import StandIn

TASK_MANAGERS = 2
CHECKPOINT_INTERVAL_MS = 3_000
RETRY_BUDGET_MS = 10_000
"""Shorter than the default, so that a store that stays away restarts the job, as it does in a long outage."""
PATIENCE_S = 300.0
SLOW_S = 60.0
"""A restart that takes longer deserves a look at the threads of Flink."""
TELLING = re.compile(r"StreamTask|taskmanager\.Task|fnexecution").search
QUIET_S = 30.0
"""Longer than the last window needs to close in an idle stream."""


class Rig:
    """One stack with two task managers, and all that is done to it. What is killed here, Flink mends."""

    def __init__(self, home: Path, store: str) -> None:
        wanted = settings(home, task_managers=TASK_MANAGERS, store=store)
        self.stack = Stack(wanted, print, threading.Event())
        cluster = self.stack.cluster
        cluster.settings = replace(cluster.settings, checkpoint_interval_ms=CHECKPOINT_INTERVAL_MS)
        self.store = Database(self.stack) if store == "postgres" else StandIn(self.stack)
        self.resubmitted = 0
        self._restarts_before = 0
        self._restarts_at_kill = 0
        self._killed: set[int] = set()
        self._random = random.Random(1)

    def start(self) -> None:
        """Return when every task of the job runs."""
        stack = self.stack
        stack.check_ports()
        stack.build()
        stack.start_store()
        stack.start_kinesis()
        stack.cluster.start()
        self._submit()
        self.recovered()

    def stop(self) -> None:
        """End everything; a savepoint is not needed any more."""
        self.stack.cluster.stop()
        self.stack.processes.stop_all()

    # --- kills

    def kill_python_worker(self) -> None:
        """kill -9 of one of the processes that run the job's Python code."""
        heads = self._task_managers().values()
        workers = [pid for pid, group in _processes("pyflink.fn_execution").items() if group in heads]
        self._restarts_at_kill = self._restarts_of_this_job()
        os.kill(self._random.choice(workers), signal.SIGKILL)

    def kill_task_manager(self) -> None:
        """kill -9 of one of the task managers, which nobody starts again."""
        self._restarts_at_kill = self._restarts_of_this_job()
        number, pid = self._random.choice(sorted(self._task_managers().items()))
        os.kill(pid, signal.SIGKILL)
        self._killed.add(number)

    def kill_flink(self) -> None:
        """kill -9 of job manager and task managers; then a new cluster goes on from the newest checkpoint."""
        self._restarts_before += self._restarts_of_this_job()
        job_manager = self.stack.processes.pid(JOB_MANAGER)
        for pid in [job_manager, *self._task_managers().values()]:
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
        self.stack.cluster.stop()  # clears away what outlived its JVM
        self.stack.cluster.start()
        self._killed.clear()
        self._submit()
        self.resubmitted += 1

    def kill_store(self, away_s: float, meanwhile: Callable[[], None] = lambda: None) -> None:
        """kill -9 of the store while it is written to; it comes back after `away_s`."""
        written = self.store.rows()
        wait_for("the store is being written", lambda: self.store.rows() != written, PATIENCE_S)
        self.store.kill()
        meanwhile()
        time.sleep(away_s)
        self.stack.processes.stop(self.stack.store.name)
        self.stack.start_store()

    def windows_closed(self) -> None:
        """Wait until rows of `qoe` have just been written: a kill now replays windows that are stored."""
        written = self.store.rows()[QOE]
        wait_for("a window is written", lambda: self.store.rows()[QOE] > written, PATIENCE_S)

    # --- looking

    def runs_again(self) -> None:
        """Wait until Flink has restarted the job after the last kill, and all tasks run."""

        slow_at = time.monotonic() + SLOW_S

        def again() -> bool:
            nonlocal slow_at
            if time.monotonic() > slow_at:
                slow_at += PATIENCE_S
                print(f"the job does not run after {SLOW_S:.0f} s", self._what_hangs(), sep="\n", flush=True)
            self._replace_ended()
            try:
                restarted = self._restarts_of_this_job() > self._restarts_at_kill
                return restarted and self.stack.cluster.rest.all_tasks_run(self.stack.job)
            except RestError:
                return False

        wait_for("the job runs again", again, PATIENCE_S)

    def recovered(self) -> None:
        """Wait until all tasks run and a checkpoint has been completed that was begun after this call."""
        began_ms = time.time_ns() // 1_000_000

        def fine() -> bool:
            try:
                rest, job = self.stack.cluster.rest, self.stack.job
                latest = rest.get(f"/jobs/{job}/checkpoints")["latest"]["completed"]
                return rest.all_tasks_run(job) and latest and latest["trigger_timestamp"] >= began_ms
            except RestError:
                return False

        wait_for("the job has recovered and made a checkpoint", fine, PATIENCE_S)

    def quiet(self) -> None:
        """Wait until no beacon, sum or dead letter has come for a while."""
        deadline = time.monotonic() + PATIENCE_S
        seen, since = (0, 0, 0), time.monotonic()
        while time.monotonic() < min(deadline, since + QUIET_S):
            sums = sum(row["version"] for row in counted(self.stack))
            now = self.store.rows()[EVENTS], len(dead_letters(self.stack)), sums
            if now != seen:
                seen, since = now, time.monotonic()
            time.sleep(2)

    def restarts(self) -> int:
        """How often Flink has restarted the job by itself."""
        return self._restarts_before + self._restarts_of_this_job()

    def _submit(self) -> None:
        """As Stack.submit, with a retry budget that a fault can exhaust."""
        home = self.stack.settings.home
        file = properties.write(
            self.stack.settings.kinesis_url, self.stack.store, home / "application_properties.json"
        ).resolve()
        groups = json.loads(file.read_text())
        for group in groups:
            if group["PropertyGroupId"] == "beacon.store":
                group["PropertyMap"]["retry.budget.ms"] = str(RETRY_BUDGET_MS)
                group["PropertyMap"] |= self.store.properties
        file.write_text(json.dumps(groups))
        snapshot = positions.newest_snapshot(home)
        arguments = ["--properties", str(file)]
        self.stack.job = self.stack.cluster.submit(home / "bundle", arguments, savepoint=snapshot)

    def _replace_ended(self) -> None:
        """Start what Flink itself has ended: it does that to a task manager whose task does not end in time
        (task.cancellation.timeout), and leaves it to the platform to start another."""
        for number in set(range(TASK_MANAGERS)) - self._killed - set(self._task_managers()):
            print(f"task manager {number} ended by itself: starting another", flush=True)
            self.stack.cluster.start_task_manager(number)

    def _what_hangs(self) -> str:
        """Where every task stands, and what the threads do that belong to one or to its end."""
        rest = self.stack.cluster.rest
        try:
            lines = [f"{task['name'][:60]}: {task['tasks']}" for task in rest.vertices(self.stack.job)]
            for manager in rest.get("/taskmanagers")["taskmanagers"]:
                threads = rest.get(f"/taskmanagers/{manager['id']}/thread-dump")["threadInfos"]
                lines += [thread["stringifiedThreadInfo"] for thread in threads if TELLING(str(thread))]
        except RestError as error:
            lines = [str(error)]
        return "\n".join(lines)

    def _task_managers(self) -> dict[int, int]:
        """Number -> process id, of those that live."""
        found = {n: self.stack.processes.pid(f"{TASK_MANAGER}-{n}") for n in range(TASK_MANAGERS)}
        return {number: pid for number, pid in found.items() if pid is not None}

    def _restarts_of_this_job(self) -> int:
        found = self.stack.cluster.rest.get(f"/jobs/{self.stack.job}/metrics?get=numRestarts")
        return int(found[0]["value"])


def counted(stack: Stack) -> list[Row]:
    """The rows of `qoe` that count beacons; those about sessions go on as long as somebody may come back."""
    return stack.store.rows(QOE, "events")


def _processes(word: str) -> dict[int, int]:
    """Living processes whose command line holds a word, as process id -> group."""
    command = ["ps", "-A", "-ww", "-o", "pid=,pgid=,stat=,args="]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = (line.split(None, 3) for line in listed.splitlines())
    return {int(row[0]): int(row[1]) for row in rows if word in row[-1] and not row[2].startswith("Z")}
