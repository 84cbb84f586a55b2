"""What is kept of a session between two batches. Encoded as msgpack arrays: add fields at the end, with a
default.

Times are client ms (made monotone, see `View.shift`) unless they are called `recv` (arrival, server ms).
"""

import msgspec

from beacon_job.sessions.facts import TS, Fact

IDLE, STARTUP, PLAY, STALL, SEEK, PAUSE, ENDED, FAILED, UNKNOWN, BUFFERED = range(10)
"""What a view is doing. BUFFERED: `p` of a player that may not play yet (N12). The first nine are also what a
stretch of time can count as; IDLE counts as nothing."""


class View(msgspec.Struct, array_like=True):
    """One load of one content in a session."""

    index: int = 0
    start: int = -1
    """First fact."""
    seen: int = -1
    """Last fact that says what the view is doing."""
    shift: int = 0
    """Added to the client's clock, so that a clock that is set back or ahead costs no time."""
    ahead: int = 0
    """Client's clock minus arrival at the first fact."""
    mode: int = IDLE
    entered: int = -1
    """When `mode` began."""
    since: int = -1
    """`mode` counts from here; what lies before is entered in the slices."""
    letter: str = ""
    """State as last reported."""
    intent: int = -1
    moved: int = -1
    """First movement."""
    startup: int = -1
    sums: list[int] = msgspec.field(default_factory=lambda: [0] * 9)
    """ms per mode, IDLE..UNKNOWN."""
    stalls: int = 0
    seeks: int = 0
    pauses: int = 0
    ends: int = 0
    errors: int = 0
    stall_counted: bool = False
    """The open stall was counted already: part of it is settled."""
    replay: bool = False
    """The open seek began at the end: a replay, not a seek."""
    paused_before: bool = False
    """The open seek began in a pause."""
    may_be_paused: bool = False
    """N15: since a seek while paused, `p` does not tell play from pause."""
    ready: int = -1
    """When the buffer first held enough to start."""
    error: int = -1
    """The first error since playback last went on."""
    hint: int = -1
    """`msd`, and when it came."""
    hint_at: int = -1
    hidden: bool = False
    hidden_start: bool = False
    ad: bool = False
    kbps: int = -1
    rate: int = 1000
    bits: int = 0
    """Sum of kbps x ms of play."""
    bits_ms: int = 0
    """ms of play of which the bitrate is known."""
    media_ms: int = 0
    ad_ms: int = 0
    hidden_ms: int = 0
    dropped: int = 0
    dropped_last: int = -1
    playhead: int = -1
    playhead_at: int = -1
    received: int = 0
    expected: int = 0
    unnumbered: int = 0
    """Received facts without a sequence number."""
    media_ok: int = 0
    media_failed: int = 0
    fed: bool = False
    """There was media in the buffer."""
    downs: int = 0
    """Switches down before there was."""
    limits: int = 0
    """Bits of `unobservable`: why something of it cannot be known."""
    quirks: int = 0
    """Bits in the order of `quirks.registry.APPLIED`."""
    quit: bool = False
    clock_steps: int = 0
    loaded: int = -1
    """When a player that tells only the load began to load."""
    buffer: int = -1
    """As last told, ms."""
    stall_buffer: int = -1
    """What was told when the open stall began."""
    paused: int = -1
    """When the last pause began."""
    paused_starving: bool = False
    """It began in a stall."""


class Target(msgspec.Struct, array_like=True):
    """Sequence numbers of one target since they last started."""

    view: int = 0
    """Index of the view in which its numbers last started."""
    top: int = -1
    """Highest number seen."""
    newest: int = -1
    """Latest client time seen."""
    missing: list[int] = []
    tells: bool = False
    """It carries changes of state."""
    beat: int = -1
    """Last heartbeat."""
    beat_ms: int = 0
    """Shortest distance between two heartbeats; 0: not known yet."""
    lost: int = 0
    """Missing numbers since the last fact that tells something."""


class Fold(msgspec.Struct, array_like=True):
    """Everything that reading one more fact changes."""

    view: View
    targets: dict[str, Target]
    traces: int = 0
    stated: bool = False
    """A state was seen."""
    restarted: int = -1
    """Client time of the last restart of sequence numbers."""
    content: int = -1


Sums = dict[int, dict[int, int]]
"""Bucket (placed ms // slice length) -> index in `slices.FIELDS` -> sum."""


class SessionState(msgspec.Struct, array_like=True):
    """A session: what was read (`head`), and what is needed to read the last of it again in another order.

    A beacon that takes its place before others is read again from `base`, with all that comes after it.
    """

    head: Fold
    base: bytes = b""
    """The fold that nothing can overtake any more, encoded; empty: nothing was read yet."""
    middle: bytes = b""
    """The fold of an earlier look, which becomes the base when nothing can overtake it any more; empty:
    none."""
    middle_at: int = 0
    """Grid time of that look."""
    middle_count: int = 0
    """Parts of the tail that it has read."""
    tail: list[tuple[int, bytes]] = []
    """Facts that the head has read and the base has not, in order: parts as (client time of the last,
    facts)."""
    last: Fact | None = None
    """The last fact of the tail that must not be overtaken."""
    frontier: int = -1
    """Client time of the last fact of the base."""
    offset: int = 0
    """Client's clock -> server's: 0 as long as the client's clock is within tolerance of arrival."""
    placed: bool = False
    """`offset` is fixed."""
    last_recv: int = -1
    snapshot: int = 0
    """Grid time of the last summary."""
    closed: bool = False
    """Declared over; whatever comes opens it again."""
    dims: dict[str, str] = {}
    group: tuple[str, ...] = ()
    """Viewer group that `open` was given out under."""
    grouped_by: int = -1
    """Traces by which the group was found; -1: to be found."""
    open: Sums = {}
    """Slices given out for what is still open."""
    shed: int = 0
    """Facts beyond the cap, not looked at."""
    step_ms: int = 0
    """What the client's clock lost when it was set back; 0: it was not."""
    step_delay: int = 0
    """Arrival minus client's clock when that was seen: facts with less are from before."""
    steps: int = 0
    """How often it was set back."""
    newest: int = -1
    """Client time of the newest fact that was read."""
    stated_dims: bytes = b""
    """JSON of the dimensions that were learned last."""


_encode = msgspec.msgpack.Encoder().encode
_decode_facts = msgspec.msgpack.Decoder(list[Fact]).decode
_decode_fold = msgspec.msgpack.Decoder(Fold).decode


def freeze(fold: Fold) -> bytes:
    """A fold as it stands."""
    return _encode(fold)


def thaw(frozen: bytes) -> Fold:
    """The fold that was frozen; a new one for no bytes."""
    return _decode_fold(frozen) if frozen else Fold(View(), {})


def pack_facts(facts: list[Fact]) -> tuple[int, bytes]:
    """A part of a tail."""
    return facts[-1][TS], _encode(facts)


def unpack_facts(part: tuple[int, bytes]) -> list[Fact]:
    """The facts of a part of a tail."""
    return _decode_facts(part[1])


def encode_session(session: SessionState) -> bytes:
    """The state as msgpack."""
    return _encode(session)


decode_session = msgspec.msgpack.Decoder(SessionState).decode
"""The reverse of `encode_session`; later versions read it too."""
