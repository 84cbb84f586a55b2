"""Viewers play into a stream: nothing is dropped, a run ends quickly and says what it did."""

import base64
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any

import pytest

from beacon_job.decode import decode
from beacon_job.types.beacon import KinesisRecord
from local.viewers.backlog import fill
from local.viewers.generate import generate
from local.viewers.habits import SHORT
from local.viewers.network import PERFECT
from local.viewers.session import Delivery
from local.viewers.stream import CannotSend, Stream
from tests.places import ROOT

START_MS = 1_795_000_000_000


class Kinesis:
    """Takes PutRecords over HTTP; `answers` decides what happens to a request, record by record."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []
        self.requests = 0
        self.refuse_request = ""
        """Error code that every request gets."""
        self.refuse_share = 0.0
        """Share of records that are refused with a throttling error."""
        self.rng = Random(1)
        kinesis = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, answer = kinesis.put_records(body)
                payload = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.1")
                self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.endpoint = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def put_records(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.requests += 1
        assert len(body["Records"]) <= 500
        if self.refuse_request:
            return 400, {"__type": self.refuse_request, "message": "no"}
        results: list[dict[str, str]] = []
        for record in body["Records"]:
            if self.rng.random() < self.refuse_share:
                results.append(
                    {"ErrorCode": "ProvisionedThroughputExceededException", "ErrorMessage": "slow"}
                )
            else:
                self.records.append(record)
                results.append({"SequenceNumber": str(len(self.records)), "ShardId": "shardId-0"})
        return 200, {"FailedRecordCount": sum("ErrorCode" in r for r in results), "Records": results}

    def data(self) -> list[bytes]:
        return [base64.b64decode(record["Data"]) for record in self.records]


@pytest.fixture
def kinesis() -> Iterator[Kinesis]:
    server = Kinesis()
    yield server
    server.server.shutdown()
    server.server.server_close()


def some(count: int) -> list[Delivery]:
    deliveries = generate(2, 5, START_MS, habits=SHORT, network=PERFECT)
    return [next(deliveries) for _ in range(count)]


def test_refused_records_are_sent_again_until_all_are_taken_once(kinesis: Kinesis) -> None:
    kinesis.refuse_share = 0.4
    deliveries = some(120)
    stream = Stream("beacon-blog", kinesis.endpoint, "us-east-1", threading.Event())
    assert stream.put(deliveries) == []
    assert Counter(r["PartitionKey"] for r in kinesis.records) == Counter(d.partition_key for d in deliveries)
    assert stream.retried > 0 and stream.waiting_for == ""


def test_a_missing_stream_is_waited_for(kinesis: Kinesis) -> None:
    kinesis.refuse_request = "ResourceNotFoundException"
    stream = Stream("beacon-blog", kinesis.endpoint, "us-east-1", threading.Event())
    waiting = threading.Thread(target=stream.put, args=(some(5),))
    waiting.start()
    while not stream.waiting_for:
        time.sleep(0.01)
    assert "ResourceNotFoundException" in stream.waiting_for
    kinesis.refuse_request = ""
    waiting.join(20)
    assert len(kinesis.records) == 5


def test_a_refusal_for_good_is_told_with_the_streams_name(kinesis: Kinesis) -> None:
    kinesis.refuse_request = "AccessDeniedException"
    stream = Stream("beacon-blog", kinesis.endpoint, "us-east-1", threading.Event())
    with pytest.raises(CannotSend, match=r"beacon-blog for good: AccessDenied"):
        stream.put(some(1))


def test_what_cannot_be_sent_at_the_end_is_counted_and_not_forgotten(kinesis: Kinesis) -> None:
    kinesis.refuse_request = "ServiceUnavailable"
    stream = Stream("beacon-blog", kinesis.endpoint, "us-east-1", threading.Event())
    deliveries = some(7)
    assert stream.put(deliveries, give_up=True) == deliveries


def test_a_run_is_ended_by_sigterm_and_its_files_agree_with_the_stream(
    kinesis: Kinesis, tmp_path: Path
) -> None:
    truth_file, status_file = tmp_path / "truth.jsonl", tmp_path / "status.json"
    command = [
        sys.executable,
        "-m",
        "local.viewers",
        "--kinesis-endpoint",
        kinesis.endpoint,
        "--viewers",
        "40",
    ]
    command += [
        "--rate",
        "200",
        "--habits",
        "short",
        "--truth",
        str(truth_file),
        "--status",
        str(status_file),
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    while len(kinesis.records) < 100:
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    status = json.loads(status_file.read_text())
    assert status["records"] == len(kinesis.records)
    assert status["not_sent"] == 0
    assert f"{len(kinesis.records)} records sent" in said
    items = [item for data in kinesis.data() for item in decode(KinesisRecord(data, START_MS))]
    assert len(items) == status["good_events"] + status["bad_records"]
    truths = [json.loads(line) for line in truth_file.read_text().splitlines()]
    stored = sum(a["stored"] + a["repeated"] for truth in truths for a in truth["targets"].values())
    assert stored == status["good_events"]
    assert status["truth"]["all"]["sessions"] == len(truths)


def test_records_are_stamped_when_they_are_taken_and_not_when_they_were_planned(kinesis: Kinesis) -> None:
    Stream("beacon-blog", kinesis.endpoint, "us-east-1", threading.Event()).put(some(3))
    now_ms = time.time() * 1_000
    for data in kinesis.data():
        assert abs(json.loads(data)["recv_at"] - now_ms) < 60_000


def test_a_backlog_keeps_its_old_times_and_lies_unevenly_on_the_shards(kinesis: Kinesis) -> None:
    deliveries = list(generate(6, 50, START_MS, sessions=200, habits=SHORT, network=PERFECT))
    by_shard = fill("beacon-blog", kinesis.endpoint, deliveries, shards=4, share=0.85)
    assert by_shard.total() == len(deliveries) == len(kinesis.records)
    assert kinesis.data() == [delivery.data for delivery in deliveries]
    shard_of_session: dict[str, set[int]] = {}
    for record in kinesis.records:
        shard = int(record["ExplicitHashKey"]) * 4 // 2**128
        shard_of_session.setdefault(record["PartitionKey"], set()).add(shard)
    assert all(len(shards) == 1 for shards in shard_of_session.values())
    spread = Counter(shard for shards in shard_of_session.values() for shard in shards)
    assert 0.78 < spread[0] / spread.total() < 0.92
    assert set(spread) == {0, 1, 2, 3}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--dialects", "vlc"], "found 'vlc', allowed are hlsjs"),
        (["--viewers", "0"], "found 0, must be 1 or more"),
    ],
)
def test_a_wrong_argument_is_told_in_a_sentence(arguments: list[str], said: str) -> None:
    command = [sys.executable, "-m", "local.viewers", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert found.returncode == 2
    assert said in found.stderr
    assert "Traceback" not in found.stderr
