"""Records nobody can read, and bodies with one unreadable event among good ones."""

from collections.abc import Callable
from random import Random

import orjson

BATCH = {"schema": "beacon/1", "sent_at": 1, "events": []}


def _json_body(rng: Random, recv_ms: int, **changed: object) -> bytes:
    sid = f"broken-{rng.getrandbits(48):012x}"
    event = {"event": "beacon:started", "session": sid, "timestamp": recv_ms, **changed}
    return orjson.dumps({key: value for key, value in event.items() if value is not None})


BODIES: dict[str, Callable[[Random, int], bytes]] = {
    "truncated_json": lambda rng, ms: _json_body(rng, ms)[: rng.randint(1, 60)],
    "binary": lambda rng, ms: b"\xff\xfe\x00" + rng.randbytes(rng.randint(1, 200)),
    "not_json": lambda rng, ms: b"<html><body>502 Bad Gateway</body></html>",
    "empty": lambda rng, ms: b"",
    "wrong_schema": lambda rng, ms: orjson.dumps({**BATCH, "schema": "beacon/99"}),
    "no_session": lambda rng, ms: _json_body(rng, ms, session=None),
    "no_event": lambda rng, ms: _json_body(rng, ms, event=None),
    "no_time": lambda rng, ms: _json_body(rng, ms, timestamp=None),
    "bad_time": lambda rng, ms: _json_body(rng, ms, timestamp="yesterday"),
    "too_deep": lambda rng, ms: b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
    "a_number": lambda rng, ms: b"42",
}
"""Unreadable bodies of a JSON post; each makes exactly one bad record."""

SPOILT_LINE = b'cid="x",e=ps,sid="((((,sta=p,ts=\n'
SPOILT_EVENT = b',{"type":"heartbeat","note":"an event without session and time"}]}'


def broken_body(rng: Random, recv_ms: int) -> tuple[str, bytes]:
    """A kind and its body."""
    kind = rng.choice(tuple(BODIES))
    return kind, BODIES[kind](rng, recv_ms)


def spoil(player: str, body: bytes) -> bytes | None:
    """The same body with one unreadable event more; None where a body holds only one event."""
    if player == "page":
        return None
    return body[:-2] + SPOILT_EVENT if player == "sdk" else body + SPOILT_LINE
