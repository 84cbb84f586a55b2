"""Lines of CDN logs and queries of requests, case by case; and how late a log may come."""

import json
import re
from typing import Any

import pytest

from beacon_job.decode import KinesisRecord, decode, decode_request_query
from beacon_job.types.beacon import Beacon
from beacon_job.types.settings import REAL_TIME_FIELDS
from tests.decode.decoding import ARRIVAL_MS, cases, envelope, one, split
from tests.places import ROOT

DOCS = (ROOT / "docs" / "logs.md").read_text()
LINES_TO_TRY = re.findall(r"## ([^\n]+)\n(?:(?!\n## ).)*?```log\n(.+?)\n```", DOCS, re.DOTALL)
WITHOUT_DURATIONS = {"nginx, combined", "Apache", "bunny.net"}
"""Logs that do not tell how long a response took, or not as the docs have them."""
TIME_MS = 1_795_458_894_000
SHIPPED_MS = TIME_MS + 5 * 60_000


def says(beacon: Beacon, case: dict[str, Any]) -> None:
    assert {name: beacon.measures.get(name) for name in case.get("measures", {})} == case.get("measures", {})
    assert {name: beacon.dims.get(name) for name in case.get("dims", {})} == case.get("dims", {})
    assert not {*case.get("absent", ())} & (beacon.measures.keys() | beacon.dims.keys())
    for name in ("event", "source", "target", "session_id", "client_ms", "state", "seq"):
        assert getattr(beacon, name) == case.get(name, getattr(beacon, name))


@pytest.mark.parametrize("case", cases("logs.jsonl"), ids=lambda case: case["about"])
def test_a_line_of_a_cdns_log_means(case: dict[str, Any]) -> None:
    beacon = one(case["line"].encode(), SHIPPED_MS)
    says(beacon, {"event": "request", "source": "cmcd_request"} | case)
    assert beacon.placed_ms == beacon.client_ms


@pytest.mark.parametrize("case", cases("queries.jsonl"), ids=lambda case: case["about"])
def test_the_query_of_a_request_means(case: dict[str, Any]) -> None:
    beacon = decode_request_query(case["query"], ARRIVAL_MS)
    assert isinstance(beacon, Beacon), beacon
    says(beacon, case)
    if case["query"].startswith("/"):
        says(one(envelope("", path=case["query"])), case)


@pytest.mark.parametrize(("name", "line"), LINES_TO_TRY, ids=[name for name, _ in LINES_TO_TRY])
def test_the_line_to_try_of_the_docs_is_one_request_at_its_own_time(name: str, line: str) -> None:
    (beacon,) = decode(KinesisRecord(line.encode(), ARRIVAL_MS), log_fields=REAL_TIME_FIELDS)
    assert isinstance(beacon, Beacon)
    assert (beacon.source, beacon.session_id, beacon.client_ms) == ("cmcd_request", "7c2e41d0", TIME_MS), name
    assert beacon.measures["bitrate_kbps"] == 2400
    assert "unread" not in beacon.measures
    assert beacon.measures["segment_number"] == 4
    assert ("ttlb_ms" in beacon.measures) != (name in WITHOUT_DURATIONS)


def test_every_log_of_the_docs_has_a_line_to_try() -> None:
    assert [name for name, _ in LINES_TO_TRY] == re.findall(r"^## (.+)$", DOCS, re.MULTILINE)[:-1]


@pytest.mark.parametrize("late_ms", [0, 50 * 60_000, 24 * 3_600_000, 90 * 86_400_000])
def test_lines_of_a_late_file_keep_their_times_and_distances(late_ms: int) -> None:
    times = [ARRIVAL_MS - late_ms, ARRIVAL_MS - late_ms - 9_000]
    lines = [json.dumps({"timestamp": time_ms, "query": "CMCD=sid%3D%22a%22"}) for time_ms in times]
    beacons, bad = split("\n".join(lines).encode())
    assert not bad
    assert [beacon.placed_ms for beacon in beacons] == times


def test_a_log_ahead_of_arrival_is_put_at_arrival() -> None:
    beacon = one(json.dumps({"timestamp": ARRIVAL_MS + 3_600_000, "query": "CMCD=sid%3D%22a%22"}).encode())
    assert beacon.placed_ms == ARRIVAL_MS


def test_who_ships_a_log_is_no_viewer() -> None:
    line = json.dumps({"timestamp": ARRIVAL_MS, "query": "CMCD=sid%3D%22a%22"})
    beacon = one(envelope(line, user_agent="curl/8.5.0", country="US"))
    assert not {"device", "country"} & beacon.dims.keys()


@pytest.mark.parametrize(
    "log",
    [
        {"reqTimeSec": "1795458894", "statusCode": "200", "queryStr": "-", "cmcd": "-"},
        {"date": "2026-11-23", "time": "18:34:54", "cs-uri-stem": "/logo.png", "cs-uri-query": "-"},
        {"timestamp": 1_795_458_894, "cmcd-object": "", "cmcd-session": "-"},
        {"timestamp": 1_795_458_894, "uri": "/logo.png", "status": 200},
        {"httpRequest": {"requestUrl": "https://h.example/logo.png"}, "timestamp": "2026-11-23T18:34:54Z"},
    ],
)
def test_a_request_of_no_player_is_no_beacon_and_nobodys_fault(log: dict[str, object]) -> None:
    _, (problem,) = split(json.dumps(log).encode())
    assert problem.reason == "empty"
    assert "holds no CMCD" in problem.detail


@pytest.mark.parametrize(
    ("line", "reason", "words"),
    [
        ('e=ps,sid="s",sta=?1,ts=1,v=2', "no_event", "sta of an e=ps is True; it must be one of d s p"),
        ('e=7,sid="s",ts=1,v=2', "no_event", "e is 7; it must be one of ps t e"),
        ('sid="s",sn=1,v=2,ts=5', "no_event", "no key e"),
        ('e=t,sid="s",ts=soon,v=2', "bad_time", "ts is 'soon'; it must be epoch milliseconds"),
        ('e=t,sid="s",v=2', "no_time", "no key ts"),
        ("e=t,sid,ts=5,v=2", "bad_session", "session id is True; it must be a text"),
        ('e=t,sid="s",ts=5,v=3', "cmcd_version", "v is 3; 2 is the newest"),
    ],
)
def test_a_dead_letter_names_the_key_and_what_is_expected(line: str, reason: str, words: str) -> None:
    _, (problem,) = split(envelope(line, path="/v1/cmcd/state"))
    assert problem.reason == reason
    assert words in problem.detail
