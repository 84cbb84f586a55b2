"""What the benchmarks run on: the emulator, the stand-in and a real cluster, as `make run` starts them."""

import json
import os
import shutil
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.traffic import Record
from bench.versions import PROPERTIES, Version, groups
from local.aws import kinesis
from local.aws.tables import DATABASE, ensure_tables
from local.flink.cluster import Cluster
from local.flink.conf import ClusterSettings
from local.processes import service
from local.processes.children import Processes
from local.processes.ports import HOST, free_port
from local.stack.stack import DEAD_LETTERS
from local.viewers.stream import MAX_BYTES, MAX_RECORDS

STORE, NULL_KINESIS, DOOR = "timestream", "null-kinesis", "front-door"
SHARDS = 2
METRICS_AGE_MS = 200
"""What Flink tells of its operators is at most so old, but for the first answer after a pause."""


class Lab:
    """`with Lab(say) as lab:` starts what is needed when it is first asked for, and ends it all."""

    home = Path(".beacon") / "bench"

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self.processes = Processes(self.home)
        self.kinesis_port, self._store_port = free_port(), free_port()
        extra = (("metrics.fetcher.update-interval", str(METRICS_AGE_MS)),)
        self.cluster = Cluster(
            ClusterSettings(home=self.home, ui_port=free_port(), extra=extra), self.processes
        )

    def __enter__(self) -> "Lab":
        self.processes.stop_all()
        shutil.rmtree(self.home, ignore_errors=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.cluster.stop()
        self.processes.stop_all()

    @property
    def _kinesis_url(self) -> str:
        return f"http://{HOST}:{self.kinesis_port}"

    @property
    def store_url(self) -> str:
        """The stand-in's URL."""
        return f"http://{HOST}:{self._store_port}"

    def kinesis(self) -> Any:
        """A client of the emulator."""
        client = kinesis.client(self._kinesis_url)
        if self.processes.pid(kinesis.NAME) is None:
            kinesis.start_emulator(self.processes, self.home, self.kinesis_port, self._say)
            kinesis.ensure_stream(client, DEAD_LETTERS, 1)
        return client

    def restart_store(self, version: Version, *, empty: bool = True) -> None:
        """The version's own stand-in, with empty tables or with what was in them."""
        self.processes.stop(STORE)
        data = self.home.resolve() / STORE
        if empty:
            shutil.rmtree(data, ignore_errors=True)
        port = str(self._store_port)
        command = [sys.executable, "-m", "local.timestream", "--port", port, "--data-dir", str(data)]
        self.processes.start(STORE, command, os.environ, version.checkout)
        wait_for("the stand-in answers", lambda: service.answers(f"{self.store_url}/health"), 60)
        ensure_tables(self.store_url)

    def make_stream(self, stream: str, records: Sequence[Record] = ()) -> None:
        """A stream of this name with the records in it."""
        client = self.kinesis()
        kinesis.ensure_stream(client, stream, SHARDS)
        self.put(client, stream, records)

    def null_kinesis(self) -> int:
        """The port of a Kinesis that takes everything at once and keeps nothing."""
        port = free_port()
        command = [sys.executable, "-m", "bench.null_kinesis", str(port)]
        service.start(self.processes, NULL_KINESIS, command, f"http://{HOST}:{port}")
        return port

    def door(self, kinesis_port: int) -> int:
        """The port of a front door before the Kinesis at this port; it takes the place of an earlier one."""
        self.processes.stop(DOOR)
        port = free_port()
        endpoint = f"http://{HOST}:{kinesis_port}"
        command = [
            sys.executable,
            "-m",
            "local.front_door",
            "--port",
            str(port),
            "--kinesis-endpoint",
            endpoint,
        ]
        service.start(self.processes, DOOR, command, f"http://{HOST}:{port}/Default/v1/health")
        return port

    @staticmethod
    def put(client: Any, stream: str, records: Sequence[Record]) -> None:
        """Put records, as many at once as the service allows. Raises RuntimeError for one that is refused."""
        entries: list[dict[str, Any]] = []
        size = 0
        for index, record in enumerate(records, 1):
            entries.append({"PartitionKey": record.partition_key, "Data": record.data})
            size += len(record.data)
            if len(entries) == MAX_RECORDS or size > MAX_BYTES - 1_000_000 or index == len(records):
                if client.put_records(StreamName=stream, Records=entries)["FailedRecordCount"]:
                    message = f"the emulator refused records for {stream}"
                    raise RuntimeError(message)
                entries, size = [], 0

    def restart_cluster(self) -> None:
        """A cluster that has run nothing yet."""
        self.cluster.stop()
        self.cluster.start(lambda _: None)

    def submit(self, version: Version, stream: str, savepoint: str | None = None) -> str:
        """Submit a version of the job on a stream; the job's id."""
        self.kinesis()
        written = self.home / PROPERTIES
        written.write_text(json.dumps(groups(version, stream, self._kinesis_url, self.store_url)))
        arguments = ["--properties", str(written.resolve())]
        return self.cluster.submit(version.folder, arguments, savepoint=savepoint)

    def task_manager_pid(self) -> int:
        """The head of the task manager's processes."""
        pid = self.processes.pid("task-manager-0")
        if pid is None:
            message = f"the task manager has died; see {self.home}/logs"
            raise RuntimeError(message)
        return pid

    def counters(self) -> dict[str, dict[str, int]]:
        """The stand-in's counters by table."""
        with urllib.request.urlopen(f"{self.store_url}/inspect", timeout=60) as answer:
            return dict(json.load(answer)["databases"][DATABASE]["tables"])


def wait_for(what: str, condition: Callable[[], bool], patience_s: float) -> float:
    """Poll until the condition holds; how long it took. Raises RuntimeError when patience ends."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > patience_s:
            message = f"not within {patience_s:.0f} s: {what}"
            raise RuntimeError(message)
        time.sleep(0.05)
    return time.monotonic() - began
