"""What the benchmarks run on: the emulator, the stand-in and a real cluster, as `make run` starts them."""

import json
import shutil
import threading
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench.traffic import Record
from deploy import package
from local.aws import kinesis
from local.aws.tables import DATABASE, TABLES
from local.flink import bundle
from local.flink.cluster import Cluster
from local.flink.conf import ClusterSettings
from local.processes.ports import free_port
from local.stack import properties
from local.stack.settings import RunSettings
from local.stack.stack import STREAM, Stack
from local.viewers.stream import MAX_BYTES, MAX_RECORDS

HOME = Path(".beacon") / "bench"
BENCH = Path(__file__).parent
SHARDS = 2
METRICS_MS = 200
"""Progress is read from Flink's metrics: they must be no older than a look at the CPU. Asking for them costs
CPU as well."""


class Lab:
    """`with Lab(say) as lab:` starts what is needed when it is first asked for, and ends it all."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        settings = RunSettings(
            viewers=0,
            kinesis_port=free_port(),
            timestream_port=free_port(),
            http_port=free_port(),
            flink_ui_port=free_port(),
            task_managers=1,
            kinesis_shards=SHARDS,
            kinesis_endpoint=None,
            seed=1,
            home=HOME,
        )
        self.stack = Stack(settings, say, threading.Event())
        self.cluster = self._cluster(METRICS_MS)
        self._started: set[str] = set()
        self._bundles: dict[str, Path] = {}

    def __enter__(self) -> "Lab":
        self.stack.processes.stop_all()
        shutil.rmtree(HOME, ignore_errors=True)
        return self

    def __exit__(self, *_: object) -> None:
        self.cluster.stop()
        self.stack.processes.stop_all()

    def timestream(self) -> str:
        """The stand-in's URL."""
        self._once("timestream", self.stack.start_timestream)
        return self.stack.settings.timestream_url

    def kinesis(self) -> Any:
        """A client of the emulator."""
        self._once("kinesis", self.stack.start_kinesis)
        return kinesis.client(self.stack.settings.kinesis_url)

    def _once(self, name: str, start: Callable[[], None]) -> None:
        if name not in self._started:
            self._started.add(name)
            start()

    def _cluster(self, metrics_ms: int) -> Cluster:
        extra = (("metrics.fetcher.update-interval", str(metrics_ms)),)
        settings = ClusterSettings(home=HOME, ui_port=self.stack.settings.flink_ui_port, extra=extra)
        return Cluster(settings, self.stack.processes)

    def fresh_cluster(self, metrics_ms: int = METRICS_MS) -> None:
        """A cluster that has run nothing yet; its metrics are no older than `metrics_ms`."""
        self.cluster.stop()
        self.cluster = self._cluster(metrics_ms)
        self.cluster.start(lambda _: None)

    def fill(self, stream: str, records: Sequence[Record]) -> None:
        """Put the records into a new stream of this name."""
        client = self.kinesis()
        kinesis.ensure_stream(client, stream, SHARDS)
        self.put(client, stream, records)

    @staticmethod
    def put(client: Any, stream: str, records: Sequence[Record]) -> None:
        """Put records, as many at once as the service allows. Raises RuntimeError for one that is
        refused."""
        batch: list[dict[str, Any]] = []
        size = 0
        for index, record in enumerate(records, 1):
            batch.append({"PartitionKey": record.partition_key, "Data": record.data})
            size += len(record.data)
            if len(batch) == MAX_RECORDS or size > MAX_BYTES - 1_000_000 or index == len(records):
                if client.put_records(StreamName=stream, Records=batch)["FailedRecordCount"]:
                    message = f"the emulator refused records for {stream}"
                    raise RuntimeError(message)
                batch, size = [], 0

    def submit(self, job: str, stream: str = STREAM, *more: str, savepoint: str | None = None) -> str:
        """Submit `main` or one of bench.jobs, with `more` arguments, on a stream; the job's id."""
        written = properties.write(self.stack.settings, HOME / "application_properties.json")
        groups = json.loads(written.read_text())
        for group in groups:
            if group["PropertyGroupId"] == "beacon.source":
                group["PropertyMap"]["stream"] = stream
        written.write_text(json.dumps(groups))
        self.timestream()
        self.kinesis()
        arguments = ["--properties", str(written.resolve()), *more]
        return self.cluster.submit(self._bundle(job), arguments, savepoint=savepoint)

    def _bundle(self, job: str) -> Path:
        """The zip as it is uploaded, unpacked; for a job of the benchmarks, with that in place of
        main.py."""
        if "main" not in self._bundles:
            archive = package.build(HOME / "beacon-job.zip")
            self._bundles["main"] = bundle.unpack(archive, HOME / "bundle-main")
        if job not in self._bundles:
            folder = HOME / f"bundle-{job}"
            shutil.copytree(self._bundles["main"], folder)
            shutil.copy(BENCH / "jobs" / f"{job}.py", folder / "main.py")
            (folder / "dep" / "bench").mkdir()
            for name in ("__init__.py", "boto3_store.py"):
                shutil.copy(BENCH / name, folder / "dep" / "bench" / name)
            self._bundles[job] = folder
        return self._bundles[job]

    def task_manager_pid(self) -> int:
        """The head of the task manager's processes."""
        pid = self.stack.processes.pid("task-manager-0")
        if pid is None:
            message = f"the task manager has died; see {HOME}/logs"
            raise RuntimeError(message)
        return pid

    def counters(self) -> dict[str, dict[str, int]]:
        """The stand-in's counters by table."""
        with urllib.request.urlopen(f"{self.timestream()}/inspect", timeout=60) as answer:
            return dict(json.load(answer)["databases"][DATABASE]["tables"])

    def empty_tables(self) -> None:
        """Forget what was stored."""
        for table in TABLES:
            url = f"{self.timestream()}/inspect/{DATABASE}/{table}"
            urllib.request.urlopen(urllib.request.Request(url, method="DELETE"), timeout=60).close()


def wait_for(what: str, condition: Callable[[], bool], patience_s: float) -> float:
    """Poll until the condition holds; how long it took. Raises RuntimeError when patience ends."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > patience_s:
            message = f"not within {patience_s:.0f} s: {what}"
            raise RuntimeError(message)
        time.sleep(0.05)
    return time.monotonic() - began
