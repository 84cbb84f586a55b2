"""What cannot be read ends in the dead letters, with its reason, and never disturbs the job."""

import base64
import json
import os

import pytest

from beacon_job.types.beacon import Reason
from local.stack.stack import Stack
from tests.e2e.conftest import wait_for
from tests.e2e.traffic import EVENTS, dead_letters, envelope, now_ms, put, stored

pytestmark = pytest.mark.e2e

POISON = {
    "binary": os.urandom(500).replace(b"=", b"-"),
    "one mebibyte": b"\xff" * (1 << 20),
    "hostile JSON": b'{"event":' + b"[" * 100_000,
    "a long number": b'{"event":"beacon:started","session":"s","timestamp":' + b"9" * 100_000 + b"}",
    "a lone surrogate": b'{"event":"beacon:started","session":"\\ud800","timestamp":1}',
    "an envelope without a body": b'{"v":1,"recv_at":1}',
    "an empty object": b"{}",
    "blanks": b"   \n ",
    "a wrong version": b'e=ps,sta=p,sid="poison",sn=1,ts=1795456001748,v=3',
}


def test_every_poison_record_becomes_a_dead_letter_and_its_neighbours_are_stored(stack: Stack) -> None:
    good = {"event": "beacon:started", "session": "between-poison", "timestamp": now_ms()}
    marked = [("poison", data) for data in POISON.values()]
    between = [("good", json.dumps(good | {"timestamp": now_ms() + n}).encode()) for n in range(len(marked))]
    before = len(dead_letters(stack))
    put(stack, [record for pair in zip(marked, between, strict=True) for record in pair])
    wait_for(
        "all poison is in the dead letters",
        lambda: len(dead_letters(stack)) >= before + len(POISON),
        patience_s=60,
    )
    wait_for(
        "all good neighbours are stored",
        lambda: len(stored(stack, EVENTS, session_id="between-poison")) >= len(between),
        patience_s=60,
    )
    letters = dead_letters(stack)[before:]
    assert len(letters) == len(POISON)
    raw = {base64.b64decode(letter["raw"])[:400] for letter in letters}
    assert raw == {data[:400] for data in POISON.values()}
    for letter in letters:
        assert letter["reason"] in set(Reason)
        assert letter["stage"] == "decode"
        assert letter["detail"] and letter["shard"] and letter["sequence_number"]
    exceptions = stack.cluster.rest.get(f"/jobs/{stack.job}/exceptions")["exceptionHistory"]["entries"]
    assert exceptions == []


def test_one_bad_line_of_a_body_costs_no_other(stack: Stack) -> None:
    line = 'e=t,sid="one-bad-line",sn={},ts={},v=2'
    body = "\n".join([line.format(0, now_ms()), "e=t,sid=", line.format(1, now_ms())]).encode()
    before = len(dead_letters(stack))
    put(stack, [("k", envelope(body, now_ms(), "/v1/cmcd/state"))])
    wait_for("two beacons stored", lambda: len(stored(stack, EVENTS, session_id="one-bad-line")) == 2, 60)
    wait_for("one dead letter", lambda: len(dead_letters(stack)) == before + 1, 60)
    assert base64.b64decode(dead_letters(stack)[-1]["raw"]) == b"e=t,sid="
