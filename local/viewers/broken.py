"""Records nobody can read, and bodies with one unreadable event among good ones.

Every broken record must yield exactly one bad record, with the reason that stands beside it.
"""

from collections.abc import Callable
from random import Random
from typing import NamedTuple

import orjson

from beacon_job.types.beacon import Reason
from local.viewers.envelope import HEAD

Make = Callable[[Random, int], bytes]
"""(random numbers, when it arrives) -> bytes."""


class Breakage(NamedTuple):
    """One kind of unreadable record."""

    make: Make
    reason: Reason
    target: str | None = ""
    """Where the body is posted (`envelope.POSTED`); None: the bytes are the whole record, no envelope."""


def _event(rng: Random, recv_ms: int, **changed: object) -> bytes:
    session = f"broken-{rng.getrandbits(48):012x}"
    event = {"event": "beacon:started", "session": session, "timestamp": recv_ms, **changed}
    return orjson.dumps({key: value for key, value in event.items() if value is not None})


BREAKAGES: dict[str, Breakage] = {
    "cut": Breakage(lambda rng, ms: _event(rng, ms)[: rng.randint(1, 60)], Reason.NOT_JSON),
    "html": Breakage(lambda rng, ms: b"<html>502 Bad Gateway</html>", Reason.UNKNOWN_FORM),
    "nan": Breakage(lambda rng, ms: _event(rng, ms).replace(b"%d" % ms, b"NaN"), Reason.NO_TIME),
    "binary": Breakage(lambda rng, ms: b"\xff\xfe" + rng.randbytes(rng.randint(1, 200)), Reason.NOT_TEXT),
    "empty": Breakage(lambda rng, ms: b"", Reason.EMPTY),
    "number": Breakage(lambda rng, ms: b"42", Reason.UNKNOWN_FORM),
    "schema": Breakage(lambda rng, ms: b'{"schema":"beacon/99","events":[]}', Reason.UNKNOWN_SCHEMA),
    "no_session": Breakage(lambda rng, ms: _event(rng, ms, session=None), Reason.NO_SESSION),
    "no_event": Breakage(lambda rng, ms: _event(rng, ms, event=None), Reason.NO_EVENT),
    "no_time": Breakage(lambda rng, ms: _event(rng, ms, timestamp=None), Reason.NO_TIME),
    "bad_time": Breakage(lambda rng, ms: _event(rng, ms, timestamp="yesterday"), Reason.BAD_TIME),
    "deep": Breakage(lambda rng, ms: b'{"a":' * 2_000 + b"1" + b"}" * 2_000, Reason.TOO_DEEP),
    "cmcd_version": Breakage(
        lambda rng, ms: b'e=t,sid="broken-%x",sn=0,ts=%d,v=3\n' % (rng.getrandbits(32), ms),
        Reason.CMCD_VERSION,
        "state",
    ),
    "cmcd_syntax": Breakage(lambda rng, ms: b'e=ps,sid="((((,sta=p,ts=\n', Reason.BAD_CMCD, "state"),
    "raw_binary": Breakage(lambda rng, ms: b"\xff\xfe" + rng.randbytes(40), Reason.NOT_TEXT, None),
    "raw_cut": Breakage(lambda rng, ms: HEAD + b'%d,"request_id":"' % ms, Reason.NOT_JSON, None),
}

_SPOILT_LINE = b'cid="x",e=ps,sid="((((,sta=p,ts=\n'
_SPOILT_EVENT = b',{"type":"heartbeat","note":"an event without session and time"}]}'


def spoil(target: str, body: bytes) -> bytes | None:
    """The same body with one unreadable event more; None where a body is one event."""
    if target:
        return body + _SPOILT_LINE
    return body[:-2] + _SPOILT_EVENT if body.endswith(b"]}") else None
