"""Laws of decode that hold for any bytes."""

import base64
import contextlib
import json
from functools import reduce
from urllib.parse import quote

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from beacon_job.decode import Tolerance, decode
from beacon_job.decode.json_forms.cdn_log import TELLING_KEYS
from beacon_job.decode.vocabulary.bounds import MAX_DIM_CHARS, MAX_SESSION_CHARS
from beacon_job.decode.vocabulary.fields import DIMENSIONS, FIELDS
from beacon_job.decode.vocabulary.values import custom_value
from beacon_job.types.beacon import BadRecord, Beacon, KinesisRecord, Reason
from beacon_job.types.events import EVENTS, STATES
from tests.decode.decoding import ARRIVAL_MS, envelope

WAY = {"source", "target"}
KEYS = st.sampled_from(
    [
        "e",
        "sta",
        "sid",
        "sn",
        "ts",
        "v",
        "br",
        "bl",
        "bsd",
        "ec",
        "cid",
        "url",
        "sf",
        "st",
        "ot",
        "cdn",
        "bg",
        "pr",
        "nor",
        "cmsdd",
        "com.x-y",
        "com.beacon-player",
        "zz",
    ]
)
ATOMS = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.sampled_from(
        ["ps", "t", "e", "p", "r", "?0", "?1", "1795456010000", "2", "NaN", "()", '"a"', "-0.0", ""]
    ),
    st.text(max_size=8).map(lambda text: json.dumps(text, ensure_ascii=False)),
    st.text(max_size=8),
)
MEMBERS = st.builds(
    lambda key, atoms, params, shape: shape.format(key=key, one=atoms[0], all=" ".join(atoms), params=params),
    KEYS,
    st.lists(ATOMS, min_size=1, max_size=3),
    st.sampled_from(["", ";v", ";a", ";av;x=1", ";"]),
    st.sampled_from(["{key}={one}", "{key}", "{key}=({all}{params})", "{key}={one}{params}", "{key}={all}"]),
)
CMCD = st.lists(st.lists(MEMBERS, max_size=8).map(",".join), max_size=4).map("\n".join)

NAMES = st.sampled_from(
    [
        "event",
        "type",
        "session",
        "session_id",
        "sid",
        "timestamp",
        "ts",
        "time",
        "seq",
        "sn",
        "id",
        "state",
        "data",
        "context",
        "custom",
        "events",
        "schema",
        "body",
        "v",
        "recv_at",
        "measurename",
        "measurevalue",
        "timeunit",
        "muted",
        "position",
        "bitrate",
        "reason",
        "query",
        "CMCD",
        "player",
        "stream",
        "x-y",
    ]
) | st.text(max_size=6)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(
        [
            "beacon:started",
            "beacon/1",
            "s1",
            "half \ud83d a pair",
            "x" * 1_000,
            "1795456010000",
            "2026-11-23T18:34:54Z",
            "CMCD=sid%3D1",
        ]
    ),
    st.just(ARRIVAL_MS),
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=24,
)


def check(item: Beacon | BadRecord) -> None:
    """Whatever came in, what comes out keeps its contract."""
    msgspec.json.encode(item)  # as it travels to the dead letters: no half of a surrogate pair
    json.dumps(msgspec.to_builtins(item), allow_nan=False)
    if isinstance(item, BadRecord):
        assert item.reason in set(Reason) - {Reason.INTERNAL}, item.detail
        assert 0 < len(item.detail) < 300
        return
    assert item.event in EVENTS
    assert item.state == "" or item.state in STATES
    assert 0 < len(item.session_id) <= MAX_SESSION_CHARS
    assert item.session_id.isprintable()
    assert item.seq >= -1
    assert 0 <= item.tiebreak < 1_000_000
    tolerance = Tolerance()
    assert item.placed_ms - item.recv_at_ms <= tolerance.early_ms
    assert -tolerance.late_ms <= item.placed_ms - item.recv_at_ms or item.source == "cmcd_request"
    for name, value in item.measures.items():
        field = FIELDS.get(name)
        assert (custom_value(value) if field is None else field.read(value)) == value
        assert type(value) is (
            {"int": int, "float": float, "bool": bool, "text": str}[field.type]
            if field
            else type(custom_value(value))
        )
    for name, text in item.dims.items():
        assert name in DIMENSIONS or name in WAY
        assert 0 < len(text) <= MAX_DIM_CHARS
        assert text.isprintable()


