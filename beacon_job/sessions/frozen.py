"""Sessions as bytes, and the parts of one that are kept as bytes within it. Pure."""

import msgspec

from beacon_job.sessions.estimate.state import Requests
from beacon_job.sessions.facts import Fact
from beacon_job.sessions.state import Reading, SessionState, View

_encode = msgspec.msgpack.Encoder().encode
_decode_facts = msgspec.msgpack.Decoder(list[Fact]).decode
_decode_reading = msgspec.msgpack.Decoder(Reading).decode


def freeze(reading: Reading) -> bytes:
    """A reading as it stands."""
    return _encode(reading)


def thaw(frozen: bytes) -> Reading:
    """The reading that was frozen; a new one for no bytes."""
    return _decode_reading(frozen) if frozen else Reading(View(requests=Requests()), {})


def pack_facts(facts: list[Fact]) -> tuple[int, bytes]:
    """A part of `SessionState.unsettled`."""
    return facts[-1].client_ms, _encode(facts)


def unpack_facts(part: tuple[int, bytes]) -> list[Fact]:
    """The facts of a part."""
    return _decode_facts(part[1])


def encode_session(session: SessionState) -> bytes:
    """The state as msgpack."""
    return _encode(session)


decode_session = msgspec.msgpack.Decoder(SessionState).decode
"""The reverse of `encode_session`."""
