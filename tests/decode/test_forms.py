"""Every form of a beacon, case by case, and real recordings counted independently."""

import base64
import json
import re
from pathlib import Path

import pytest

from beacon_job.decode import decode_request_query
from beacon_job.types.beacon import Beacon
from beacon_job.types.events import EVENTS, STATES
from tests.decode.decoding import ARRIVAL_MS, CASES, cases, envelope, one, split

RECORDINGS = sorted((CASES / "captures").glob("*/*/requests.jsonl"))
WAY = {"source", "target"}


@pytest.mark.parametrize("case", cases("cmcd_records.jsonl"), ids=lambda case: case["about"])
def test_a_cmcd_record_means(case: dict[str, object]) -> None:
    beacon = one(envelope(case["line"], path="/v1/cmcd/state"))
    assert (beacon.event, beacon.state, beacon.seq) == (case["event"], case["state"], case["seq"])
    assert beacon.measures == case["measures"]
    assert {name: type(value) for name, value in beacon.measures.items()} == {
        name: type(value) for name, value in case["measures"].items()
    }
    assert {name: value for name, value in beacon.dims.items() if name not in WAY} == case["dims"]
    assert beacon.client_ms == case.get("client_ms", beacon.client_ms)
    assert (beacon.source, beacon.target, beacon.session_id) == ("cmcd_event", "state", "s1")


@pytest.mark.parametrize("case", cases("json_events.jsonl"), ids=lambda case: case["about"])
def test_a_json_event_means(case: dict[str, object]) -> None:
    text = case.get("text") or json.dumps(case["body"])
    expected = json.dumps(case["measures"])
    for word, (given, kept) in case.get("long", {}).items():
        text, expected = text.replace(word, "x" * given), expected.replace(word, "x" * kept)
    beacon = one(envelope(text))
    assert beacon.event == case["event"]
    assert beacon.measures == json.loads(expected)
    assert beacon.session_id == "1"
    assert beacon.client_ms == case.get("client_ms", 1_795_458_894_866)


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: f"{path.parts[-3]}/{path.parts[-2]}")
def test_every_line_of_a_real_recording_is_one_beacon(path: Path) -> None:
    for text in path.read_text().splitlines():
        request = json.loads(text)
        if request["method"] != "POST":
            continue
        body = base64.b64decode(request["body_b64"]).decode()
        lines = [line for line in body.split("\n") if line]
        beacons, bad = split(envelope(body, path=request["path"], recv_at=request["recv_ms"]))
        assert not bad
        assert len(beacons) == len(lines)
        for line, beacon in zip(lines, beacons, strict=True):
            assert beacon.event in EVENTS
            assert beacon.state == "" or beacon.state in STATES
            assert beacon.session_id in line
            if beacon.source == "cmcd_event":
                assert beacon.target == request["path"].rpartition("/")[2]
                assert f"ts={beacon.client_ms}," in line
                assert f"sn={beacon.seq}," in line


@pytest.mark.parametrize("path", sorted((CASES / "decode").glob("media_*.jsonl")), ids=lambda path: path.stem)
def test_every_request_query_of_a_real_recording_is_one_beacon(path: Path) -> None:
    for text in path.read_text().splitlines():
        log = json.loads(text)
        beacon = decode_request_query(log["query"], log["start_ms"], path=log["path"])
        assert isinstance(beacon, Beacon)
        assert (beacon.event, beacon.source, beacon.client_ms) == ("request", "cmcd_request", log["start_ms"])
        assert f'sid%3D"{beacon.session_id}"' in log["query"]
        assert re.search(rf"sn%3D{beacon.seq}\b", log["query"])
        assert beacon.measures["url_ext"] == log["path"].rpartition(".")[2]
        from_log, bad = split(envelope(text))
        assert not bad
        assert from_log[0].measures.items() >= beacon.measures.items()
        assert from_log[0].client_ms == log["start_ms"]


def test_a_request_query_that_is_wrong_is_a_bad_record() -> None:
    assert decode_request_query("a=1", ARRIVAL_MS).reason == "unknown_form"  # type: ignore[union-attr]
    assert decode_request_query("CMCD=br%3D868", ARRIVAL_MS).reason == "no_session"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "query", ["?CMCD=br%253D868%252Csid%253D%2522a%2522", "x=CMCD&CMCD=br=868,sid=%22a%22&y=1"]
)
def test_a_query_may_be_escaped_twice_or_hardly(query: str) -> None:
    beacon = decode_request_query(query, ARRIVAL_MS)
    assert isinstance(beacon, Beacon)
    assert (beacon.session_id, beacon.measures) == ("a", {"bitrate_kbps": 868})


