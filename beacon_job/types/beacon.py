"""The types that travel between the first stages: what came in, and what it means."""

from enum import StrEnum

import msgspec

Value = int | float | bool | str
"""A measure's value. Lists do not travel: decode joins or picks (see `fields.py`)."""


UNREAD = "unread"
"""The measure in which decode names the keys of a beacon whose values could not be read: `br,ttfb`."""


class KinesisRecord(msgspec.Struct, frozen=True):
    """One record as the source delivers it."""

    data: bytes
    arrival_ms: int
    """Kinesis' approximate arrival time, epoch ms."""
    shard_id: str = ""
    sequence_number: str = ""


class Beacon(msgspec.Struct, frozen=True):
    """One thing a player said, in canonical names and units (ms, kbps, px).

    `client_ms` is the client's own clock and is never altered; `recv_at_ms` is the server's.
    `correction_ms` is what must be added to `client_ms` to place the beacon in server time:
    0 as long as the client's clock lies within tolerance of arrival.
    """

    event: str
    """A name of `taxonomy.EVENTS`, e.g. `playing`, `heartbeat`, `started`."""
    session_id: str
    client_ms: int
    recv_at_ms: int
    source: str
    """`sdk` (batch), `page` (hand-written JSON), `seed` (flat JSON), `cmcd_event`, `cmcd_request`."""
    target: str = ""
    """CMCD event target (`state`, `bulk`, ...): sequence numbers count per target."""
    seq: int = -1
    """Sequence number within (session, target); -1 where the sender has none."""
    state: str = ""
    """Player state the record carries, a name of `taxonomy.STATES`; empty when it carries none."""
    correction_ms: int = 0
    tiebreak: int = 0
    """0..999999: tells apart beacons of one millisecond; the same for a retry of the same beacon."""
    measures: dict[str, Value] = {}
    """Canonical fields of `fields.FIELDS` (units in the names) and custom ones."""
    dims: dict[str, str] = {}
    """Low-cardinality context (player, device, country, cdn, stream_type, ...); no empty values.
    One dict object may be shared by all beacons of a body: treat it as read-only."""

    @property
    def placed_ms(self) -> int:
        """Where the beacon lies in server time, epoch ms."""
        return self.client_ms + self.correction_ms


class Reason(StrEnum):
    """Why a record, or one event of it, could not be read. A closed list."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_TEXT = "not_text"
    NOT_JSON = "not_json"
    TOO_DEEP = "too_deep"
    NOT_AN_OBJECT = "not_an_object"
    BAD_ENVELOPE = "bad_envelope"
    UNKNOWN_FORM = "unknown_form"
    UNKNOWN_SCHEMA = "unknown_schema"
    BAD_CMCD = "bad_cmcd"
    CMCD_VERSION = "cmcd_version"
    NO_EVENT = "no_event"
    NO_SESSION = "no_session"
    BAD_SESSION = "bad_session"
    NO_TIME = "no_time"
    BAD_TIME = "bad_time"
    TOO_MANY_EVENTS = "too_many_events"
    INTERNAL = "internal"


class BadRecord(msgspec.Struct, frozen=True):
    """What could not be read or stored, with all that is needed to read it again later."""

    reason: str
    """A `Reason`, or the store's own words when `stage` is `store`."""
    stage: str
    """`decode` or `store`."""
    recv_at: int
    """Epoch ms: the envelope's clock, else Kinesis' arrival."""
    raw: str
    """Base64 of the record (or of the one bad event in it), capped."""
    detail: str = ""
    """One sentence for a person: what was found, what is allowed, where."""
    shard: str = ""
    sequence_number: str = ""
    raw_bytes: int = 0
    """Length before the cap."""
