"""Logs whose fields stand in columns (CloudFront real-time, W3C), and how long responses took."""

import json
from typing import Any

import pytest

from beacon_job.decode import decode
from beacon_job.types.beacon import BadRecord, Beacon, KinesisRecord
from tests.decode.decoding import one, split

TIME_MS = 1_795_458_894_000
CMCD = "CMCD=bl%3D9800%2Cbr%3D2400%2Cd%3D4000%2Cot%3Dv%2Csid%3D%22v-77%22"
FIELDS = ("timestamp", "c-ip", "time-to-first-byte", "sc-status", "sc-bytes", "cs-uri-stem", "time-taken")
REAL_TIME = (*FIELDS, "cs-uri-query", "cs-user-agent", "c-country")
LINE = f"1795458894.250\t198.51.100.7\t0.012\t206\t88123\t/v/s04.m4s\t0.250\t{CMCD}\tMozilla%2F5.0\tDE"


def read(data: str, fields: tuple[str, ...] = REAL_TIME) -> list[Beacon | BadRecord]:
    return decode(KinesisRecord(data.encode(), TIME_MS + 60_000), log_fields=fields)


def test_a_line_of_the_real_time_log_is_read_by_the_order_of_its_fields() -> None:
    (beacon,) = read(LINE + "\n")
    assert isinstance(beacon, Beacon)
    assert (beacon.event, beacon.session_id, beacon.client_ms) == ("request", "v-77", TIME_MS)
    told = {name: beacon.measures[name] for name in ("ttfb_ms", "ttlb_ms", "response_code", "response_bytes")}
    assert told == {"ttfb_ms": 12, "ttlb_ms": 250, "response_code": 206, "response_bytes": 88_123}
    assert beacon.measures["segment_number"] == 4
    assert beacon.dims["country"] == "DE"


def test_another_order_is_read_as_well() -> None:
    (beacon,) = read(f"{CMCD}\t1795458894.000", ("cs-uri-query", "timestamp"))
    assert isinstance(beacon, Beacon)
    assert beacon.client_ms == TIME_MS


def test_columns_of_cmcd_need_no_query() -> None:
    fields = ("timestamp", "cs-uri-stem", "cmcd-session-id", "cmcd-buffer-length", "cmcd-object-type")
    (beacon,) = read("1795458894.000\t/v/s04.m4s\tv-77\t9800\tv", fields)
    assert isinstance(beacon, Beacon)
    assert (beacon.session_id, beacon.measures["buffer_ms"]) == ("v-77", 9_800)


def test_a_line_of_another_width_is_read_as_it_would_be_without_an_order() -> None:
    (beacon,) = read(f"1795458894.000\t206\tGET\t/v/s04.m4s\t{CMCD}")
    assert isinstance(beacon, Beacon)
    assert beacon.client_ms == TIME_MS


def test_beacons_of_players_come_on_the_same_stream() -> None:
    (beacon,) = read('e=t,sid="s",ts=1795458894000,v=2')
    assert isinstance(beacon, Beacon)
    assert beacon.event == "heartbeat"


def test_the_head_of_a_w3c_file_names_the_columns_of_its_lines_and_is_no_dead_letter() -> None:
    head = "#Version: 1.0\n#Fields: date time cs-uri-stem sc-status cs-uri-query time-taken\n"
    lines = f"2026-11-23\t18:34:54\t/v/s04.m4s\t206\t{CMCD}\t0.250\n" * 2
    beacons, bad = split((head + lines).encode())
    assert not bad
    assert [item.client_ms for item in beacons] == [TIME_MS - 250] * 2
    assert [item.measures["ttlb_ms"] for item in beacons] == [250] * 2


@pytest.mark.parametrize("head", ["#Version: 1.0", "#Fields: date time", "#Version: 1.0\n#Fields: a b"])
def test_the_head_alone_is_nothing(head: str) -> None:
    assert split(head.encode()) == ([], [])


def test_what_only_looks_like_a_head_is_a_dead_letter() -> None:
    (problem,) = read("#Note: nobody reads this")
    assert isinstance(problem, BadRecord)


def test_a_request_without_cmcd_in_such_a_log_is_named_as_in_any_other() -> None:
    (problem,) = read(LINE.replace(CMCD, "-"))
    assert isinstance(problem, BadRecord)
    assert problem.reason == "empty"


QUERY = {"url": f"/v/s04.m4s?{CMCD}"}


@pytest.mark.parametrize(
    ("log", "began_ms", "took_ms", "ttfb_ms"),
    [
        ({"start_ms": TIME_MS, "end_ms": TIME_MS + 90, "ttfb_ms": 7}, 0, 90, 7),
        ({"msec": "1795458894.090", "request_time": "0.090"}, 0, 90, None),
        ({"timestamp": TIME_MS, "time_elapsed_ms": 90, "ttfb_ms": 7}, 0, 90, 7),
        ({"reqTimeSec": "1795458894.000", "turnAroundTimeMSec": "7", "transferTimeMSec": "83"}, 0, 90, 7),
        ({"EdgeStartTimestamp": TIME_MS * 10**6, "EdgeEndTimestamp": (TIME_MS + 90) * 10**6}, 0, 90, None),
        ({"timestamp": TIME_MS, "httpRequest": {"latency": "0.090s"}}, 0, 90, None),
        ({"date": "2026-11-23", "time": "18:34:54", "time-taken": "0.090"}, -90, 90, None),
        ({"timestamp": TIME_MS}, 0, None, None),
        ({"timestamp": TIME_MS, "request_time": "-"}, 0, None, None),
        ({"timestamp": TIME_MS, "time_elapsed_ms": -4}, 0, None, None),
    ],
    ids=[
        "ours",
        "nginx",
        "Fastly",
        "Akamai",
        "Cloudflare",
        "Google",
        "CloudFront",
        "none",
        "dash",
        "negative",
    ],
)
def test_the_end_of_a_response_is_read_from_whatever_the_log_calls_it(
    log: dict[str, Any], began_ms: int, took_ms: int | None, ttfb_ms: int | None
) -> None:
    beacon = one(json.dumps(QUERY | log).encode(), TIME_MS + 60_000)
    assert beacon.client_ms - TIME_MS == began_ms
    assert (beacon.measures.get("ttlb_ms"), beacon.measures.get("ttfb_ms")) == (took_ms, ttfb_ms)
