"""What of a dead letter is put back on the stream of beacons, and why some cannot be. Pure.

A record is put back as it came. The letter holds it whole if it came through the front door and was not cut;
anything else (a long record, one bad event of a body, a record without envelope) is taken from the stream of
beacons again, where it lies until that stream's retention ends. A record without envelope gets one that says
when it came first, or its beacons would be placed at the time of the re-injection.
"""

import base64
import re

import msgspec

from local.dead_letters.content import envelope_in
from local.dead_letters.letter import NOT_A_LETTER, Letter

_FROM_FRONT_DOOR = re.compile(rb'\s*\{\s*"(v|recv_at)"\s*:')
_AGGREGATE = b"\xf3\x89\x9a\xc2"
"""How records begin that the Kinesis Producer Library has put together: the source takes them apart."""


class Original(msgspec.Struct, frozen=True):
    """A record of the stream of beacons."""

    data: bytes
    partition_key: str


class Impossible(msgspec.Struct, frozen=True):
    """A letter that cannot be re-injected."""

    why: str


def wants_original(letter: Letter) -> bool:
    """Whether the record has to be taken from the stream of beacons."""
    return bool(letter.bad.sequence_number) and not _whole(letter)


def to_put(letter: Letter, original: Original | None) -> Original | Impossible:
    """What goes on the stream of beacons again; `original` is the letter's record there, if it still is."""
    if letter.bad.reason == NOT_A_LETTER:
        return Impossible("it is no dead letter of the job")
    if letter.bad.stage == "store":
        return Impossible("it is a row that the store refused, and no beacon")
    if _whole(letter):
        return Original(letter.raw, letter.bad.sequence_number or letter.sequence_number)
    if original is None:
        kept = "may be one event of it" if letter.complete else "was cut off"
        return Impossible(
            f"its record is no longer in the stream of beacons, and what the letter holds {kept}"
        )
    return Original(_with_time(original.data, letter.bad.recv_at), original.partition_key)


def _whole(letter: Letter) -> bool:
    return letter.bad.stage == "decode" and letter.complete and envelope_in(letter.raw) is not None


def _with_time(data: bytes, recv_at_ms: int) -> bytes:
    if _FROM_FRONT_DOOR.match(data) or data.startswith(_AGGREGATE):
        return data
    return msgspec.json.encode({"v": 1, "recv_at": recv_at_ms, "body": base64.b64encode(data).decode()})
