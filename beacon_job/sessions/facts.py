"""Beacon -> Fact: the little that the session machine needs, in a form that crosses a channel cheaply. Pure.

A fact is a plain tuple that sorts into the order of the session: by the client's clock, then by sequence
number. Missing numbers are -1.
"""

import zlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

import msgspec

from beacon_job.sessions.players.fingerprint import traces
from beacon_job.types.beacon import Beacon, Value
from beacon_job.types.events import CMCD_STATES

Fact = tuple[int, int, int, str, int, int, int, int, int, int, int, int, int, int, int, str, int]
"""In the order of the indices below."""

Said = tuple[int, int, int, str, int, int, int, int, int, int, int, int, int, int, int]
"""A fact without its last two members, which all facts of a chunk share."""

TS: Final = 0
SEQ: Final = 1
KIND: Final = 2
STATE: Final = 3
TIEBREAK: Final = 4
BUFFER: Final = 5
KBPS: Final = 6
HINT: Final = 7
RATE: Final = 8
HIDDEN: Final = 9
DROPPED: Final = 10
PLAYHEAD: Final = 11
CODE: Final = 12
TRACES: Final = 13
CONTENT: Final = 14
TARGET: Final = 15
RECV: Final = 16
"""TS: client ms; a response counts at its end. STATE: a CMCD state letter, `g` for the seed's started, or
empty. HINT: `msd`. RATE: thousandths. HIDDEN: 0, 1. CODE: response code, or 1 for a fatal error. TRACES: bits
of `fingerprint`. CONTENT: a checksum of the content's id; it tells contents apart. RECV: arrival, server
ms."""

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
MAX_RATE = 64
MAX_INTEGER = 1 << 53
"""Larger numbers are no sequence numbers or measures; they would not survive JSON either."""


class Chunk(msgspec.Struct, frozen=True, array_like=True):
    """What one session said in one body."""

    target: str
    dims: msgspec.Raw
    """JSON of the dimensions; most bodies of a session state the same, and it is not read again then."""
    correction: int
    """To be added to the client's clock; 0 as long as any of it is within tolerance of arrival."""
    facts: list[Said]


class Arrival(msgspec.Struct, frozen=True, array_like=True):
    """A chunk as it travels: whose it is and when it came, and itself unread until the session is looked
    at."""

    session_id: str
    recv: int
    chunk: msgspec.Raw


Batch = list[Arrival]


def said(beacon: Beacon) -> Said:
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
        beacon.seq if beacon.seq <= MAX_INTEGER else -1,
        kind,
        letter,
        beacon.tiebreak,
        _integer(measures, "buffer_ms"),
        kbps,
        _integer(measures, "startup_hint_ms"),
        round(rate * 1000) if isinstance(rate, int | float) and 0 < rate <= MAX_RATE else -1,
        -1 if hidden is None else int(bool(hidden)),
        _integer(measures, "dropped_frames"),
        _integer(measures, "playhead_ms"),
        code,
        traces(beacon),
        _content(measures.get("content_id")),
    )


def _integer(measures: dict[str, Value], name: str) -> int:
    value = measures.get(name, -1)
    return value if type(value) is int and 0 <= value <= MAX_INTEGER else -1


@lru_cache(maxsize=4_096, typed=True)
def _content(value: Value | None) -> int:
    return -1 if value is None else zlib.crc32(str(value).encode(errors="replace"))


_NOT_KEPT = frozenset({"target", "source", "sdk"})


def chunks(beacons: Iterable[Beacon]) -> dict[tuple[str, int, str, int], Chunk]:
    """Chunks by session, arrival, target and body, in order of first appearance."""
    found: dict[tuple[str, int, str, int], Chunk] = {}
    dims: dict[int, msgspec.Raw] = {}
    for beacon in beacons:
        body = id(beacon.dims)
        key = (beacon.session_id, beacon.recv_at_ms, beacon.target, body)
        chunk = found.get(key)
        if chunk is None or (chunk.correction and not beacon.correction_ms):
            kept = dims.get(body)
            if kept is None:
                kept = dims[body] = msgspec.Raw(
                    _encode({name: beacon.dims[name] for name in beacon.dims if name not in _NOT_KEPT})
                )
            facts = chunk.facts if chunk else []
            chunk = found[key] = Chunk(beacon.target, kept, beacon.correction_ms, facts)
        chunk.facts.append(said(beacon))
    return found


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Batch).decode
read_chunk = msgspec.json.Decoder(Chunk).decode
"""Bytes of a chunk -> Chunk."""
read_dims = msgspec.json.Decoder(dict[str, str]).decode
"""The dimensions of a chunk."""


def encode_beacons(beacons: Sequence[Beacon]) -> str:
    """Beacons of one bucket of sessions as text; what a body shares stands in it once per session."""
    found = chunks(beacons)
    return _encode([(key[0], key[1], chunk) for key, chunk in found.items()]).decode()


def decode_beacons(text: str) -> Batch:
    """The reverse of `encode_beacons`, as far as it is needed at once; an empty text is a tick without
    beacons."""
    return _decode(text) if text else []


def facts_of(chunk: Chunk, recv_ms: int) -> list[Fact]:
    """The facts of a chunk that arrived at `recv_ms`."""
    shared = (chunk.target, recv_ms)
    return [(*fact, *shared) for fact in chunk.facts]
