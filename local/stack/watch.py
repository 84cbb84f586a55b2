"""Looks after the stack while it runs: what died is started again, a stream that was forgotten is noticed."""

import time

from local.aws import kinesis
from local.flink.cluster import JOB_MANAGER, TASK_MANAGER
from local.flink.rest import RestError
from local.processes.children import StartError
from local.stack.stack import FRONT_DOOR, VIEWERS, Stack

LOOK_S = 5.0


class Watch:
    """Call `look` often; it acts when there is something to do, and says so."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._looked_s = 0.0
        self._job_lost = False

    def look(self) -> None:
        """Mend what can be mended. What cannot be yet is tried again at the next look."""
        now_s = time.monotonic()
        if now_s - self._looked_s < LOOK_S:
            return
        self._looked_s = now_s
        try:
            self._store()
            self._task_managers()
            self._job_manager()
            self._kinesis()
            self._front_door()
            self._viewers()
        except (StartError, RestError, OSError) as error:
            self._stack.say(f"not mended yet: {str(error).splitlines()[0]}")

    def _store(self) -> None:
        store = self._stack.store
        if self._stack.processes.pid(store.name) is None:
            self._stack.say(f"{store.title} has died; starting it again, nothing stored is lost")
            self._stack.processes.stop(store.name)
            self._stack.start_store()

    def _kinesis(self) -> None:
        stack = self._stack
        if not stack.settings.kinesis_endpoint and stack.processes.pid(kinesis.NAME) is None:
            stack.say("the Kinesis emulator has died; starting it again")
            stack.processes.stop(kinesis.NAME)
            stack.start_kinesis()
        stack.ensure_streams()
        if stack.stream_forgotten():
            stack.start_anew()

    def _front_door(self) -> None:
        if self._stack.processes.pid(FRONT_DOOR) is None:
            self._stack.say("the front door has died; starting it again, players send again what it refused")
            self._stack.processes.stop(FRONT_DOOR)
            self._stack.start_front_door()

    def _task_managers(self) -> None:
        stack = self._stack
        for number in range(stack.settings.task_managers):
            if stack.processes.pid(f"{TASK_MANAGER}-{number}") is None:
                stack.say(
                    f"task manager {number} has died; starting it again, Flink recovers the job by itself"
                )
                stack.cluster.start_task_manager(number)

    def _job_manager(self) -> None:
        stack = self._stack
        if stack.processes.pid(JOB_MANAGER) is None:
            stack.say("the job manager has died; starting it again, and the job from its newest checkpoint")
            self._job_lost = True
            stack.cluster.start_job_manager()
        if self._job_lost:
            stack.cluster.wait_for_slots()
            stack.submit()
            self._job_lost = False

    def _viewers(self) -> None:
        stack = self._stack
        if stack.settings.viewers and stack.processes.pid(VIEWERS) is None:
            stack.say(f"the viewers have ended; see {stack.processes.log(VIEWERS)}; starting them again")
            stack.processes.stop(VIEWERS)
            stack.start_viewers()
