"""What decode promises for any record: neighbours kept, reasons given, nothing raised, time placed."""

import base64
import gzip
import json

import msgspec
import pytest

from beacon_job.decode import Tolerance, decode
from beacon_job.decode.vocabulary import bounds
from beacon_job.types.beacon import KinesisRecord
from tests.decode.decoding import ARRIVAL_MS, envelope, one, reason, split

GOOD = f'e=ps,sid="s1",sn={{}},sta=p,ts={ARRIVAL_MS},v=2'


def event(**fields: object) -> dict[str, object]:
    return {"type": "heartbeat", "session_id": "s1", "ts": ARRIVAL_MS, **fields}


def batch(*events: object, **fields: object) -> str:
    return json.dumps({"schema": "beacon/1", "events": list(events), **fields})


def test_one_bad_line_never_costs_its_neighbours() -> None:
    bad_lines = ["garbage (", 'e=t,sid="s1"', "e=zz", "", 'cid="open,e=t']
    lines = [part for i, bad in enumerate(bad_lines) for part in (GOOD.format(i), bad)]
    beacons, bad = split(envelope("\n".join(lines), path="/v1/cmcd/state"))
    assert [beacon.seq for beacon in beacons] == [0, 1, 2, 3, 4]
    assert [problem.reason for problem in bad] == ["bad_cmcd", "no_time", "no_event", "bad_cmcd"]


def test_a_bad_line_is_kept_as_it_came() -> None:
    _, (problem,) = split(envelope(f"{GOOD.format(1)}\ne=zz,x=ü\n"))
    assert base64.b64decode(problem.raw).decode() == "e=zz,x=ü"
    assert problem.raw_bytes == len("e=zz,x=ü".encode())
    assert (problem.stage, problem.recv_at, problem.shard, problem.sequence_number) == (
        "decode",
        ARRIVAL_MS,
        "shard-1",
        "42",
    )


def test_a_line_in_another_encoding_never_costs_its_neighbours() -> None:
    body = GOOD.format(1).encode() + b'\ncid="caf\xe9",e=t\n' + GOOD.format(2).encode()
    beacons, bad = split(envelope(body))
    assert [beacon.seq for beacon in beacons] == [1, 2]
    assert [problem.reason for problem in bad] == ["not_text"]


def test_one_bad_event_of_a_batch_never_costs_its_neighbours() -> None:
    deep: list[object] = []
    for _ in range(5_000):
        deep = [deep]
    events = [event(seq=1), 7, event(session_id=""), event(ts="x"), event(seq=2), {}]
    text = batch(*events).replace("[", "[" + json.dumps(event(x="DEEP")) + ",", 1)
    text = text.replace('"DEEP"', "[" * 5_000 + "]" * 5_000)
    beacons, bad = split(envelope(text))
    assert [beacon.seq for beacon in beacons] == [1, 2]
    assert [item.reason for item in bad] == [
        "too_deep",
        "not_an_object",
        "no_session",
        "bad_time",
        "no_event",
    ]


def test_order_of_events_is_kept() -> None:
    beacons, _ = split(envelope(batch(*(event(seq=n) for n in (5, 3, 9, 1)))))
    assert [beacon.seq for beacon in beacons] == [5, 3, 9, 1]


@pytest.mark.parametrize(
    "text", ["[{}]", '{{"schema":"beacon/1","events":[{}]}}', '{{"events":[{}],"sdk":"\xe9"}}']
)
def test_an_event_in_another_encoding_never_costs_its_neighbours(text: str) -> None:
    skull = json.dumps(event(seq=1, message="\U0001f480"))
    wrong = '{"type": "x", "message": "caf\xe9"}'
    also_half_a_pair = '{"type": "x", "message": "\\ud83d caf\xe9"}'
    body = text.format(",".join([skull, wrong, json.dumps(event(seq=2)), also_half_a_pair])).encode("latin-1")
    beacons, bad = split(body)
    assert [beacon.seq for beacon in beacons] == [1, 2]
    assert [problem.reason for problem in bad] == ["not_text", "not_text"]
    assert base64.b64decode(bad[0].raw) == wrong.encode("latin-1")


