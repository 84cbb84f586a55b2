"""Starting, stopping and starting again: an old backlog, a savepoint, an emulator that forgot. One stack, in
order."""

import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator

import pytest

from local.aws import kinesis
from local.flink.cluster import JOB_MANAGER
from local.stack.settings import RunSettings
from local.stack.stack import Stack
from local.stack.watch import Watch
from tests.e2e.conftest import settings, wait_for
from tests.e2e.traffic import WINDOW_MS, corrections, heartbeat, now_ms, put, windows

pytestmark = pytest.mark.e2e

SHARD_SPAN = 2**128 // 4


@pytest.fixture(scope="module")
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> RunSettings:
    """The same ports and the same work folder for every start."""
    return settings(tmp_path_factory.mktemp("restart"))


@pytest.fixture
def stopped(own_settings: RunSettings) -> Iterator[Stack]:
    """A stack that has not been started; it is stopped, with a savepoint, when the test ends."""
    stack = Stack(own_settings, print, threading.Event())
    stack.check_ports()
    yield stack
    stack.stop()
    assert stack.processes.names() == []


def test_a_backlog_of_hours_over_uneven_shards_loses_nothing_to_lateness(stopped: Stack) -> None:
    """Two hours old, 85 % on one of four shards: no row is late, every window is exact at its first
    writing."""
    start_ms = (now_ms() - 7_200_000) // WINDOW_MS * WINDOW_MS
    count = 40_000
    expected: Counter[int] = Counter()
    records, hash_keys = [], {}
    for n in range(count):
        shard = 0 if n % 100 < 85 else 1 + n % 3
        key = f"backlog-{shard}-{n % 50}"
        hash_keys[key] = str(shard * SHARD_SPAN + 1)
        recv_at = start_ms + n * 50
        expected[recv_at // WINDOW_MS * WINDOW_MS] += 1
        records.append((key, heartbeat(key, recv_at, n, "BL")))
    stopped.start_kinesis()
    put(stopped, records, hash_keys)
    stopped.start_store()
    stopped.build()
    stopped.cluster.start()
    stopped.submit()
    wait_for("all windows are written", lambda: sum(windows(stopped, "BL").values()) >= count, patience_s=180)
    assert windows(stopped, "BL") == expected
    assert corrections(stopped, "BL") == []


def test_a_second_start_goes_on_from_the_savepoint(stopped: Stack) -> None:
    stopped.start_kinesis()
    put(stopped, [("again", heartbeat("again", now_ms(), n, "AG")) for n in range(100)])
    stopped.start()
    wait_for("the new beacons are counted", lambda: sum(windows(stopped, "AG").values()) >= 100)
    assert sum(windows(stopped, "AG").values()) == 100
    assert sum(windows(stopped, "BL").values()) == 40_000


def test_an_emulator_that_was_killed_does_not_leave_the_job_on_positions_nobody_knows(stopped: Stack) -> None:
    stopped.start()
    first = stopped.job
    pid = stopped.processes.pid(kinesis.NAME)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    watch = Watch(stopped)

    def started_anew() -> bool:
        watch.look()
        return stopped.job != first

    wait_for("the job is started anew", started_anew)
    put(stopped, [("new", heartbeat("new", now_ms(), n, "NW")) for n in range(50)])
    wait_for("beacons of the new stream are counted", lambda: sum(windows(stopped, "NW").values()) >= 50)
    assert sum(windows(stopped, "NW").values()) == 50


def test_a_killed_job_manager_is_started_again_and_the_job_goes_on(stopped: Stack) -> None:
    stopped.start()
    first = stopped.job
    put(stopped, [("before", heartbeat("before", now_ms(), n, "JM")) for n in range(30)])
    wait_for("a checkpoint is made", lambda: stopped.cluster.rest.last_checkpoint(first) is not None)
    pid = stopped.processes.pid(JOB_MANAGER)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    watch = Watch(stopped)

    def goes_on() -> bool:
        watch.look()
        return stopped.job != first

    wait_for("the job is submitted again", goes_on)
    put(stopped, [("after", heartbeat("after", now_ms(), n, "JM")) for n in range(20)])
    wait_for("all beacons are counted", lambda: sum(windows(stopped, "JM").values()) >= 50)
    assert sum(windows(stopped, "JM").values()) == 50
