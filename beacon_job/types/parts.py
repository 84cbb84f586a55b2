"""What travels between the stages inside Flink: short strings with a fixed head and a JSON payload.

Few fat elements cost a tenth of many thin ones, and text is what crosses PyFlink cheapest (docs/adr/0001).
An element is `kind (1) · bucket (4 digits) · time (13 digits, epoch ms) · payload`.
"""

import msgspec

WATERMARK = "W"
"""`time` is the watermark of the subtask that sent it."""
POINTS = "P"
"""Payload: JSON list of Points for the sink."""
BAD = "B"
"""Payload: JSON of one BadRecord for the dead letters."""
SESSIONS = "S"
"""Payload: beacons of one bucket of sessions; empty for a tick."""
SUMS = "R"
"""Payload: JSON list of Contributions for one shard of the roll-up; empty for a tick."""

KINDS = (WATERMARK, POINTS, BAD, SESSIONS, SUMS)

HEAD = 18
KIND_AT, BUCKET_AT, TIME_AT = slice(0, 1), slice(1, 5), slice(5, HEAD)


class Element(msgspec.Struct, frozen=True):
    """One element, taken apart."""

    kind: str
    bucket: int
    time_ms: int
    payload: str


def pack(kind: str, bucket: int, time_ms: int, payload: str) -> str:
    """The element as text; `bucket` 0..9999, `time_ms` 0..9999999999999."""
    return f"{kind}{bucket:04d}{time_ms:013d}{payload}"


def unpack(text: str) -> Element:
    """The reverse of `pack`."""
    return Element(text[KIND_AT], int(text[BUCKET_AT]), int(text[TIME_AT]), text[HEAD:])