def test_a_json_line_in_another_encoding_never_costs_its_neighbours() -> None:
    content = f'{json.dumps(event(seq=1))}\n{{"type":"caf\xe9"}}\n{json.dumps(event(seq=2))}'.encode(
        "latin-1"
    )
    beacons, bad = split(content)
    assert [beacon.seq for beacon in beacons] == [1, 2]
    assert [problem.reason for problem in bad] == ["not_text"]


def test_json_lines_are_read_one_by_one() -> None:
    body = f'{json.dumps(event(seq=1))}\n{{"broken\n{json.dumps(event(seq=2))}\n'
    beacons, bad = split(envelope(body))
    assert [beacon.seq for beacon in beacons] == [1, 2]
    assert [problem.reason for problem in bad] == ["not_json"]


def test_a_first_line_that_looks_like_json_never_costs_the_cmcd_lines_behind_it() -> None:
    beacons, bad = split(envelope(f'{{"broken\n{GOOD.format(1)}\n{{"x":1}}\n{GOOD.format(2)}'))
    assert [beacon.seq for beacon in beacons] == [1, 2]
    assert [problem.reason for problem in bad] == ["not_json", "unknown_form"]


def test_a_broken_line_of_any_kind_never_costs_the_good_ones_behind_it() -> None:
    for broken in ("<html a=b>", "\xe9", "7=x"):
        content = broken.encode("latin-1") + b"\n" + GOOD.format(1).encode()
        beacons, bad = split(content)
        assert [beacon.seq for beacon in beacons] == [1]
        assert len(bad) == 1


def test_lines_that_speak_of_a_body_are_no_envelope() -> None:
    beacons, bad = split(
        f"{json.dumps(event(seq=1, data={'body': 'x'}))}\n{json.dumps(event(seq=2))}".encode()
    )
    assert ([beacon.seq for beacon in beacons], bad) == ([1, 2], [])


@pytest.mark.parametrize(
    ("body", "expected", "words"),
    [
        (gzip.compress(b"\n=" * 50, mtime=0), "not_text", "gzip"),
        (b"H\xda=\n\x93=\n" * 50, "not_text", "byte 1 is wrong"),
        (b'<?xml version="1.0"?>\n<a b="c"/>\n', "unknown_form", "it starts with '<?xml"),
    ],
    ids=["gzip", "binary", "xml"],
)
def test_what_is_no_line_at_all_is_one_bad_record_that_says_what_it_is(
    body: bytes, expected: str, words: str
) -> None:
    _, (problem,) = split(body)
    assert problem.reason == expected
    assert words in problem.detail


@pytest.mark.parametrize("levels", [900, 970, 980, 985, *range(986, 996), 1_000, 2_000])
def test_no_depth_costs_the_neighbours(levels: int) -> None:
    # A parser's and a printer's own limits lie a few levels apart.
    cmcd = json.dumps({"e": "t", "sid": "s", "ts": 1, "x": "DEEP"}).replace(
        '"DEEP"', "[" * levels + "]" * levels
    )
    beacons, bad = split(f"[{json.dumps(event(seq=1))},{cmcd},{json.dumps(event(seq=2))}]".encode())
    assert [beacon.seq for beacon in beacons] == [1, 2]
    assert [problem.reason for problem in bad] == ["too_deep"]


@pytest.mark.parametrize("unit", ["\ud800", "x" * 100_000, "fortnights"])
def test_what_a_bad_record_says_is_short_and_can_be_written_whatever_was_found(unit: str) -> None:
    seed = {"time": 5, "timeunit": unit, "measurename": "beacon:paused", "session": "s1"}
    _, (problem,) = split(json.dumps(seed).encode())
    assert problem.reason == "bad_time"
    assert unit == "\ud800" or unit[:9] in problem.detail
    assert len(problem.detail) < 200
    msgspec.json.encode(problem)


def test_a_bad_event_with_half_a_surrogate_pair_is_kept_as_json() -> None:
    _, (problem,) = split(b'[{"event":"\\ud83d","timestamp":1}]')
    assert json.loads(base64.b64decode(problem.raw)) == {"event": "\ud83d", "timestamp": 1}


