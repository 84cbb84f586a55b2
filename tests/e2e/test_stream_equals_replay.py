"""The stream's session rows are those of the offline replay, whatever happened to the job meanwhile."""

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from beacon_job.config.config import RUN_OPTIONS
from beacon_job.decode import decode
from beacon_job.types.beacon import Beacon, KinesisRecord
from local.flink.cluster import TASK_MANAGER
from local.stack import properties
from local.stack.stack import Stack
from local.viewers.generate import generate
from local.viewers.habits import SHORT
from tests.conftest import skip_without_server
from tests.e2e import release
from tests.e2e.conftest import settings, wait_for
from tests.e2e.traffic import CAPTURES, EVENTS, accepted_posts, envelope, now_ms, put, stored
from tests.places import ROOT

pytestmark = pytest.mark.e2e

VIEWER_SESSIONS = 1_500
FEED_S = 100.0
"""How long the stream is fed, so that the job is upgraded in the middle of its work."""
PORTION = 100

Key = tuple[tuple[str, str], ...]
Rows = dict[Key, dict[str, Any]]


@pytest.fixture
def stack(request: pytest.FixtureRequest, home: Path) -> Iterator[Stack]:
    """A stack of this test's own, not started: what it reads is in the stream before the job is.

    The store is the parameter, if there is one.
    """
    store = getattr(request, "param", "timestream")
    if store == "postgres":
        skip_without_server()
    stack = Stack(settings(home, store=store), print, threading.Event())
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


def synthetic(start_ms: int, sessions: int) -> Iterator[tuple[int, str, bytes]]:
    """Viewers with loss, repetition, disorder, wrong clocks, sleep and broken beacons."""
    for delivery in generate(7, 150, start_ms, sessions=sessions, habits=SHORT):
        yield delivery.recv_ms, delivery.partition_key, delivery.data


def paced(arrivals: list[tuple[int, str, bytes]], killed: threading.Event) -> Iterator[tuple[str, bytes]]:
    """Partition key and data of the arrivals, in their order, over FEED_S seconds; a fifth after the kill."""
    pause_s = FEED_S / len(arrivals) * PORTION
    last_fifth = len(arrivals) * 4 // 5
    for number, (_, key, data) in enumerate(arrivals):
        if number % PORTION == 0:
            time.sleep(pause_s)
        if number == last_fifth:
            killed.wait()
        yield key, data


@contextmanager
def code_of_the_built_job(stack: Stack, code: Path) -> Iterator[None]:
    """Meanwhile the built job runs the package `beacon_job` in `code`, with the properties that one knows."""
    package = stack.settings.home / "bundle" / "dep" / "beacon_job"
    ours = package.rename(stack.settings.home / "ours")
    shutil.copytree(code / "beacon_job", package)
    known, write = release.properties(code), properties.write

    def write_known(*arguments: Any) -> Path:
        file = write(*arguments)
        groups = json.loads(file.read_text())
        for group in groups:
            values, name = group["PropertyMap"], group["PropertyGroupId"]
            if name != RUN_OPTIONS:
                group["PropertyMap"] = {key: values[key] for key in values if (name, key) in known}
        file.write_text(json.dumps(groups))
        return file

    with patch.object(properties, "write", write_known):
        yield
    shutil.rmtree(package)
    ours.rename(package)


def replayed(arrivals: list[tuple[int, str, bytes]], code: Path) -> Rows:
    """The session rows that the release in `code` replays from the arrivals."""
    records = (
        json.dumps({"recv_ms": recv_ms, "data": base64.b64encode(data).decode()})
        for recv_ms, _, data in arrivals
    )
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("session_rows.py"))],
        input="\n".join(records), text=True, stdout=subprocess.PIPE, check=True,
        env={**os.environ, "PYTHONPATH": str(code)},
    )  # fmt: skip
    return by_key(json.loads(line) for line in done.stdout.splitlines())


def by_key(rows: Iterable[dict[str, Any]]) -> Rows:
    """Measures by dimensions, without when they became known: that is up to the order of arrival."""
    return {
        tuple(sorted(row["dimensions"].items())): {
            name: value for name, value in row["measures"].items() if name != "known_ms"
        }
        for row in rows
    }


