"""Which faults a run injects, in which order."""

import time
from collections.abc import Callable
from typing import NamedTuple

from tests.faults.rig import RETRY_BUDGET_MS, Rig

SHORT_S, LONG_S = 5.0, RETRY_BUDGET_MS / 1_000 + 5.0
"""Within the sink's retry budget; beyond it, so that the job must be restarted."""


class Fault(NamedTuple):
    """One row of the table."""

    name: str
    inject: Callable[[Rig], None]


def _spoilt(for_s: float, **plan: object) -> Callable[[Rig], None]:
    def inject(rig: Rig) -> None:
        with rig.store.spoilt(**plan):
            time.sleep(for_s)

    return inject


def _worker(rig: Rig) -> None:
    rig.windows_closed()
    rig.kill_python_worker()
    rig.runs_again()


def _task_manager(rig: Rig) -> None:
    rig.windows_closed()
    rig.kill_task_manager()
    rig.runs_again()


def _flink(rig: Rig) -> None:
    rig.windows_closed()
    rig.kill_flink()


def _worker_twice(rig: Rig) -> None:
    _worker(rig)
    rig.kill_python_worker()
    rig.runs_again()


def _while_spoilt(kill: Callable[[Rig], None], **plan: object) -> Callable[[Rig], None]:
    def inject(rig: Rig) -> None:
        with rig.store.spoilt(**plan):
            kill(rig)

    return inject


def _store_and_worker(rig: Rig) -> None:
    rig.windows_closed()
    rig.kill_store(SHORT_S, meanwhile=rig.kill_python_worker)
    rig.runs_again()


CALM = Fault("none", lambda rig: time.sleep(15))
WORKER = Fault("Python worker killed", _worker)
TASK_MANAGER = Fault("one of two task managers killed", _task_manager)
FLINK = Fault("job manager and task managers killed, job resubmitted", _flink)
STORE_BRIEF = Fault(
    "store killed while written to, back within the retry budget", lambda rig: rig.kill_store(SHORT_S)
)
STORE_LONG = Fault(
    "store killed while written to, back after the retry budget", lambda rig: rig.kill_store(LONG_S)
)
REJECTS = Fault("2 % of the records rejected", _spoilt(SHORT_S, reject=0.02))
STORE_ALL = Fault(
    "all faults of the store at once",
    _spoilt(SHORT_S, throttle=0.2, error_500=0.2, reset=0.2, reject=0.02, latency_ms=200, jitter_ms=300),
)

FULL = (
    CALM,
    WORKER,
    Fault("most requests throttled", _spoilt(SHORT_S, throttle=0.7)),
    Fault("all requests throttled beyond the retry budget", _spoilt(LONG_S, throttle=1.0)),
    Fault("half of the requests answered with 500", _spoilt(SHORT_S, error_500=0.5)),
    WORKER,
    REJECTS,
    Fault("half of the connections reset before storing", _spoilt(SHORT_S, reset=0.5, reset_when="before")),
    Fault("half of the connections reset after storing", _spoilt(SHORT_S, reset=0.5, reset_when="after")),
    Fault("slow store", _spoilt(SHORT_S, latency_ms=800, jitter_ms=1_500)),
    STORE_BRIEF,
    TASK_MANAGER,
    WORKER,
    FLINK,
    STORE_LONG,
    Fault("Python worker killed, and again before a checkpoint", _worker_twice),
    Fault(
        "Python worker killed while the store is slow",
        _while_spoilt(_worker, latency_ms=500, jitter_ms=1_000),
    ),
    Fault(
        "Python worker killed while the store rejects and fails",
        _while_spoilt(_worker, reject=0.02, error_500=0.2),
    ),
    Fault("store and Python worker killed at once", _store_and_worker),
    STORE_ALL,
    Fault(
        "one of two task managers killed while connections are reset", _while_spoilt(_task_manager, reset=0.4)
    ),
    FLINK,
    WORKER,
    CALM,
)

SHORT = (
    WORKER,
    REJECTS,
    STORE_ALL,
    STORE_BRIEF,
    TASK_MANAGER,
    FLINK,
)