def test_json_that_is_only_printed_prettily_is_one_bad_record() -> None:
    assert reason(envelope('{\n"events": [\n{"type":"x"},\n{"type":"y"}\n')) == "not_json"


def test_a_mixed_array_holds_events_of_any_form() -> None:
    seed = {"time": ARRIVAL_MS, "measurename": "beacon:paused", "measurevalue": 1, "session": "s2"}
    cmcd = {"e": "t", "sid": "s3", "ts": ARRIVAL_MS, "v": 2}
    page = {"event": "beacon:started", "session": "s1", "timestamp": ARRIVAL_MS}
    beacons, bad = split(json.dumps([page, seed, cmcd, [1]]).encode())
    assert [(b.source, b.session_id) for b in beacons] == [
        ("page", "s1"),
        ("seed", "s2"),
        ("cmcd_event", "s3"),
    ]
    assert [problem.reason for problem in bad] == ["not_an_object"]


@pytest.mark.parametrize(
    "wrap", [bytes, envelope, lambda body: b"\xef\xbb\xbf" + body], ids=["bare", "envelope", "bom"]
)
def test_a_body_is_read_the_same_with_and_without_an_envelope(wrap) -> None:  # type: ignore[no-untyped-def]
    assert one(wrap(batch(event(seq=3)).encode())).seq == 3
    assert one(wrap(GOOD.format(3).encode())).seq == 3


def test_without_an_envelope_kinesis_tells_the_arrival() -> None:
    assert one(GOOD.format(1).encode(), arrival_ms=ARRIVAL_MS + 5).recv_at_ms == ARRIVAL_MS + 5
    assert one(envelope(GOOD.format(1)), arrival_ms=ARRIVAL_MS + 5).recv_at_ms == ARRIVAL_MS


@pytest.mark.parametrize(
    ("change", "is_read"),
    [
        ({"recv_at": str(ARRIVAL_MS)}, True),
        ({"country": None, "user_agent": None, "path": None}, True),
        ({"path": 5}, True),
        ({"v": 2}, False),
        ({"recv_at": 0}, False),
        ({"recv_at": None}, False),
        ({"body": "*"}, False),
        ({"body": None}, False),
        ({"body": {"a": 1}}, False),
    ],
)
def test_an_envelope_that_is_slightly_off_is_read(change: dict[str, object], is_read: bool) -> None:
    data = json.dumps({**json.loads(envelope(GOOD.format(1))), **change}).encode()
    beacons, bad = split(data)
    assert [beacon.seq for beacon in beacons] == ([1] if is_read else [])
    assert [problem.reason for problem in bad] == ([] if is_read else ["bad_envelope"])


def test_an_envelope_in_an_envelope_is_refused() -> None:
    assert reason(envelope(envelope(GOOD.format(1)))) == "unknown_form"


def test_a_record_larger_than_a_stream_allows_is_refused_and_cut() -> None:
    (problem,) = decode(KinesisRecord(b"x" * (bounds.MAX_RECORD_BYTES + 1), ARRIVAL_MS))
    assert problem.reason == "too_large"  # type: ignore[union-attr]
    assert problem.raw_bytes == bounds.MAX_RECORD_BYTES + 1  # type: ignore[union-attr]
    assert len(base64.b64decode(problem.raw)) == bounds.MAX_RAW_BYTES  # type: ignore[union-attr]


@pytest.mark.parametrize("body", ["cmcd", "json"])
def test_events_beyond_the_limit_are_one_bad_record(body: str) -> None:
    count = bounds.MAX_EVENTS + 10
    text = (GOOD.format(1) + "\n") * count if body == "cmcd" else batch(*[event()] * count)
    beacons, bad = split(envelope(text))
    assert len(beacons) == bounds.MAX_EVENTS
    assert [problem.reason for problem in bad] == ["too_many_events"]


