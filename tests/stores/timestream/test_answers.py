import json
from typing import Any

import pytest

from beacon_job.stores.delivery import Halve, Outcome, Settled, Stop, TryAgain
from beacon_job.stores.store import Refused
from beacon_job.stores.timestream.answers import STOPS, Answer, RejectedRecord, outcome, read_answer
from beacon_job.stores.timestream.records import record
from beacon_job.types.point import Point
from tests.places import CASES

ANSWERS = json.loads((CASES / "sink/answers.json").read_text())
LOWER = "The record version 2 is lower than the existing version 200. A higher version is required to update \
the measure value."
SAME = "A record already exists with the same time, dimensions, measure name, and record version. A higher \
record version must be specified in order to update the measure value."
OLD = "The record timestamp is outside the time range [2026-11-24T06:00:00Z, 2026-11-24T07:15:00Z) of the \
memory store."


WHERE = "Timestream table db.t in eu-west-1"


def answered(answer: Answer, records: int = 3, version: int = 1) -> Outcome:
    """What an answer means for so many records, which are the points 10, 11, ..."""
    point = Point("events", "n", 1, {"d": "x"}, {"m": 1}, version)
    return outcome(answer, [record(10 + i, point, 0) for i in range(records)], WHERE)


def rejected(*entries: RejectedRecord, message: str = "") -> Answer:
    return Answer(419, "RejectedRecordsException", message, entries)


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case["is"])
def test_an_answer_to_three_records_means(case: dict[str, Any]) -> None:
    answer = read_answer(case["status"], case.get("headers", {}), case["body"].encode())
    assert type(answered(answer)).__name__ == case["means"]


@pytest.mark.parametrize(
    "content", [b'{"message": "\xff"}', b'{"a": ' + b"[" * 100_000], ids=["latin-1", "deep"]
)
def test_an_answer_that_cannot_be_read_is_tried_again(content: bytes) -> None:
    assert isinstance(answered(read_answer(503, {}, content)), TryAgain)
    assert isinstance(answered(read_answer(200, {}, content)), TryAgain)


def test_the_named_records_are_refused_as_the_points_they_are_of() -> None:
    found = answered(rejected(RejectedRecord(2, "why"), RejectedRecord(0, "as well")))
    assert found == Settled((Refused(12, "rejected", "why"), Refused(10, "rejected", "as well")))


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (rejected(RejectedRecord(7, "why")), "why"),
        (rejected(RejectedRecord(0, None), message="see below"), "see below"),
        (rejected(message="no list"), "no list"),
        (rejected(), "no reason given"),
    ],
    ids=["of another index", "without a reason", "without a list", "without a word"],
)
def test_a_rejection_of_a_record_sent_alone_can_mean_no_other(answer: Answer, reason: str) -> None:
    assert answered(answer, records=1) == Settled((Refused(10, "rejected", reason),))


@pytest.mark.parametrize("entries", ["null", "[]", '"all"', '[{"Reason": 5}]', "[7]"])
def test_a_list_of_the_rejected_that_says_nothing_is_halved_until_one_is_left(entries: str) -> None:
    body = f'{{"__type": "RejectedRecordsException", "message": "m", "RejectedRecords": {entries}}}'
    answer = read_answer(419, {}, body.encode())
    assert isinstance(answered(answer, records=2), Halve)
    assert answered(answer, records=1) == Settled((Refused(10, "rejected", "m"),))


def test_an_index_that_is_left_out_is_the_first() -> None:
    body = b'{"__type": "RejectedRecordsException", "RejectedRecords": [{"Reason": "why"}]}'
    assert answered(read_answer(419, {}, body)) == Settled((Refused(10, "rejected", "why"),))


def test_a_null_reason_beside_a_clear_index_refuses_that_record() -> None:
    body = b'{"__type": "RejectedRecordsException", "RejectedRecords": [{"RecordIndex": 1, "Reason": null}]}'
    assert answered(read_answer(419, {}, body)) == Settled((Refused(11, "rejected", "no reason given"),))


def test_a_gateway_throttles_by_its_status_and_the_service_by_its_errors_name() -> None:
    def throttled(answer: Answer) -> bool:
        found = answered(answer)
        return isinstance(found, TryAgain) and found.throttled

    assert throttled(Answer(429))
    assert throttled(Answer(400, "ThrottlingException"))
    assert not throttled(Answer(503))


def test_a_connection_that_broke_is_tried_again_and_the_table_named() -> None:
    found = answered(Answer(0, "ProtocolError", "reset by peer"))
    assert found == TryAgain(f"{WHERE} cannot be written: ProtocolError: reset by peer")


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
    found = answered(rejected(RejectedRecord(0, reason, existing)), version=ours)
    assert isinstance(found, Settled)
    assert (found.superseded, len(found.refused)) == (int(there), int(not there))


@pytest.mark.parametrize("code", STOPS)
def test_whatever_stops_the_job_names_the_table_and_says_what_there_is_to_do(code: str) -> None:
    assert answered(Answer(400, code, "no")) == Stop(f"{WHERE} cannot be written: {code}: no ({STOPS[code]})")


def test_an_account_that_may_not_use_the_service_at_all_is_not_told_to_change_its_role() -> None:
    message = "Only existing Timestream for LiveAnalytics customers can access the service."
    found = answered(Answer(403, "AccessDeniedException", message))
    assert isinstance(found, Stop)
    assert "no new customers" in found.why
    assert "docs/sinks.md" in found.why
    assert "role" not in found.why
