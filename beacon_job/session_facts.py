"""Beacon -> Fact: the little that the session machine needs, in a form that crosses a channel cheaply. Pure.

A fact is a plain tuple that sorts into the order of the session: by the client's clock, then target, then
sequence number. Missing numbers are -1.
"""

import zlib
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from beacon_job.beacon import Beacon, Value
from beacon_job.fingerprint import traces
from beacon_job.taxonomy import CMCD_STATES

Fact = tuple[int, str, int, int, str, int, int, int, int, int, int, int, int, int, int, int, int, int]
"""In the order of the indices below."""

TS: Final = 0
TARGET: Final = 1
SEQ: Final = 2
KIND: Final = 3
STATE: Final = 4
TIEBREAK: Final = 5
RECV: Final = 6
CORRECTION: Final = 7
BUFFER: Final = 8
KBPS: Final = 9
HINT: Final = 10
RATE: Final = 11
HIDDEN: Final = 12
DROPPED: Final = 13
PLAYHEAD: Final = 14
CODE: Final = 15
TRACES: Final = 16
CONTENT: Final = 17
"""TS: client ms; a response counts at its end. STATE: a CMCD state letter, `g` for the seed's started, or empty.
HINT: `msd`. RATE: thousandths. HIDDEN: 0, 1. CODE: response code, or 1 for a fatal error. TRACES: bits of
`fingerprint`. CONTENT: a checksum of the content's id; it tells contents apart."""

OTHER, STATED, BEAT, MEDIA, ERROR, SEEK_DONE, AD_ON, AD_OFF, NEW_CONTENT, VISIBILITY = range(10)
"""KIND of a fact. The numbers stand in stored state: add at the end, never renumber."""

_EVENTS: dict[str, tuple[int, str]] = {
    "started": (STATED, "g"),
    "paused": (STATED, "a"),
    "preload": (STATED, "d"),
    "play_request": (STATED, "s"),
    "playing": (STATED, "p"),
    "first_frame": (STATED, "p"),
    "pause": (STATED, "a"),
    "stall_start": (STATED, "r"),
    "stall_end": (STATED, "p"),
    "seek_start": (STATED, "k"),
    "seek_end": (SEEK_DONE, ""),
    "end": (STATED, "q"),
    "heartbeat": (BEAT, ""),
    "error": (ERROR, ""),
    "response": (MEDIA, ""),
    "request": (MEDIA, ""),
    "ad_break_start": (AD_ON, ""),
    "ad_start": (AD_ON, ""),
    "ad_break_end": (AD_OFF, ""),
    "ad_end": (AD_OFF, ""),
    "content_change": (NEW_CONTENT, ""),
    "visibility": (VISIBILITY, ""),
}
"""Event -> kind, and the state that its name implies where the record states none."""

_LETTERS = {name: letter for letter, name in CMCD_STATES.items()}
_ENDS = {"ended": "e", "failed": "f"}
_SEED = frozenset({"seed", "page"})
_MAX_RESPONSE_MS = 120_000


class Group(msgspec.Struct, array_like=True):
    """Facts of one session from one body."""

    session_id: str
    source: str
    dims: dict[str, str]
    facts: list[Fact]


Batch = list[Group]


def fact_of(beacon: Beacon) -> Fact:
    """The fact that a beacon states."""
    measures = beacon.measures
    event = beacon.event
    kind, letter = _EVENTS.get(event, (OTHER, ""))
    if kind == STATED and event == "end":
        letter = _ENDS.get(str(measures.get("end_reason", "")), "q")
    elif beacon.state and (kind != STATED or beacon.source not in _SEED):
        letter = _LETTERS[beacon.state]
    ts = beacon.client_ms
    code = -1
    if kind == MEDIA:
        taken_ms = _integer(measures, "ttlb_ms")
        if 0 < taken_ms <= _MAX_RESPONSE_MS:
            ts += taken_ms
        code = _integer(measures, "response_code")
    elif kind == ERROR:
        code = 1 if measures.get("fatal") else 0
    rate = measures.get("rate")
    hidden = measures.get("hidden")
    kbps = _integer(measures, "bitrate_shown_kbps")
    if kbps < 0:
        kbps = _integer(measures, "bitrate_kbps")
    return (
        ts,
        beacon.target,
        beacon.seq,
        kind,
        letter,
        beacon.tiebreak,
        beacon.recv_at_ms,
        beacon.correction_ms,
        _integer(measures, "buffer_ms"),
        kbps,
        _integer(measures, "startup_hint_ms"),
        round(rate * 1000) if isinstance(rate, int | float) else -1,
        -1 if hidden is None else int(bool(hidden)),
        _integer(measures, "dropped_frames"),
        _integer(measures, "playhead_ms"),
        code,
        traces(beacon),
        _content(measures.get("content_id")),
    )


def _integer(measures: dict[str, Value], name: str) -> int:
    value = measures.get(name, -1)
    return value if type(value) is int else -1


def _content(value: Value | None) -> int:
    return -1 if value is None else zlib.crc32(str(value).encode(errors="replace"))


def groups(beacons: Iterable[Beacon]) -> Batch:
    """Facts by session and body, in order of first appearance."""
    found: dict[tuple[str, str, int], Group] = {}
    for beacon in beacons:
        key = (beacon.session_id, beacon.source, id(beacon.dims))
        group = found.get(key)
        if group is None:
            group = found[key] = Group(beacon.session_id, beacon.source, beacon.dims, [])
        group.facts.append(fact_of(beacon))
    return list(found.values())


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Batch).decode


def encode_beacons(beacons: Sequence[Beacon]) -> str:
    """Beacons of one bucket of sessions as text; the dimensions of a body stand in it once per session."""
    return _encode(groups(beacons)).decode()


def decode_beacons(text: str) -> Batch:
    """The reverse of `encode_beacons`; an empty text is a tick without beacons."""
    return _decode(text) if text else []
