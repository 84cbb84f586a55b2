"""Beacon -> Fact: the little that the session machine needs, and how it travels there. Pure."""

import zlib
from collections.abc import Iterable
from functools import lru_cache

import msgspec

from beacon_job.sessions.players.fingerprint import traces
from beacon_job.types.beacon import Beacon, Value
from beacon_job.types.events import CMCD_STATES


class Fact(msgspec.Struct, array_like=True, order=True, frozen=True, gc=False):
    """What one beacon states. Facts sort into the order of their session: by the client's clock, then by
    sequence number. -1: not stated."""

    client_ms: int
    """Client's clock; a response counts at its end, a request at its beginning."""
    seq: int
    kind: int
    sta: str
    """CMCD state (CTA-5004-B `sta`), or `g` for the seed's started; empty: none."""
    tiebreak: int
    buffer_ms: int
    bitrate_kbps: int
    startup_hint_ms: int
    """CMCD `msd`."""
    rate_permille: int
    hidden: int
    """0, 1."""
    dropped_frames: int
    playhead_ms: int
    code: int
    """Response code, or 1 for a fatal error."""
    traces: int
    """Bits of `fingerprint`."""
    content: int
    """A checksum of the content's id; it tells contents apart."""
    target: str
    recv_ms: int
    """Arrival, server's clock."""
    media: int = -1
    """What a request was for; -1: stored before that was kept. Of others as well it is -1."""
    segment: int = -1
    """Number of the requested segment; below -1 a checksum of a name without one."""
    duration_ms: int = -1
    """Of that segment."""
    took_ms: int = -1
    """From the request to the end of its response."""
    media_buffer_ms: int = -1
    """What a request says is buffered of the media it asks for; `buffer_ms` is never that of audio alone."""


OTHER, STATED, BEAT, MEDIA, ERROR, SEEK_DONE, AD_ON, AD_OFF, NEW_CONTENT, VISIBILITY = range(10)
"""Kinds of facts. The numbers stand in stored state: add at the end, never renumber."""

NO_MEDIA, VIDEO, AUDIO, MUXED, UNTYPED, RESPONSE = range(6)
"""What a request was for (`Fact.media`); the numbers stand in stored state. UNTYPED: a segment of a type that
nobody tells. RESPONSE: no request, but what a player says of one."""

_MEDIA = {"video": VIDEO, "audio": AUDIO, "muxed": MUXED}

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

_STA = {name: sta for sta, name in CMCD_STATES.items()}
_ENDS = {"ended": "e", "failed": "f"}
_SEED = frozenset({"seed", "page"})
_MAX_RESPONSE_MS = 120_000
MAX_RATE = 64
MAX_INTEGER = 1 << 53
"""Larger numbers are no sequence numbers or measures; they would not survive JSON either."""


class Body(msgspec.Struct, array_like=True, frozen=True):
    """What one session said in one body."""

    dims: bytes
    """Msgpack of the dimensions; most bodies of a session state the same, and it is not read again then."""
    correction_ms: int
    """To be added to the client's clock; 0 as long as any of it is within tolerance of arrival."""
    facts: list[Fact]
    contents: dict[int, str] = {}
    """Checksum -> id of the contents it names."""


class Arrival(msgspec.Struct, array_like=True, frozen=True):
    """A body as it travels: whose it is, when it came, and itself unread until its session is evaluated."""

    session_id: str
    recv_ms: int
    body: bytes


