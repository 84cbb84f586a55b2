"""What real players really sent: every recorded request is taken, and means the same behind the door."""

import json
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from beacon_job.decode import KinesisRecord, decode
from tests.local.front_door.conftest import door
from tests.local.front_door.fake_kinesis import FakeKinesis
from tests.places import CAPTURES, CAPTURES_LATER, CAPTURES_VERSIONS

PLAYERS = [
    folder
    for captures in (CAPTURES, CAPTURES_LATER, CAPTURES_VERSIONS)
    for folder in sorted(captures.iterdir())
    if any(file.stat().st_size for file in folder.glob("*/requests.jsonl"))
]
PATHS = {"/seed/beacon": "/v1/beacons", "/cmcd/state": "/v1/cmcd/state", "/cmcd/bulk": "/v1/cmcd/bulk"}


def recorded(player: Path) -> Iterator[dict[str, Any]]:
    for file in sorted(player.glob("*/requests.jsonl")):
        yield from map(json.loads, file.read_text().splitlines())


def meant(path: str, request: dict[str, Any], recv_at_ms: int) -> object:
    """What the job reads of a request that came straight to it."""
    envelope = {
        "v": 1,
        "recv_at": recv_at_ms,
        "path": path,
        "user_agent": request["headers"].get("user-agent", ""),
    }
    data = json.dumps({**envelope, "body": request["body_b64"]}).encode()
    return decode(KinesisRecord(data, recv_at_ms, "s", "1"))


@pytest.mark.parametrize("player", PLAYERS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_request_of_a_real_player_is_taken_and_comes_out_as_it_went_in(player: Path) -> None:
    stream = FakeKinesis()
    requests = list(recorded(player))
    with door(stream) as client:
        for request in requests:
            query = f"?{request['query']}" if request.get("query") else ""
            answer = client.ask(
                request["method"],
                PATHS[request["path"]] + query,
                b64decode(request["body_b64"]) if request["method"] == "POST" else None,
                request["headers"],
            )
            assert answer.status == 204, (request, answer)
    beacons = [request for request in requests if request["method"] != "OPTIONS"]
    assert len(stream.records) == len(beacons) > 0
    for request, record, envelope in zip(beacons, stream.records, stream.envelopes, strict=True):
        assert b64decode(envelope["body"]) == b64decode(request["body_b64"])
        path = PATHS[request["path"]]
        if request.get("query"):
            assert parse_qs(envelope["path"].partition("?")[2]) == parse_qs(request["query"])
            path += f"?{request['query']}"
        recv_at_ms = envelope["recv_at"]
        found = decode(KinesisRecord(b64decode(record["Data"]), recv_at_ms, "s", "1"))
        assert found == meant(path, request, recv_at_ms)
