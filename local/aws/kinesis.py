"""Kinesis on a laptop: MiniStack on 127.0.0.1, or the user's own emulator, and the streams in it."""

import json
import shutil
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from local.flink.conf import EMULATOR_ENVIRONMENT
from local.processes import service
from local.processes.children import Processes
from local.processes.ports import HOST, refuse_busy_port

NAME = "kinesis"


def start_emulator(processes: Processes, home: Path, port: int, say: Callable[[str], None] = print) -> str:
    """Start MiniStack and return its endpoint once it is healthy; raises StartError.

    An orderly stop keeps the streams for the next start; after a kill they are gone, as the emulator writes
    them down only at its end.
    """
    refuse_busy_port(port, "KINESIS_PORT", "Kinesis emulator")
    kept = home.resolve() / "kinesis"
    kept.mkdir(parents=True, exist_ok=True)
    environment = {
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "PERSIST_STATE": "1",
        "STATE_DIR": str(kept),
    }
    command = [str(Path(sys.executable).parent / "ministack")]
    service.start(processes, NAME, command, f"http://{HOST}:{port}/_ministack/health", environment)
    # What was kept is in memory now. A copy on disk would be taken for the truth after a kill,
    # and readers would hold positions that it has never heard of.
    shutil.rmtree(kept)
    kept.mkdir()
    say(f"Kinesis: emulator ready at http://{HOST}:{port}")
    return f"http://{HOST}:{port}"


def client(endpoint: str) -> Any:
    """A boto3 Kinesis client for an emulator, with dummy credentials."""
    return boto3.client(
        "kinesis",
        endpoint_url=endpoint,
        region_name=EMULATOR_ENVIRONMENT["AWS_REGION"],
        aws_access_key_id=EMULATOR_ENVIRONMENT["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=EMULATOR_ENVIRONMENT["AWS_SECRET_ACCESS_KEY"],
        config=Config(
            connect_timeout=5, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 4}
        ),
    )


def ensure_stream(kinesis: Any, name: str, shards: int) -> None:
    """Create the stream unless it is there, and return once it is active."""
    with suppress(kinesis.exceptions.ResourceInUseException):
        kinesis.create_stream(StreamName=name, ShardCount=shards)
    kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30})


class StreamMemory:
    """Which streams the stack's positions belong to, so that a new stream of the same name is noticed."""

    def __init__(self, home: Path) -> None:
        self._file = home / "streams.json"

    def forgotten(self, kinesis: Any, names: Iterable[str]) -> list[str]:
        """Streams that are not the ones remembered: the emulator lost them or is another one."""
        known = json.loads(self._file.read_text()) if self._file.exists() else {}
        return [name for name in names if name in known and known[name] != _identity(kinesis, name)]

    def remember(self, kinesis: Any, names: Iterable[str]) -> None:
        """Take the streams as they are now for the ones the stack reads."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps({name: _identity(kinesis, name) for name in names}))


def _identity(kinesis: Any, name: str) -> str:
    found = kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]
    return f"{found['StreamARN']} created {found['StreamCreationTimestamp'].timestamp()}"