def differing(told: Rows, *releases: Rows) -> list[Any]:
    """Rows that none of the releases accounts for: the job ran with one after the other, so where their rules
    differ each measure may be as either has it."""
    found = []
    for key in told.keys() | set.intersection(*(set(rows) for rows in releases)):
        row, wanted = told.get(key, {}), [rows.get(key, {}) for rows in releases]
        names = row.keys() | {name for rows in wanted for name in rows}
        if any(row.get(name) not in [rows.get(name) for rows in wanted] for name in names):
            found.append((key, row, wanted))
    return found


def beacons_in(arrivals: list[tuple[int, str, bytes]]) -> int:
    """How many beacons can be read from the arrivals."""
    read = (decode(KinesisRecord(data, recv_ms)) for recv_ms, _, data in arrivals)
    return sum(isinstance(item, Beacon) for items in read for item in items)


def final(stack: Stack) -> Rows:
    """The last rows of the sessions that are over."""
    return by_key(row for row in stored(stack, "sessions") if row["measures"]["final"])


def test_rows_of_the_stream_equal_the_replays_across_an_upgrade_and_a_kill(
    stack: Stack, tmp_path: Path
) -> None:
    start_ms = now_ms() - 2 * 3_600_000
    arrivals = sorted([*recorded(start_ms), *synthetic(start_ms, VIEWER_SESSIONS)], key=itemgetter(0))
    beacons = beacons_in(arrivals)
    ours = replayed(arrivals, ROOT)
    assert len(ours) > VIEWER_SESSIONS * 0.9
    stack.start_kinesis()
    stack.start_store()
    stack.build()
    stack.cluster.start()

    def progress() -> float:
        return len(stored(stack, EVENTS)) / beacons

    killed = threading.Event()
    feed = threading.Thread(target=put, args=(stack, paced(arrivals, killed)), daemon=True)
    release.unpack_newest(tmp_path)
    with code_of_the_built_job(stack, tmp_path):
        stack.submit()
        feed.start()
    wait_for("a fifth of the beacons is stored", lambda: progress() > 0.2)
    stack.restart_from_savepoint()
    wait_for("three fifths of the beacons are stored", lambda: progress() > 0.6)
    pid = stack.processes.pid(f"{TASK_MANAGER}-0")
    assert pid is not None
    os.killpg(pid, signal.SIGKILL)
    killed.set()
    stack.cluster.start_task_manager(0)
    wait_for("every session has its final row", lambda: len(final(stack)) >= len(ours), patience_s=240)
    theirs = replayed(arrivals, tmp_path)
    # What a release did not tell yet it cannot tell otherwise.
    alike = sum(key in theirs and theirs[key].items() <= ours[key].items() for key in ours)
    assert alike > 0.9 * len(ours), "the rules have changed a lot"
    assert not differing(final(stack), ours, theirs)


@pytest.mark.parametrize("stack", ["postgres"], indirect=True)
def test_rows_of_the_stream_equal_the_replays_though_the_parallelism_is_doubled_midway(stack: Stack) -> None:
    arrivals = list(synthetic(now_ms() - 2 * 3_600_000, sessions=300))
    half = len(arrivals) // 2
    expected = replayed(arrivals, ROOT)
    stack.start()
    put(stack, ((key, data) for _, key, data in arrivals[:half]))
    already = beacons_in(arrivals[:half])
    wait_for("nearly half of the beacons are stored", lambda: len(stored(stack, EVENTS)) > 0.9 * already)
    stack.stop()
    stack.cluster.settings = replace(stack.cluster.settings, parallelism=2)
    stack.start()
    put(stack, ((key, data) for _, key, data in arrivals[half:]))
    wait_for("every session has its final row", lambda: len(final(stack)) >= len(expected), patience_s=240)
    wide = {task["name"]: task["parallelism"] for task in stack.cluster.rest.vertices(stack.job)}
    assert [wide[name] for name in wide if name.startswith(("sessions", "roll-up"))] == [2, 2]
    assert final(stack) == expected
