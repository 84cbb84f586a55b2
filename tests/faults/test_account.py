"""The account can tell: each thing that could go wrong in a run is complained about."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest

from local.timestream.rules.reasons import INJECTED
from tests.faults.account import Account, Identity, Outcome, Sent, audit

BEACONS = {Identity("s", n, 1_000_000 + n): Sent(0, 1_000_000, "FA", "heartbeat") for n in range(5)}
POISON = b"\xff"


def row(beacon: Identity, target: str = "state") -> dict[str, Any]:
    return {
        "time": beacon.ts * 1_000_000 + beacon.seq,
        "version": 1,
        "dimensions": {"session_id": beacon.session, "country": "FA", "target": target},
        "measure_name": "heartbeat",
        "measures": {"seq": beacon.seq},
    }


def window(count: int, version: int = 1, offset: int = 0) -> dict[str, Any]:
    return {
        "time": 1_000_000 * 1_000_000 + offset,
        "version": version,
        "dimensions": {"country": "FA"},
        "measure_name": "events",
        "measures": {"heartbeat": count},
    }


def refusal(stored: dict[str, Any], table: str, detail: str = INJECTED) -> dict[str, Any]:
    point = {
        "table": table,
        "time_ns": stored["time"],
        "dims": stored["dimensions"],
        **{name: stored[name] for name in ("measure_name", "measures", "version")},
    }
    return {"stage": "store", "detail": detail, "raw": base64.b64encode(json.dumps(point).encode()).decode()}


POISON_LETTER = {"stage": "decode", "detail": "not text", "raw": base64.b64encode(POISON).decode()}
ACCOUNT = Account(dict(BEACONS), {POISON})
FAULTLESS = Outcome([row(beacon) for beacon in BEACONS], [window(3), window(2, offset=1)], [POISON_LETTER])
FIRST = next(iter(BEACONS))


def test_a_faultless_run_has_no_complaint() -> None:
    assert audit(ACCOUNT, FAULTLESS).complaints() == []


def test_what_the_store_was_told_to_refuse_is_not_lost() -> None:
    letters = [POISON_LETTER, refusal(row(FIRST), "events"), refusal(window(2, offset=1), "qoe")]
    found = audit(ACCOUNT, Outcome(FAULTLESS.events[1:], [window(3)], letters))
    assert found.complaints() == []
    assert found.refused == {FIRST}


def test_a_refused_row_stands_only_if_no_newer_version_is_stored() -> None:
    older = refusal(window(2, version=2), "qoe")
    outcome = replace(FAULTLESS, qoe=[window(5, version=5)], letters=[POISON_LETTER, older])
    assert audit(ACCOUNT, outcome).complaints() == []


WRONG = {
    "a beacon is neither stored nor refused": ("lost", {"events": FAULTLESS.events[1:]}),
    "a beacon is stored twice": ("twice", {"events": [*FAULTLESS.events, row(FIRST, "bulk")]}),
    "a beacon is stored that nobody sent": (
        "nobody",
        {"events": [*FAULTLESS.events, row(Identity("x", 1, 1))]},
    ),
    "poison has no dead letter": ("poison", {"letters": []}),
    "a good record is taken for bad": (
        "dead letters",
        {"letters": [POISON_LETTER, {**POISON_LETTER, "raw": "YQ=="}]},
    ),
    "a row is refused that nobody wanted refused": (
        "dead letters",
        {"letters": [POISON_LETTER, refusal(row(FIRST), "events", "The record version 1 is lower")]},
    ),
    "a window counts too few": ("add up", {"qoe": [window(3)]}),
    "a window counts too many": ("add up", {"qoe": [*FAULTLESS.qoe, window(1, offset=2)]}),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_each_thing_that_can_go_wrong_is_complained_about(wrong: str) -> None:
    words, change = WRONG[wrong]
    complaints = audit(ACCOUNT, replace(FAULTLESS, **change)).complaints()
    assert len(complaints) == 1
    assert words in complaints[0]
