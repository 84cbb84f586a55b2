"""A real Flink standalone cluster on this machine, out of the apache-flink wheel."""

import re
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from local.flink.conf import FLINK_HOME, ClusterSettings, flink_environment, write_conf
from local.flink.rest import FlinkRest
from local.processes.children import Processes, StartError
from local.processes.ports import HOST, free_port, refuse_busy_port

START_PATIENCE_S = 120.0
JOB_MANAGER = "job-manager"
TASK_MANAGER = "task-manager"


class Cluster:
    """One job manager and its task managers, each a process group of its own."""

    def __init__(self, settings: ClusterSettings, processes: Processes | None = None) -> None:
        self.settings = settings
        self.processes = processes or Processes(settings.home)
        self.rest = FlinkRest(f"http://{HOST}:{settings.ui_port}")
        self._conf = settings.home.resolve() / "conf"

    def start(self, say: Callable[[str], None] = print) -> None:
        """Start everything and return when all slots have registered; raises StartError."""
        refuse_busy_port(self.settings.ui_port, "FLINK_UI_PORT", "Flink's web UI")
        write_conf(self.settings, free_port())
        began = time.monotonic()
        say(f"Flink: starting a job manager and {self.settings.task_managers} task manager(s), about 10 s")
        self.start_job_manager()
        for number in range(self.settings.task_managers):
            self.start_task_manager(number)
        self.wait_for_slots()
        say(f"Flink: ready after {time.monotonic() - began:.0f} s, web UI {self.rest.url}")

    def start_job_manager(self) -> None:
        """Start the job manager (again): task managers come back to it, jobs must be submitted anew."""
        self._start(JOB_MANAGER, "jobmanager.sh")

    def start_task_manager(self, number: int) -> None:
        """Start (again) the task manager of this number; it registers by itself."""
        self._start(f"{TASK_MANAGER}-{number}", "taskmanager.sh")

    def wait_for_slots(self) -> None:
        """Return when every task manager has registered with the job manager; raises StartError."""
        wanted = self.settings.task_managers * self.settings.slots
        deadline = time.monotonic() + START_PATIENCE_S
        while self.rest.slots() < wanted:
            for name in self.processes.names():
                if name.startswith((JOB_MANAGER, TASK_MANAGER)) and self.processes.pid(name) is None:
                    message = f"{name} ended while starting; see {self.settings.home}/logs"
                    raise StartError(message)
            if time.monotonic() > deadline:
                message = (
                    f"Flink was not ready within {START_PATIENCE_S:.0f} s; see {self.settings.home}/logs"
                )
                raise StartError(message)
            time.sleep(0.3)

    def submit(
        self,
        bundle: Path,
        arguments: Sequence[str] = (),
        savepoint: str | None = None,
        env: Mapping[str, str] | None = None,
    ) -> str:
        """Submit the job of an unpacked zip as Managed Flink does, and return its id; raises StartError.

        `bundle` holds main.py, lib/beacon-job-deps.jar and dep/; nothing else is on the job's path.
        """
        bundle = bundle.resolve()
        restore = ["--fromSavepoint", savepoint] if savepoint else []
        command = [
            str(FLINK_HOME / "bin" / "flink"), "run", "--detached", *restore,
            "--python", str(bundle / "main.py"), "--pyFiles", str(bundle / "dep"),
            "--jarfile", str(bundle / "lib" / "beacon-job-deps.jar"), *arguments,
        ]  # fmt: skip
        done = subprocess.run(
            command, cwd=bundle, env=flink_environment(self._conf) | dict(env or {}), check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        with self.processes.log("flink-submit").open("a") as log:
            log.write(done.stdout)
        submitted = re.search(r"submitted with JobID ([0-9a-f]{32})", done.stdout)
        if done.returncode or not submitted:
            message = (
                f"the job was not accepted ({self.processes.log('flink-submit')}):\n{causes(done.stdout)}"
            )
            raise StartError(message)
        return submitted[1]

    def stop(self) -> None:
        """End every process of the cluster, task managers first; does nothing when none runs."""
        for name in sorted(self.processes.names(), reverse=True):
            if name.startswith((JOB_MANAGER, TASK_MANAGER)):
                self.processes.stop(name)

    def _start(self, name: str, script: str) -> None:
        command = [str(FLINK_HOME / "bin" / script), "start-foreground"]
        self.processes.stop(name)  # Python workers may have outlived a killed predecessor
        environment = flink_environment(self._conf) | {"FLINK_IDENT_STRING": name}
        self.processes.start(name, command, environment, self.settings.home)


def causes(output: str) -> str:
    """What a failed submission says, without warnings and stack traces."""
    # Java's and Python's frames are indented.
    noise = re.compile(r"\s|Traceback |WARNING|.*Warning: ")
    return "\n".join([line for line in output.splitlines() if line and not noise.match(line)][-15:])
