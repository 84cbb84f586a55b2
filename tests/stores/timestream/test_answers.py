import json
from typing import Any

import pytest

from beacon_job.stores.timestream.answers import (
    STOPS,
    Action,
    Answer,
    RejectedRecord,
    action,
    already_there,
    read_answer,
    throttled,
)
from tests.places import CASES

ANSWERS = json.loads((CASES / "sink/answers.json").read_text())
LOWER = "The record version 2 is lower than the existing version 200. A higher version is required to update \
the measure value."
SAME = "A record already exists with the same time, dimensions, measure name, and record version. A higher \
record version must be specified in order to update the measure value."
OLD = "The record timestamp is outside the time range [2026-11-24T06:00:00Z, 2026-11-24T07:15:00Z) of the \
memory store."


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case["is"])
def test_an_answer_to_three_records_means(case: dict[str, Any]) -> None:
    answer = read_answer(case["status"], case.get("headers", {}), case["body"].encode())
    assert action(answer, 3) is Action(case["action"])


@pytest.mark.parametrize(
    "content", [b'{"message": "\xff"}', b'{"a": ' + b"[" * 100_000], ids=["latin-1", "deep"]
)
def test_an_answer_that_cannot_be_read_is_tried_again(content: bytes) -> None:
    assert action(read_answer(503, {}, content), 3) is Action.RETRY
    assert action(read_answer(200, {}, content), 3) is Action.RETRY


def test_a_rejection_of_a_record_sent_alone_can_mean_no_other() -> None:
    named = Answer(419, "RejectedRecordsException", "", (RejectedRecord(7, "why"),))
    assert action(named, 1) is Action.REJECTED
    assert action(Answer(419, "RejectedRecordsException"), 1) is Action.RETRY


def test_a_gateway_throttles_by_its_status_and_the_service_by_its_errors_name() -> None:
    assert throttled(Answer(429))
    assert throttled(Answer(400, "ThrottlingException"))
    assert not throttled(Answer(503))


def test_a_connection_that_broke_is_tried_again() -> None:
    assert action(Answer(0, "ProtocolError", "reset by peer"), 3) is Action.RETRY


def test_the_message_of_the_service_is_kept_in_either_spelling() -> None:
    for name in ("message", "Message"):
        content = json.dumps({"__type": "ValidationException", name: "why"}).encode()
        assert read_answer(400, {}, content).message == "why"


@pytest.mark.parametrize(
    ("reason", "existing", "ours", "there"),
    [
        (LOWER, 200, 2, True),
        (SAME, None, 1, True),
        (SAME, 1, 1, True),
        (OLD, None, 1, False),
        ("The record has an older version.", 4, 5, False),
    ],
)
def test_a_row_that_is_stored_in_our_version_or_a_newer_one_is_there(
    reason: str, existing: int | None, ours: int, there: bool
) -> None:
    assert already_there(RejectedRecord(0, reason, existing), ours) is there


def test_whatever_stops_the_job_says_what_there_is_to_do() -> None:
    assert all(STOPS.values())
    assert {action(Answer(400, code), 1) for code in STOPS} == {Action.STOP}
