"""A Kinesis stream that every record reaches, sooner or later."""

import sys
import threading
import time
from random import Random
from typing import Any

import boto3
import botocore.config
import botocore.exceptions

from local.viewers.session import Delivery

MAX_RECORDS = 500
MAX_BYTES = 4_500_000
"""Of one PutRecords; the service allows 500 records and 5 MiB."""
FOR_EVER = (
    "AccessDeniedException",
    "UnrecognizedClientException",
    "InvalidSignatureException",
    "ValidationException",
)
"""Refusals that waiting does not cure."""


class CannotSend(Exception):
    """The stream refuses for good; the message says why."""


class Stream:
    """A Kinesis stream that every record reaches, sooner or later."""

    def __init__(self, name: str, endpoint: str | None, region: str, stop: threading.Event) -> None:
        self.name, self.where, self.stop = name, endpoint or f"Kinesis in {region}", stop
        local = {"aws_access_key_id": "local", "aws_secret_access_key": "local"} if endpoint else {}
        config = botocore.config.Config(connect_timeout=3, read_timeout=20, retries={"total_max_attempts": 1})
        self.client: Any = boto3.client(
            "kinesis", endpoint_url=endpoint, region_name=region, config=config, **local
        )
        self.retried = 0
        self.waiting_for = ""
        """Why nothing flows at the moment; empty when it flows."""

    def put(self, deliveries: list[Delivery], give_up: bool = False) -> int:
        """Sends at most 500 records stamped with the present; gives how many could not be sent.

        Tries until all are accepted, or, once the run is being ended, `give_up` and the first try fails.
        """
        rng, pause_s = Random(len(deliveries)), 0.25
        left = deliveries
        while left:
            refused, reason = self._try(left)
            if not refused:
                break
            self.retried += len(refused)
            left = refused
            if not self.waiting_for:
                print(
                    f"viewers: {reason}; {len(left)} records and all after them wait",
                    file=sys.stderr,
                    flush=True,
                )
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
        refused = [
            d for d, result in zip(deliveries, answer["Records"], strict=True) if result.get("ErrorCode")
        ]
        code = next(result["ErrorCode"] for result in answer["Records"] if result.get("ErrorCode"))
        return refused, f"{self.where} refused {len(refused)} records with {code}"