def test_a_get_with_cmcd_in_its_path_and_no_body_is_a_request() -> None:
    beacon = one(envelope("", path="/seg.m4s?CMCD=br%3D868%2Csid%3D%22a%22"))
    assert (beacon.event, beacon.session_id, beacon.client_ms) == ("request", "a", ARRIVAL_MS)


def test_log_lines_of_urls_are_requests() -> None:
    beacons, bad = split(envelope("/a.m4s?CMCD=sid%3D%22a%22\nhttps://h/b.mpd?CMCD=sid%3D%22b%22\n/c\n"))
    assert [beacon.session_id for beacon in beacons] == ["a", "b"]
    assert [problem.reason for problem in bad] == ["unknown_form"]


@pytest.mark.parametrize(
    ("line", "client_ms"),
    [
        (
            '1.2.3.4 - - [23/Nov/2026:18:34:54 +0000] "GET QUERY HTTP/1.1" 200 12 "-" "Mozilla/5.0"',
            1_795_458_894_000,
        ),
        ('1.2.3.4 "https://h.example/QUERY" 200', ARRIVAL_MS),
        ("1795458894.866\t1.2.3.4\tQUERY\t200", 1_795_458_894_866),
        ("2026-11-23\t18:34:54\tFRA1\t12\tGET\t/v/seg.m4s\t200\t-\tQUERY\tHit", 1_795_458_894_000),
        ("2026-11-23T18:34:54Z GET QUERY", 1_795_458_894_000),
    ],
)
def test_a_line_of_a_log_is_a_request_at_the_time_it_begins_with(line: str, client_ms: int) -> None:
    query = "/v/seg.m4s?tok=1&CMCD=br%3D868%2Csid%3D%22a%22&x=2"
    other = '1.2.3.4 "GET /no?sid=1" 404'
    beacons, bad = split(envelope("\n".join([line.replace("QUERY", query), other, f"/v/b.m4s?{query[11:]}"])))
    assert [(b.event, b.session_id, b.client_ms) for b in beacons] == [
        ("request", "a", client_ms),
        ("request", "a", ARRIVAL_MS),
    ]
    assert beacons[0].measures["bitrate_kbps"] == 868
    assert [problem.reason for problem in bad] == ["unknown_form"]


@pytest.mark.parametrize(
    "log",
    [
        {"date": "2026-11-23", "time": "18:34:54", "cs-uri-query": "CMCD=br%253D868%252Csid%253D%2522a%2522"},
        {"timestamp(ms)": "1795458894000", "cmcd": "br%253D868%252Csid%253D%2522a%2522"},
        {"ts": 1_795_458_894, "cmcd": "CMCD=br%3D868%2Csid%3D%22a%22"},
        {"reqTimeSec": "1795458894", "queryStr": "CMCD=br%3D868%2Csid%3D%22a%22#t=10"},
    ],
)
def test_a_record_of_a_log_has_its_own_time_and_its_own_escapes(log: dict[str, object]) -> None:
    beacon = one(json.dumps(log).encode())
    assert (beacon.session_id, beacon.client_ms, beacon.measures) == (
        "a",
        1_795_458_894_000,
        {"bitrate_kbps": 868},
    )


def test_a_query_in_a_log_longer_than_any_player_writes_is_too_large() -> None:
    _, (problem,) = split(json.dumps({"ts": 1, "query": "CMCD=" + "a" * 70_000}).encode())
    assert problem.reason == "too_large"


@pytest.mark.parametrize("path", ["/video/seg.m4s", "video/seg.m4s", "//video/seg.m4s"])
def test_a_folder_in_a_log_is_no_host(path: str) -> None:
    beacon = decode_request_query("CMCD=sid%3D%22a%22", ARRIVAL_MS, path=path)
    assert beacon.measures == {"url_ext": "m4s"}  # type: ignore[union-attr]


def test_headers_of_cmcd_in_a_log_are_one_record() -> None:
    log = {
        "timestamp": 1_795_458_894,
        "CMCD-Session": 'sid="a",sf=h',
        "cmcd-object": "br=868",
        "uri": "/x.ts",
    }
    beacon = one(json.dumps(log).encode())
    assert (beacon.session_id, beacon.dims["stream_format"], beacon.client_ms) == (
        "a",
        "hls",
        1_795_458_894_000,
    )
    assert beacon.measures == {"bitrate_kbps": 868, "url_ext": "ts"}
