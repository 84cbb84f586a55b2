"""The stream's session rows are those of the offline replay, whatever happened to the job meanwhile."""

import base64
import os
import shutil
import signal
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from beacon_job.beacon import Beacon, KinesisRecord
from beacon_job.decode import decode
from beacon_job.replay import rows_of, sessions_of
from beacon_job.summary import session_point
from local.cluster import TASK_MANAGER
from local.stack import Stack
from local.viewers.generate import generate
from local.viewers.habits import SHORT
from tests.e2e.conftest import settings, wait_for
from tests.e2e.traffic import CAPTURES, EVENTS, accepted_posts, envelope, now_ms, put, stored

pytestmark = pytest.mark.e2e

VIEWER_SESSIONS = 1_500
FEED_S = 100.0
"""How long the stream is fed, so that the job is upgraded and killed in the middle of its work."""
PORTION = 100
PREVIOUS_RELEASE = Path(__file__).parent.parent / "cases" / "releases" / "beacon_job-0.1.0.zip"
"""Our own code as it was released: this version must take up its savepoints."""


@pytest.fixture
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack of this test's own, not started: what it reads is in the stream before the job is."""
    stack = Stack(settings(tmp_path_factory.mktemp("sessions")), print, threading.Event())
    stack.check_ports()
    yield stack
    stack.stop()


def recorded(start_ms: int) -> Iterator[tuple[int, str, bytes]]:
    """All recordings, each beginning at `start_ms`, with their own spacing."""
    for folder in sorted(CAPTURES.glob("*/*")):
        posts = list(accepted_posts(f"{folder.parent.name}/{folder.name}"))
        shift_ms = start_ms - posts[0]["recv_ms"] if posts else 0
        for post in posts:
            body, at_ms = base64.b64decode(post["body_b64"]), post["recv_ms"] + shift_ms
            agent = post["headers"].get("user-agent", "")
            yield at_ms, folder.name, envelope(body, at_ms, post["path"], user_agent=agent)


def synthetic(start_ms: int) -> Iterator[tuple[int, str, bytes]]:
    """Viewers with loss, repetition, disorder, wrong clocks, sleep and broken beacons."""
    for delivery in generate(7, 150, start_ms, sessions=VIEWER_SESSIONS, habits=SHORT):
        yield delivery.recv_ms, delivery.partition_key, delivery.data


def paced(arrivals: list[tuple[int, str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Partition key and data of the arrivals, in their order, over FEED_S seconds."""
    pause_s = FEED_S / len(arrivals) * PORTION
    for number, (_, key, data) in enumerate(arrivals):
        if number % PORTION == 0:
            time.sleep(pause_s)
        yield key, data


@contextmanager
def previous_release(stack: Stack) -> Iterator[None]:
    """Meanwhile the built job is the code of the previous release."""
    code = stack.settings.home / "bundle" / "dep" / "beacon_job"
    ours = code.rename(stack.settings.home / "ours")
    with zipfile.ZipFile(PREVIOUS_RELEASE) as archive:
        archive.extractall(code.parent)
    yield
    shutil.rmtree(code)
    ours.rename(code)


def test_rows_of_the_stream_equal_the_replays_across_an_upgrade_and_a_kill(stack: Stack) -> None:
    start_ms = now_ms() - 2 * 3_600_000
    arrivals = sorted([*recorded(start_ms), *synthetic(start_ms)], key=lambda arrival: arrival[0])
    beacons = [
        item
        for recv_ms, _, data in arrivals
        for item in decode(KinesisRecord(data, recv_ms))
        if isinstance(item, Beacon)
    ]
    replayed = [session_point(row) for row in rows_of(sessions_of(beacons))]
    expected = {tuple(sorted(point.dims.items())): point.measures for point in replayed}
    assert len(expected) > VIEWER_SESSIONS * 0.9
    stack.start_kinesis()
    stack.start_timestream()
    stack.build()
    stack.cluster.start()

    def progress() -> float:
        return len(stored(stack, EVENTS)) / len(beacons)

    def final() -> dict[tuple[tuple[str, str], ...], Any]:
        found = (row for row in stored(stack, "sessions") if row["measures"]["final"])
        return {tuple(sorted(row["dimensions"].items())): row["measures"] for row in found}

    feed = threading.Thread(target=put, args=(stack, paced(arrivals)), daemon=True)
    with previous_release(stack):
        stack.submit()
        feed.start()
    wait_for("a fifth of the beacons is stored", lambda: progress() > 0.2)
    stack.restart_from_savepoint()
    wait_for("three fifths of the beacons are stored", lambda: progress() > 0.6)
    assert feed.is_alive(), "the upgrade came after the end"
    pid = stack.processes.pid(f"{TASK_MANAGER}-0")
    assert pid is not None
    os.killpg(pid, signal.SIGKILL)
    stack.cluster.start_task_manager(0)
    wait_for("every session has its final row", lambda: len(final()) >= len(expected), patience_s=240)
    told = final()
    assert set(told) == set(expected)
    differing = {key: (told[key], expected[key]) for key in expected if told[key] != expected[key]}
    assert not differing, next(iter(differing.values()))