def fact_of(beacon: Beacon) -> Fact:
    """The fact that a beacon states."""
    measures = beacon.measures
    event = beacon.event
    kind, sta = _EVENTS.get(event, (OTHER, ""))
    if kind == STATED and event == "end":
        sta = _ENDS.get(str(measures.get("end_reason", "")), "q")
    elif beacon.state and (kind != STATED or beacon.source not in _SEED):
        sta = _STA[beacon.state]
    client_ms = beacon.client_ms
    code = media = segment = duration_ms = took_ms = media_buffer_ms = -1
    if kind == MEDIA:
        took_ms = _integer(measures, "ttlb_ms")
        if event == "request":
            duration_ms = _integer(measures, "object_duration_ms")
            media = _media(measures, duration_ms)
            segment = _segment(measures)
            media_buffer_ms = _integer(measures, "audio_buffer_ms" if media == AUDIO else "buffer_ms")
        else:
            media = RESPONSE
            if 0 < took_ms <= _MAX_RESPONSE_MS:
                client_ms += took_ms
        code = _integer(measures, "response_code")
    elif kind == ERROR:
        code = 1 if measures.get("fatal") else 0
    rate = measures.get("rate")
    hidden = measures.get("hidden")
    bitrate_kbps = _integer(measures, "bitrate_shown_kbps")
    if bitrate_kbps < 0:
        bitrate_kbps = _integer(measures, "bitrate_kbps")
    return Fact(
        client_ms,
        beacon.seq if beacon.seq <= MAX_INTEGER else -1,
        kind,
        sta,
        beacon.tiebreak,
        _integer(measures, "buffer_ms"),
        bitrate_kbps,
        _integer(measures, "startup_hint_ms"),
        round(rate * 1000) if isinstance(rate, int | float) and 0 < rate <= MAX_RATE else -1,
        -1 if hidden is None else int(bool(hidden)),
        _integer(measures, "dropped_frames"),
        _integer(measures, "playhead_ms"),
        code,
        traces(beacon),
        _content(measures.get("content_id")),
        beacon.target,
        beacon.recv_at_ms,
        media,
        segment,
        duration_ms,
        took_ms,
        media_buffer_ms,
    )


def _media(measures: dict[str, Value], duration_ms: int) -> int:
    """What a request is for; an init segment has no duration."""
    stated = measures.get("object_type")
    if stated is None:
        return UNTYPED if duration_ms > 0 else NO_MEDIA
    return _MEDIA.get(str(stated), NO_MEDIA)


def _segment(measures: dict[str, Value]) -> int:
    number = _integer(measures, "segment_number")
    if number >= 0:
        return number
    checksum = _integer(measures, "segment_checksum")
    return -2 - checksum if checksum >= 0 else -1


def _integer(measures: dict[str, Value], name: str) -> int:
    value = measures.get(name, -1)
    return value if type(value) is int and 0 <= value <= MAX_INTEGER else -1


@lru_cache(maxsize=4_096, typed=True)
def _content(value: Value | None) -> int:
    return -1 if value is None else zlib.crc32(str(value).encode(errors="replace"))


_NOT_KEPT = frozenset({"target", "source", "sdk"})

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Arrival]).decode
read_body = msgspec.msgpack.Decoder(Body).decode
"""The body of an arrival -> Body."""
read_dims = msgspec.msgpack.Decoder(dict[str, str]).decode
"""The dimensions of a body."""


def _bodies(beacons: Iterable[Beacon]) -> dict[tuple[str, int, int], Body]:
    """Bodies by session, arrival and dimensions (all beacons of a body share them), as they first appear."""
    bodies: dict[tuple[str, int, int], Body] = {}
    encoded: dict[int, bytes] = {}
    for beacon in beacons:
        shared = id(beacon.dims)
        key = (beacon.session_id, beacon.recv_at_ms, shared)
        body = bodies.get(key)
        if body is None or (body.correction_ms and not beacon.correction_ms):
            dims = encoded.get(shared)
            if dims is None:
                kept = {name: value for name, value in beacon.dims.items() if name not in _NOT_KEPT}
                dims = encoded[shared] = _encode(kept)
            facts, contents = (body.facts, body.contents) if body else ([], {})
            body = bodies[key] = Body(dims, beacon.correction_ms, facts, contents)
        body.facts.append(fact := fact_of(beacon))
        if fact.content not in body.contents and fact.content >= 0:
            body.contents[fact.content] = str(beacon.measures["content_id"])
    return bodies


def encode_beacons(beacons: Iterable[Beacon]) -> bytes:
    """Beacons of one bucket of sessions as bytes; what a body shares stands in it once per session."""
    found = _bodies(beacons)
    return _encode([Arrival(key[0], key[1], _encode(body)) for key, body in found.items()])


def decode_beacons(encoded: bytes) -> list[Arrival]:
    """The reverse of `encode_beacons`, as far as it is needed at once; no bytes: no beacons."""
    return _decode(encoded) if encoded else []