@pytest.mark.parametrize(
    "body",
    [
        "br=(" + "1 " * 40_000 + "),e=t",
        json.dumps({f"k{n}": n for n in range(bounds.MAX_MEMBERS + 1)}),
        json.dumps({**event(), "custom": {f"k{n}": n for n in range(bounds.MAX_MEMBERS + 1)}}),
        "CMCD=" + "%2C" * 30_000,
    ],
    ids=["line", "object", "custom", "query"],
)
def test_what_is_longer_or_wider_than_any_beacon_is_refused(body: str) -> None:
    assert reason(envelope(body)) == "too_large"


def test_custom_fields_beyond_the_limit_are_left_out() -> None:
    many = {f"x-{n}": n for n in range(50)}
    line = ",".join(f"{key}={value}" for key, value in many.items())
    for body in (f'{line},e=t,sid="s1",ts={ARRIVAL_MS},br=5', batch(event(custom=many, bitrate_kbps=5))):
        measures = one(envelope(body)).measures
        assert len(measures) == bounds.MAX_CUSTOM_FIELDS + 1
        assert measures["bitrate_kbps"] == 5


@pytest.mark.parametrize("session", ["x" * 65, "a\nb", "a\x00", 1.5, True, ["a"], "\ud800"])
def test_what_cannot_be_a_session_id_is_refused(session: object) -> None:
    assert reason(envelope(batch(event(session_id=session)))) in {"bad_session", "no_session"}


def test_a_number_is_a_session_id() -> None:
    assert one(envelope(batch(event(session_id=66454545556)))).session_id == "66454545556"


def test_context_reaches_every_event_and_an_event_may_state_its_own() -> None:
    context = {"player": {"name": "hls.js", "version": "1.7.4"}, "stream": {"format": "hls", "type": "vod"}}
    body = batch(event(), event(), event(player="other"), context=context, sdk={"name": "beacon-sdk"})
    beacons, _ = split(envelope(body, country="DE", user_agent="Mozilla/5.0 (X11; Linux) Firefox/130.0"))
    assert beacons[0].dims == {
        "source": "sdk", "country": "DE", "device": "desktop", "os": "linux", "browser": "firefox",
        "sdk": "beacon-sdk", "player": "hls.js", "player_version": "1.7.4",
        "stream_format": "hls", "stream_type": "vod",
    }  # fmt: skip
    assert beacons[0].dims is beacons[1].dims
    assert beacons[2].dims == {**beacons[0].dims, "player": "other"}


def test_the_query_of_the_collectors_url_may_state_dimensions() -> None:
    path = "/v1/cmcd/bulk?player=hls.js&player-version=1.7.4&app=web&password=x"
    beacon = one(envelope(GOOD.format(1), path=path))
    assert beacon.target == "bulk"
    assert beacon.dims == {
        "source": "cmcd_event", "target": "bulk", "player": "hls.js", "player_version": "1.7.4", "app": "web",
    }  # fmt: skip


def test_a_sender_may_correct_the_user_agent_but_not_the_country_that_the_front_door_saw() -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"
    stated = {"device": "tv", "country": "US"}
    dims = one(envelope(batch(event(**stated)), user_agent=agent, country="DE")).dims
    assert (dims["device"], dims["browser"], dims["country"]) == ("tv", "firefox", "DE")
    assert one(envelope(batch(event(**stated)))).dims["country"] == "US"


def test_dimensions_are_cut_cleaned_and_never_empty() -> None:
    context = {"app": {"name": "a\x00\nb" + "x" * 100, "version": " "}, "player": {"name": 7}}
    dims = one(envelope(batch(event(), context=context), country="")).dims
    assert dims == {"source": "sdk", "app": "a b" + "x" * 61, "player": "7"}


def test_a_retry_has_the_same_tiebreak_whatever_body_it_comes_in() -> None:
    page = {"event": "beacon:started", "session": "s1", "timestamp": ARRIVAL_MS, "volume": 0.5}
    first = one(envelope(json.dumps(page)))
    again, _ = split(envelope(json.dumps([{"event": "x", "session": "s", "timestamp": 1}, page])))
    assert first.tiebreak == again[1].tiebreak
    assert first.tiebreak != one(envelope(json.dumps({**page, "volume": 0.6}))).tiebreak
    line = f'e=t,sid="s1",ts={ARRIVAL_MS}'
    lines, _ = split(envelope(f"{GOOD.format(4)}\n{line}"))
    assert one(envelope(line)).tiebreak == lines[1].tiebreak