DIRECTIVES = (
    b"#Version:",
    b"#Fields:",
    b"#Software:",
    b"#Start-Date:",
    b"#End-Date:",
    b"#Date:",
    b"#Remark:",
)
"""Of W3C's extended log file format."""


def only_directives(data: bytes) -> bool:
    """Whether all lines, in an envelope or bare, tell of a log: they are no beacons, and nothing is wrong."""
    with contextlib.suppress(ValueError, KeyError, TypeError):
        data = base64.b64decode(json.loads(data)["body"])
    lines = [line for line in map(bytes.strip, data.split(b"\n")) if line]
    return bool(lines) and all(line.startswith(DIRECTIVES) for line in lines)


def decoded(data: bytes) -> list[Beacon | BadRecord]:
    items = decode(KinesisRecord(data, ARRIVAL_MS))
    assert items or only_directives(data)
    for item in items:
        check(item)
    return items


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
@example(b"\xf3\x89\x9a\xc2")
@example(b'{"body":')
@example(b"\xef\xbb\xbf")
@example(b"#Fields:")
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    decoded(data)
    decoded(envelope(data))


@settings(max_examples=200, deadline=None)
@given(CMCD)
def test_any_cmcd_like_text_is_read_or_refused(text: str) -> None:
    decoded(text.encode("utf-8", "replace"))


@settings(max_examples=200, deadline=None)
@given(JSON)
def test_any_json_is_read_or_refused(value: object) -> None:
    decoded(json.dumps(value).encode())


QUERIES = st.builds(
    lambda line, layers, junk: (
        "/a.ts?CMCD=" + reduce(lambda text, _: quote(text), range(layers), line) + junk
    ),
    CMCD.map(lambda text: text.replace("\n", ",")),
    st.integers(0, 3),
    st.sampled_from(["", "&CMCD=sid%3D1", '" 200', "|DE|", "#t", "\\x22", " HTTP/1.1"]),
)
TIMES = st.sampled_from(
    [
        "[23/Nov/2026:18:34:54 +0000]",
        "2026-11-23\t18:34:54",
        "1795458894.5",
        "2 ",
        "yesterday",
        "<134>",
        "",
        "[7][x]",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(TIMES, QUERIES), max_size=3))
def test_any_line_of_a_log_is_read_or_refused(lines: list[tuple[str, str]]) -> None:
    decoded("\n".join(f'{time} "GET {query}' for time, query in lines).encode("utf-8", "replace"))
    decoded("\n".join(json.dumps({"time": time, "url": query}) for time, query in lines).encode())


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(TELLING_KEYS)), JSON | QUERIES | CMCD, max_size=5))
def test_any_columns_of_a_log_are_read_or_refused(log: dict[str, object]) -> None:
    decoded(json.dumps({"timestamp": ARRIVAL_MS, **log}).encode())


@settings(max_examples=80, deadline=None)
@given(st.lists(JSON, max_size=3), JSON)
def test_any_junk_in_a_batch_leaves_its_neighbours(junk: list[object], context: object) -> None:
    good = {"type": "playing", "session_id": "s1", "ts": ARRIVAL_MS}
    events = [part for n, bad in enumerate(junk) for part in ({**good, "seq": n}, bad)]
    items = decoded(json.dumps({"schema": "beacon/1", "events": [*events, {**good, "seq": 99}]}).encode())
    kept = [
        item.seq for item in items if isinstance(item, Beacon) and item.session_id == "s1" and item.seq >= 0
    ]
    assert set(range(len(junk))) | {99} <= set(kept)
    assert len(items) == len(events) + 1


@settings(max_examples=80, deadline=None)
@given(st.lists(CMCD, max_size=3))
def test_any_junk_between_lines_leaves_its_neighbours(junk: list[str]) -> None:
    good = f'e=t,sid="s1",ts={ARRIVAL_MS},v=2,sn='
    lines = [part for n, bad in enumerate(junk) for part in (f"{good}{1000 + n}", bad)]
    items = decoded("\n".join([*lines, f"{good}9999"]).encode("utf-8", "replace"))
    kept = {item.seq for item in items if isinstance(item, Beacon)}
    assert {1000 + n for n in range(len(junk))} | {9999} <= kept


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 4_000_000_000_000), min_size=1, max_size=8))
def test_no_clock_places_a_beacon_where_a_store_would_refuse_it(times: list[int]) -> None:
    events = [{"type": "heartbeat", "session_id": "s1", "ts": ms} for ms in times]
    items = decoded(json.dumps({"schema": "beacon/1", "events": events}).encode())
    assert all(isinstance(item, Beacon) for item in items)
