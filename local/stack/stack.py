"""Everything `make run` starts, in order, and how it ends."""

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from local.aws import kinesis
from local.aws.kinesis import StreamMemory
from local.flink import bundle
from local.flink.cluster import Cluster
from local.flink.conf import ClusterSettings
from local.flink.rest import RestError
from local.processes import service
from local.processes.children import Processes, StartError
from local.processes.ports import refuse_busy_port
from local.stack import positions, properties
from local.stack.settings import RunSettings
from local.stores import LocalPostgres, LocalStore, TimestreamStandIn

VIEWERS, FRONT_DOOR = "viewers", "front-door"
STREAM, DEAD_LETTERS = "beacon-blog", "beacon-blog-dead-letter"


class Stack:
    """The emulator, the stand-in, the cluster, the job and the viewers."""

    def __init__(self, settings: RunSettings, say: Callable[[str], None], ended: threading.Event) -> None:
        self.settings = settings
        self.say = say
        self.ended = ended
        self.processes = Processes(settings.home)
        cluster = ClusterSettings(
            home=settings.home,
            ui_port=settings.flink_ui_port,
            task_managers=settings.task_managers,
            parallelism=settings.task_managers,
            # The live view and the health page look every two seconds.
            extra=(("metrics.fetcher.update-interval", "1000"),),
        )
        self.cluster = Cluster(cluster, self.processes)
        self.memory = StreamMemory(settings.home)
        self.store = _store(settings, self.processes)
        self.job = ""
        self._bundle: Path | None = None

    def check_ports(self) -> None:
        """Raise StartError when a port is taken, before anything has been started."""
        leftovers = self.processes.stop_all()
        if leftovers:
            self.say(f"ended what an earlier run left behind: {', '.join(leftovers)}")
        if not self.settings.kinesis_endpoint:
            refuse_busy_port(self.settings.kinesis_port, "KINESIS_PORT", "the Kinesis emulator")
        self.store.check()
        refuse_busy_port(self.settings.http_port, "HTTP_PORT", "the web server")
        refuse_busy_port(self.settings.front_door_port, "FRONT_DOOR_PORT", "the front door")
        refuse_busy_port(self.settings.flink_ui_port, "FLINK_UI_PORT", "Flink's web UI")

    def start(self) -> None:
        """Start all of it; raises StartError. Returns early when the end is asked for meanwhile."""
        for step in (
            self.build,
            self.start_store,
            self.start_kinesis,
            self.start_front_door,
            lambda: self.cluster.start(self.say),
            self.submit,
            self.start_viewers,
        ):
            if self.ended.is_set():
                return
            step()

    def stop(self) -> None:
        """Stop the viewers, the job with a savepoint, then everything else; leaves no process behind."""
        self.processes.stop(VIEWERS)
        self._take_savepoint()
        self.cluster.stop()
        self.processes.stop_all()

    def urls(self) -> dict[str, str]:
        """What a person may want to open."""
        settings = self.settings
        return {
            "board": f"http://127.0.0.1:{settings.http_port}/board",
            "dead letters": f"http://127.0.0.1:{settings.http_port}/dead-letters",
            "health": f"http://127.0.0.1:{settings.http_port}/health",
            "player": f"http://127.0.0.1:{settings.http_port}/player/?session=66454545556",
            "Flink": self.cluster.rest.url,
            "front door": f"{settings.front_door_url}/v1/beacons",
            **self.store.urls(),
            "Kinesis": settings.kinesis_url,
        }

    def build(self) -> None:
        """Build the zip and unpack it, as the service does."""
        self.say(
            "building the zip (the first time resolves the Kinesis connector with Maven: about a minute)"
        )
        archive = bundle.build(self.settings.home / "logs" / "build.log")
        self._bundle = bundle.unpack(archive, self.settings.home / "bundle")

    def start_store(self) -> None:
        """Start the store and create what tables are missing."""
        self.store.start()
        self.say(f"{self.store.title}: ready")

    def start_kinesis(self) -> None:
        """Start the emulator, unless somebody's own was named, and create what streams are missing."""
        settings = self.settings
        if not settings.kinesis_endpoint and self.processes.pid(kinesis.NAME) is None:
            kinesis.start_emulator(self.processes, settings.home, settings.kinesis_port, self.say)
        self.ensure_streams()

    def start_front_door(self) -> None:
        """Start what players post to."""
        settings = self.settings
        command = [
            sys.executable, "-m", "local.front_door", "--port", str(settings.front_door_port),
            "--kinesis-endpoint", settings.kinesis_url,
        ]  # fmt: skip
        service.start(self.processes, FRONT_DOOR, command, f"{settings.front_door_url}/v1/health")
        self.say(f"front door: ready at {settings.front_door_url}")

    def ensure_streams(self) -> None:
        """Create what streams are missing; raises StartError when Kinesis does not answer."""
        client = kinesis.client(self.settings.kinesis_url)
        try:
            kinesis.ensure_stream(client, STREAM, self.settings.kinesis_shards)
            kinesis.ensure_stream(client, DEAD_LETTERS, 1)
        except (BotoCoreError, ClientError) as error:
            message = f"Kinesis at {self.settings.kinesis_url} cannot be used: {error}"
            raise StartError(message) from None

    def stream_forgotten(self) -> bool:
        """Whether the stream is another one than the positions of the last run are about."""
        return bool(self.memory.forgotten(kinesis.client(self.settings.kinesis_url), [STREAM]))

    def submit(self) -> None:
        """Submit the job: from the last savepoint or checkpoint if it is of this stream, else anew."""
        if self.stream_forgotten():
            self.say(
                "the stream is not the one the last run read: the job starts anew, without old positions"
            )
            positions.forget(self.settings.home)
        self.memory.remember(kinesis.client(self.settings.kinesis_url), [STREAM])
        snapshot = positions.newest_snapshot(self.settings.home)
        if self._bundle is None:
            message = "the job has not been built"
            raise StartError(message)
        written = properties.write(
            self.settings.kinesis_url, self.store, self.settings.home / "application_properties.json"
        )
        self.say(f"job: submitting{' from ' + snapshot if snapshot else ''}, about 15 s")
        arguments = ["--properties", str(written.resolve())]
        self.job = self.cluster.submit(self._bundle, arguments, savepoint=snapshot)

    def start_anew(self) -> None:
        """Take the job off a stream that is gone and start it on the present one."""
        self.cluster.rest.cancel(self.job)
        self.submit()

    def restart_from_savepoint(self) -> None:
        """Stop the job with a savepoint and start the built one from it: an upgrade in small.

        Raises StartError when the job takes none, and leaves it running.
        """
        if not self._take_savepoint():
            message = "the job took no savepoint"
            raise StartError(message)
        self.submit()

    def start_viewers(self) -> None:
        """Start the synthetic viewers, if any are wanted."""
        settings = self.settings
        if not settings.viewers:
            return
        home = settings.home.resolve()
        command = [
            sys.executable, "-m", "local.viewers", "--kinesis-endpoint", settings.kinesis_url,
            "--viewers", str(settings.viewers), "--seed", str(settings.seed),
            "--status", str(home / "viewers.json"), "--truth", str(home / "truth.jsonl"),
        ]  # fmt: skip
        service.start(self.processes, VIEWERS, command)
        self.say(f"viewers: {settings.viewers} watch (seed {settings.seed})")

    def viewers_status(self) -> dict[str, Any]:
        """The viewers' own counters, or nothing."""
        try:
            return dict(json.loads((self.settings.home / "viewers.json").read_bytes()))
        except (FileNotFoundError, ValueError):
            return {}

    def _take_savepoint(self) -> bool:
        if not self.job:
            return False
        self.say("stopping with a savepoint")
        try:
            savepoint = self.cluster.rest.stop_with_savepoint(self.job)
        except RestError as error:
            self.say(f"no savepoint: {error}; the next run goes on from the last checkpoint")
            return False
        positions.remember(self.settings.home, savepoint)
        return True


def _store(settings: RunSettings, processes: Processes) -> LocalStore:
    if settings.store == "postgres":
        return LocalPostgres(processes, settings.home, settings.postgres_port)
    return TimestreamStandIn(processes, settings.home, settings.timestream_port)
