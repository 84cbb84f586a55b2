"""The local cluster: runs the zip and nothing else, and is gone when it is stopped."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from local.flink.cluster import TASK_MANAGER, Cluster
from local.flink.conf import ClusterSettings
from local.processes.ports import free_port
from local.stack.stack import Stack
from tests.places import ROOT

pytestmark = pytest.mark.e2e


def processes(word: str) -> dict[int, int]:
    """Living processes whose command line holds a word, as process id -> group."""
    command = ["ps", "-A", "-ww", "-o", "pid=,pgid=,stat=,args="]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rows = (line.split(None, 3) for line in listed.splitlines())
    return {int(row[0]): int(row[1]) for row in rows if word in row[-1] and not row[2].startswith("Z")}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_python_workers_know_the_zip_and_not_the_project(stack: Stack) -> None:
    task_manager = stack.processes.pid(f"{TASK_MANAGER}-0")
    workers = [pid for pid, group in processes("pyflink.fn_execution").items() if group == task_manager]
    assert workers
    for worker in workers:
        environment = Path(f"/proc/{worker}/environ").read_bytes().decode().split("\0")
        path = next(
            line.removeprefix("PYTHONPATH=") for line in environment if line.startswith("PYTHONPATH=")
        )
        folders = [
            Path(folder).resolve() for folder in [*path.split(":"), os.readlink(f"/proc/{worker}/cwd")]
        ]
        assert ROOT not in folders
        assert any((folder / "beacon_job" / "main.py").exists() for folder in folders)


def test_a_stopped_cluster_leaves_no_process_even_when_a_part_was_killed(tmp_path: Path) -> None:
    cluster = Cluster(ClusterSettings(home=tmp_path, ui_port=free_port(), task_managers=2))
    try:
        cluster.start()
        killed = cluster.processes.pid(f"{TASK_MANAGER}-1")
        assert killed
        assert len(processes(str(tmp_path))) == 3
        os.kill(killed, signal.SIGKILL)
    finally:
        cluster.stop()
    assert processes(str(tmp_path)) == {}
    assert cluster.processes.names() == []