def test_the_tiebreak_is_the_sequence_number_where_there_is_one() -> None:
    assert one(envelope(GOOD.format(1_000_007))).tiebreak == 7
    assert one(envelope(batch(event(seq=12)))).tiebreak == 12


def test_a_client_time_within_tolerance_is_believed() -> None:
    for offset in (-Tolerance().late_ms, 0, Tolerance().early_ms):
        beacon = one(envelope(batch(event(ts=ARRIVAL_MS + offset))))
        assert (beacon.correction_ms, beacon.placed_ms) == (0, ARRIVAL_MS + offset)


@pytest.mark.parametrize("clock_ms", [1_000_000_000_000, 4_000_000_000_000, ARRIVAL_MS + 300_001])
def test_a_wrong_clock_is_put_right_by_arrival_and_distances_stay(clock_ms: int) -> None:
    beacons, _ = split(envelope(batch(*(event(ts=clock_ms + n) for n in (-700, 0, -20)))))
    assert [beacon.placed_ms for beacon in beacons] == [ARRIVAL_MS - 700, ARRIVAL_MS, ARRIVAL_MS - 20]
    assert [beacon.client_ms for beacon in beacons] == [clock_ms - 700, clock_ms, clock_ms - 20]


def test_an_old_event_in_a_current_body_is_moved_to_the_edge_of_the_tolerance() -> None:
    hour_ms = 3_600_000
    beacons, _ = split(envelope(batch(event(ts=ARRIVAL_MS - hour_ms), event())))
    assert [beacon.placed_ms for beacon in beacons] == [ARRIVAL_MS - Tolerance().late_ms, ARRIVAL_MS]
    assert beacons[1].correction_ms == 0


def test_the_tolerance_can_be_set() -> None:
    record = KinesisRecord(envelope(batch(event(ts=ARRIVAL_MS - 2_000))), ARRIVAL_MS)
    (beacon,) = decode(record, tolerance=Tolerance(late_ms=1_000, early_ms=1_000))
    assert beacon.correction_ms == 2_000  # type: ignore[union-attr]


def test_the_same_record_gives_the_same_beacons() -> None:
    data = envelope(f"{GOOD.format(1)}\n{GOOD.format(2)}\nbad")
    assert decode(KinesisRecord(data, ARRIVAL_MS)) == decode(KinesisRecord(data, ARRIVAL_MS))


def test_what_was_read_of_one_record_never_changes_another() -> None:
    line = f'com.beacon-player="x",cdn="c",example-key=1,{GOOD.format(1)}'
    first = one(envelope(line))
    first.measures["bitrate_kbps"] = 1
    second = one(envelope(line))
    assert "bitrate_kbps" not in second.measures
    assert second.measures == {"example-key": 1.0}


MEGABYTES = 6_000_000


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"[" * MEGABYTES, "too_deep"),
        (b'{"a":' * (MEGABYTES // 5), "too_deep"),
        (b'{"a":"' + b'\\"' * (MEGABYTES // 2), "not_json"),
        (b'a="' + b'\\"' * (MEGABYTES // 2), "too_large"),
        (b"[" * 2_000 + b'"' + b'\\"' * (MEGABYTES // 2), "not_json"),
        (b"/?" + b"CMCD=" * (MEGABYTES // 5), "too_large"),
        (bytes(MEGABYTES), "not_text"),
        (b"\n" * MEGABYTES, "empty"),
    ],
    ids=["brackets", "objects", "quotes", "strings", "quotes deep down", "queries", "zeros", "blanks"],
)
def test_megabytes_of_hostile_input_are_answered_at_once(body: bytes, expected: str) -> None:
    # Were any of these read in more than linear time, this test would not end.
    assert reason(envelope(body)) == expected
