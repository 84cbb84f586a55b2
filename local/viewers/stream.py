"""A Kinesis stream that every record reaches, sooner or later."""

import sys
import threading
import time
from collections.abc import Callable
from random import Random
from typing import Any

import boto3
import botocore.config
import botocore.exceptions

from local.viewers.session import Delivery

MAX_RECORDS = 500
MAX_BYTES = 4_500_000
"""Of one PutRecords; the service allows 500 records and 5 MiB."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 4.0
"""Between tries: doubled while nothing is taken at all, with jitter."""
FOR_EVER = (
    "AccessDeniedException",
    "UnrecognizedClientException",
    "InvalidSignatureException",
    "ValidationException",
)
"""Refusals that waiting does not cure."""


class CannotSend(Exception):
    """The stream refuses for good; the message says why."""


def stamped_now(delivery: Delivery) -> dict[str, Any]:
    """The PutRecords entry of a delivery that the front door accepts in this moment."""
    data = delivery.stamped(time.time_ns() // 1_000_000)
    return {"Data": data, "PartitionKey": delivery.partition_key}


class Stream:
    """A stream by its name, at an emulator's endpoint or at AWS; `stop` ends all waiting."""

    def __init__(
        self,
        name: str,
        endpoint: str | None,
        region: str,
        stop: threading.Event,
        as_record: Callable[[Delivery], dict[str, Any]] = stamped_now,
    ) -> None:
        self.name, self.where, self.stop = name, endpoint or f"Kinesis in {region}", stop
        self.as_record = as_record
        local = {"aws_access_key_id": "local", "aws_secret_access_key": "local"} if endpoint else {}
        config = botocore.config.Config(connect_timeout=3, read_timeout=20, retries={"total_max_attempts": 1})
        self.client: Any = boto3.client(
            "kinesis", endpoint_url=endpoint, region_name=region, config=config, **local
        )
        self.retried = 0
        self.waiting_for = ""
        """Why nothing flows at the moment; empty when it flows."""

    def put(
        self, deliveries: list[Delivery], give_up: bool = False, meanwhile: Callable[[], None] | None = None
    ) -> list[Delivery]:
        """Sends at most 500 records; gives those that could not be sent.

        Tries until all are taken, `stop` is set, or, with `give_up`, the first try fails. Calls `meanwhile`
        before each pause.
        """
        rng, pause_s = Random(), FIRST_PAUSE_S
        left = deliveries
        while left:
            refused, reason = self._try(left)
            if not refused:
                break
            self.retried += len(refused)
            if len(refused) < len(left):
                pause_s = FIRST_PAUSE_S
            left = refused
            if not self.waiting_for:
                print(
                    f"viewers: {reason}; {len(left)} records and all after them wait",
                    file=sys.stderr,
                    flush=True,
                )
            self.waiting_for = reason
            if meanwhile is not None:
                meanwhile()
            if give_up or self.stop.wait(rng.uniform(pause_s / 2, pause_s)):
                return left
            pause_s = min(LONGEST_PAUSE_S, pause_s * 2)
        if self.waiting_for:
            print(f"viewers: {self.where} takes records again", file=sys.stderr, flush=True)
            self.waiting_for = ""
        return []

    def _try(self, deliveries: list[Delivery]) -> tuple[list[Delivery], str]:
        records = [self.as_record(delivery) for delivery in deliveries]
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
