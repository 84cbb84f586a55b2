"""What was acknowledged stays: through restarts, kills and full disks. And the program ends cleanly."""

import json
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.timestream.storage.sqlite import DataDirInUse
from local.timestream.testing import TimestreamServer
from tests.contract.records import NOW_MS, record
from tests.places import ROOT

DUMMY = {"region_name": "us-east-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
TABLE = {"DatabaseName": "db1", "TableName": "table1"}


def connect(url: str) -> Any:
    return boto3.client(
        "timestream-write", endpoint_url=url, config=Config(retries={"total_max_attempts": 1}), **DUMMY
    )


def make_table(url: str) -> Any:
    client = connect(url)
    client.create_database(DatabaseName="db1")
    client.create_table(**TABLE)
    return client


def inspect(url: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{url}/inspect/db1/table1") as answer:
        return [json.loads(line) for line in answer]


def counters(url: str) -> dict[str, int]:
    with urllib.request.urlopen(f"{url}/inspect") as answer:
        found: dict[str, int] = json.load(answer)["databases"]["db1"]["tables"]["table1"]
        return found


def start(data_dir: Path, port: int = 0) -> tuple[subprocess.Popen[str], str]:
    """The program and its URL."""
    command = [sys.executable, "-m", "local.timestream", "--port", str(port), "--data-dir", str(data_dir)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    announced = process.stdout.readline()
    return process, announced.removeprefix("Timestream stand-in on ").split(",")[0]


def test_a_second_server_over_the_same_directory_continues_where_the_first_ended(tmp_path: Path) -> None:
    with TimestreamServer(tmp_path) as server:
        client = make_table(server.url)
        client.tag_resource(
            ResourceARN=client.describe_table(**TABLE)["Table"]["Arn"], Tags=[{"Key": "a", "Value": "b"}]
        )
        client.write_records(**TABLE, Records=[record("s1", Version=5)])
        before = inspect(server.url), counters(server.url), client.describe_table(**TABLE)["Table"]
    with TimestreamServer(tmp_path) as server:
        client = connect(server.url)
        assert (inspect(server.url), counters(server.url), client.describe_table(**TABLE)["Table"]) == before
        with pytest.raises(client.exceptions.RejectedRecordsException) as caught:
            client.write_records(
                **TABLE, Records=[record("s1", {"bitrate_kbps": ("DOUBLE", "9")}, Version=4)]
            )
        assert caught.value.response["RejectedRecords"][0]["ExistingVersion"] == 5


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    process, url = start(tmp_path)
    make_table(url)
    acknowledged: list[int] = []
    enough = threading.Event()

    def write(first: int) -> None:
        client = connect(url)
        for place in range(first, 10**6, 40):
            times = [NOW_MS * 10**6 + place + offset for offset in range(10)]
            try:
                records = [record("s1", Time=str(time_ns), TimeUnit="NANOSECONDS") for time_ns in times]
                client.write_records(**TABLE, Records=records)
            except BotoCoreError:
                return
            acknowledged.extend(times)
            if len(acknowledged) >= 2000:
                enough.set()

    writers = [threading.Thread(target=write, args=(first,)) for first in (0, 10, 20, 30)]
    for writer in writers:
        writer.start()
    assert enough.wait(60)
    process.send_signal(signal.SIGKILL)
    for writer in writers:
        writer.join()
    process.communicate()
    with TimestreamServer(tmp_path) as server:
        stored = [line["time"] for line in inspect(server.url)]
        assert set(acknowledged) <= set(stored)
        assert len(stored) == len(set(stored)) == counters(server.url)["records"]


def test_a_full_disk_is_answered_with_500_and_loses_nothing_acknowledged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with TimestreamServer(tmp_path, max_bytes=400_000) as server:
        client = make_table(server.url)
        acknowledged = 0
        with pytest.raises(ClientError) as caught:
            for batch in range(1000):
                times = range(batch * 100, batch * 100 + 100)
                note = {"note": ("VARCHAR", "x" * 200)}
                records = [record("s1", note, at_ms=NOW_MS - offset) for offset in times]
                client.write_records(**TABLE, Records=records)
                acknowledged += 100
        assert caught.value.response["Error"]["Code"] == "InternalServerException"
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
        assert "full" in caplog.text
        assert acknowledged > 0
        assert len(inspect(server.url)) == counters(server.url)["records"] == acknowledged


def test_a_disk_with_room_again_takes_records_again(tmp_path: Path) -> None:
    large = {"note": ("VARCHAR", "x" * 1500)}
    with TimestreamServer(tmp_path, max_bytes=400_000) as server:
        client = make_table(server.url)
        with pytest.raises(ClientError, match="InternalServerException"):
            for offset in range(1000):
                client.write_records(**TABLE, Records=[record("s1", large, at_ms=NOW_MS - offset)])
        urllib.request.urlopen(
            urllib.request.Request(f"{server.url}/inspect/db1/table1", method="DELETE")
        ).close()
        client.write_records(**TABLE, Records=[record("s2", {"note": ("BIGINT", "1")})])
        assert [line["dimensions"]["session_id"] for line in inspect(server.url)] == ["s2"]


def test_sigterm_ends_the_program_with_exit_code_0(tmp_path: Path) -> None:
    process, url = start(tmp_path)
    make_table(url)
    process.terminate()
    _, complaints = process.communicate(timeout=20)
    assert (process.returncode, complaints) == (0, "")


def test_a_busy_port_is_one_sentence_and_an_exit_code(tmp_path: Path) -> None:
    with TimestreamServer(tmp_path / "first") as server:
        port = int(server.url.rsplit(":", 1)[1])
        process, _ = start(tmp_path / "second", port)
        _, complaints = process.communicate(timeout=20)
    assert process.returncode == 2
    assert complaints == (
        f"The Timestream stand-in cannot start: port {port} is busy: stop what listens there, "
        "or choose another one with --port.\n"
    )


def test_a_directory_in_use_is_one_sentence_and_an_exit_code(tmp_path: Path) -> None:
    with TimestreamServer(tmp_path):
        process, _ = start(tmp_path)
        _, complaints = process.communicate(timeout=20)
    assert process.returncode == 2
    assert complaints.startswith(f"The Timestream stand-in cannot start: {tmp_path} is in use")
    assert complaints.count("\n") == 1


def test_two_servers_in_one_process_cannot_share_a_directory(tmp_path: Path) -> None:
    with TimestreamServer(tmp_path), pytest.raises(DataDirInUse), TimestreamServer(tmp_path):
        pass


def test_only_this_machine_can_connect(tmp_path: Path) -> None:
    process, url = start(tmp_path)
    try:
        sockets = Path(f"/proc/{process.pid}/net/tcp").read_text().splitlines()[1:]
        port = f"{int(url.rsplit(':', 1)[1]):04X}"
        listening = [line.split()[1] for line in sockets if line.split()[1].endswith(f":{port}")]
        assert f"0100007F:{port}" in listening
        assert f"00000000:{port}" not in listening
    finally:
        process.terminate()
        process.communicate()
