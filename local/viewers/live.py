"""Plays the viewers into Kinesis in real time. Drops nothing: while the stream cannot be reached the records wait."""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import boto3
import botocore.config
import botocore.exceptions

from local.viewers.generate import Delivery, Watching
from local.viewers.totals import GroupTotals
from local.viewers.truth import SessionTruth

MAX_RECORDS = 500
MAX_BYTES = 4_500_000
"""Of one PutRecords; the service allows 500 records and 5 MiB."""
GATHER_S = 0.2
"""Records wait this long for company."""
FOR_EVER = ("AccessDeniedException", "UnrecognizedClientException", "InvalidSignatureException", "ValidationException")
"""Refusals that waiting does not cure."""


class CannotSend(Exception):
    """The stream refuses for good; the message says why."""


class Stream:
    """A Kinesis stream that every record reaches, sooner or later."""

    def __init__(self, name: str, endpoint: str | None, region: str, stop: threading.Event) -> None:
        self.name, self.where, self.stop = name, endpoint or f"Kinesis in {region}", stop
        local = {"aws_access_key_id": "local", "aws_secret_access_key": "local"} if endpoint else {}
        config = botocore.config.Config(connect_timeout=3, read_timeout=20, retries={"total_max_attempts": 1})
        self.client: Any = boto3.client("kinesis", endpoint_url=endpoint, region_name=region, config=config, **local)
        self.retried = 0
        self.waiting_for = ""
        """Why nothing flows at the moment; empty when it flows."""

    def put(self, deliveries: list[Delivery], give_up: bool = False) -> int:
        """Sends at most 500 records stamped with the present; gives how many could not be sent.

        Tries until all are accepted, or, once the run is being ended, `give_up` and the first try fails.
        """
        rng, pause_s = Random(len(deliveries)), 0.25  # noqa: S311
        left = deliveries
        while left:
            refused, reason = self._try(left)
            if not refused:
                break
            self.retried += len(refused)
            left = refused
            if not self.waiting_for:
                print(f"viewers: {reason}; {len(left)} records and all after them wait", file=sys.stderr, flush=True)
            self.waiting_for = reason
            if give_up or self.stop.wait(rng.uniform(pause_s / 2, pause_s)):
                return len(left)
            pause_s = min(8.0, pause_s * 2)
        if self.waiting_for:
            print(f"viewers: {self.where} takes records again", file=sys.stderr, flush=True)
            self.waiting_for = ""
        return 0

    def _try(self, deliveries: list[Delivery]) -> tuple[list[Delivery], str]:
        now_ms = time.time_ns() // 1_000_000
        records = [{"Data": d.stamped(now_ms), "PartitionKey": d.partition_key} for d in deliveries]
        try:
            answer = self.client.put_records(StreamName=self.name, Records=records)
        except botocore.exceptions.ClientError as error:
            code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
            if code in FOR_EVER:
                found = f"{self.where} refuses stream {self.name} for good: {code}: {message}"
                raise CannotSend(found) from error
            return deliveries, f"{self.where} answers {code} for stream {self.name}"
        except (botocore.exceptions.BotoCoreError, OSError) as error:
            return deliveries, f"{self.where} cannot be reached ({type(error).__name__})"
        if not answer.get("FailedRecordCount"):
            return [], ""
        refused = [d for d, result in zip(deliveries, answer["Records"], strict=True) if result.get("ErrorCode")]
        code = next(result["ErrorCode"] for result in answer["Records"] if result.get("ErrorCode"))
        return refused, f"{self.where} refused {len(refused)} records with {code}"


class Live:
    """One run: takes deliveries when they are due, sends them, keeps the counters."""

    def __init__(self, stream: Stream, deliveries: Iterator[Delivery], watching: Watching, stop: threading.Event) -> None:
        self.stream, self.deliveries, self.watching, self.stop = stream, deliveries, watching, stop
        self.totals = GroupTotals()
        self.counts = {"records": 0, "good_events": 0, "broken_records": 0, "bad_records": 0, "repeated_records": 0}
        self.not_sent = 0
        self.sessions_over = 0
        self.started_s = time.monotonic()

    def run(self, seconds: float | None, every_second: Callable[["Live"], None]) -> None:
        """Plays until the last viewer has left, `seconds` have passed or `stop` is set."""
        pending: Delivery | None = next(self.deliveries, None)
        look_s = 0.0
        while pending is not None and not self.stop.is_set():
            batch: list[Delivery] = []
            size, now_ms = 0, time.time_ns() // 1_000_000
            while pending is not None and pending.recv_ms <= now_ms and len(batch) < MAX_RECORDS and size < MAX_BYTES:
                batch.append(pending)
                size += len(pending.tail) + 256
                pending = next(self.deliveries, None)
            self._send(batch)
            if time.monotonic() - look_s >= 1:
                look_s = time.monotonic()
                every_second(self)
            if seconds is not None and time.monotonic() - self.started_s >= seconds:
                self.stop.set()
            elif len(batch) < MAX_RECORDS:
                self.stop.wait(GATHER_S)
        self._end(pending)
        every_second(self)

    def told(self, truth: SessionTruth) -> None:
        """Takes the truth of a session that is over."""
        self.sessions_over += 1
        self.totals.add(truth)

    def _end(self, pending: Delivery | None) -> None:
        """What is under way still arrives, at once, so that what was said so far is true of every open session."""
        self.watching.closing = True
        rest = ([pending] if pending else []) + list(self.deliveries)
        for start in range(0, len(rest), MAX_RECORDS):
            self._send(rest[start : start + MAX_RECORDS], give_up=True)

    def _send(self, batch: list[Delivery], give_up: bool = False) -> None:
        if not batch:
            return
        failed = self.stream.put(batch, give_up)
        self.not_sent += failed
        counts = self.counts
        counts["records"] += len(batch) - failed
        for delivery in batch:
            counts["good_events"] += delivery.good_events
            counts["bad_records"] += delivery.bad_records
            counts["broken_records"] += delivery.broken
            counts["repeated_records"] += delivery.kind == "repeated"

    def status(self) -> dict[str, Any]:
        """The counters and the truth so far, sessions under way included, as plain data."""
        now_ms = time.time_ns() // 1_000_000
        return {
            "at_ms": now_ms,
            "running_s": round(time.monotonic() - self.started_s, 1),
            **self.counts,
            "not_sent": self.not_sent,
            "retried": self.stream.retried,
            "waiting_for": self.stream.waiting_for,
            "sessions_active": len(self.watching.sessions),
            "sessions_over": self.sessions_over,
            "truth": self.totals.figures(session.truth(now_ms) for session in self.watching.sessions.values()),
        }


def write_status(path: Path, status: dict[str, Any]) -> None:
    """Replaces the file in one step: a reader never sees half of it."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(json.dumps(status))
    os.replace(fresh, path)
