"""Which faults a run on PostgreSQL injects, in which order."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from tests.faults.database import Database
from tests.faults.rig import Rig
from tests.faults.scenario import (
    CALM,
    FLINK,
    LONG_S,
    SHORT_S,
    STORE_BRIEF,
    STORE_LONG,
    TASK_MANAGER,
    WORKER,
    Fault,
)

Trouble = Callable[[Database], AbstractContextManager[None]]


def _during(trouble: Trouble, act: Callable[[Rig], None]) -> Callable[[Rig], None]:
    def inject(rig: Rig) -> None:
        assert isinstance(rig.store, Database)
        with trouble(rig.store):
            act(rig)

    return inject


def _for(seconds: float) -> Callable[[Rig], None]:
    return lambda rig: time.sleep(seconds)


def _cut_before(database: Database) -> AbstractContextManager[None]:
    return database.cut("before")


def _cut_after(database: Database) -> AbstractContextManager[None]:
    return database.cut("after")


CUT_BEFORE = Fault("connections cut before the server has the rows", _during(_cut_before, _for(SHORT_S)))
CUT_AFTER = Fault("connections cut between commit and answer", _during(_cut_after, _for(SHORT_S)))
LOCKED = Fault("table locked by somebody else, statements time out", _during(Database.locked, _for(SHORT_S)))
READ_ONLY = Fault("server read-only, as after a failover", _during(Database.read_only, _for(SHORT_S)))
DISK_FULL = Fault("disk full", _during(Database.full, _for(SHORT_S)))
REFUSES = Fault("2 % of the heartbeats refused", _during(Database.rejecting, _for(SHORT_S)))

FULL = (
    CALM,
    WORKER,
    CUT_BEFORE,
    CUT_AFTER,
    LOCKED,
    WORKER,
    REFUSES,
    READ_ONLY,
    DISK_FULL,
    STORE_BRIEF,
    TASK_MANAGER,
    Fault("table locked beyond the retry budget", _during(Database.locked, _for(LONG_S))),
    FLINK,
    Fault("disk full beyond the retry budget", _during(Database.full, _for(LONG_S))),
    STORE_LONG,
    Fault("server read-only beyond the retry budget", _during(Database.read_only, _for(LONG_S))),
    Fault(
        "Python worker killed while connections are cut after commit",
        _during(_cut_after, WORKER.inject),
    ),
    Fault("Python worker killed while the server refuses", _during(Database.rejecting, WORKER.inject)),
    FLINK,
    WORKER,
    CALM,
)

SHORT = (WORKER, REFUSES, CUT_BEFORE, CUT_AFTER, LOCKED, READ_ONLY, DISK_FULL, STORE_BRIEF, TASK_MANAGER)
