"""What is kept of a session between two batches. Encoded as msgpack arrays: add fields at the end, with a default.

Times are client ms (made monotone, see `View.shift`) unless they are called `recv` (arrival, server ms).
"""

import msgspec

from beacon_job.session_facts import Fact

IDLE, STARTUP, PLAY, STALL, SEEK, PAUSE, ENDED, FAILED, UNKNOWN, BUFFERED = range(10)
"""What a view is doing. BUFFERED: `p` of a player that may not play yet (N12). The first nine are also what a stretch
of time can count as; IDLE counts as nothing."""

(
    LOST_RECORDS,
    PAUSED_SEEK,
    PLAY_OR_PAUSE,
    NO_STATES,
    OPEN_STALL,
    SEED,
    START_AT_LOAD,
    START_AFTER_READY,
    START_ASLEEP,
    START_UNSEEN,
    NEVER_PROVED,
    SILENT_START,
    NO_REQUEST,
    UNPROVED_STALL,
) = (1 << n for n in range(14))
"""Bits of `View.limits`: why something of the view cannot be known. `summary.REASONS` says it in words."""


class View(msgspec.Struct, array_like=True):
    """One load of one content in a session, as far as it is settled."""

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
    since: int = -1
    """`mode` counts from here; what lies before is settled."""
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
    quirks: int = 0
    """Bits in the order of `quirks.registry.APPLIED`."""
    quit: bool = False
    clock_steps: int = 0


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
    frontier: int = -1
    """Client time of the last settled fact."""
    offset: int = 0
    """Client clock -> server clock: 0 as long as the client's clock is within tolerance of arrival."""


Sums = dict[int, dict[int, int]]
"""Bucket (placed ms // slice length) -> index in `slices.FIELDS` -> sum."""


class SessionState(msgspec.Struct, array_like=True):
    """A session: what is settled (`fold`), what may still be reordered (`tail`), what only arrived (`inbox`)."""

    source: str
    first_recv: int
    last_recv: int
    fold: Fold
    inbox: list[Fact] = []
    tail: list[Fact] = []
    due: int = 0
    """Grid time at which the session must be looked at."""
    done: int = 0
    """Grid time at which it was last looked at."""
    dims: dict[str, str] = {}
    group: tuple[str, ...] = ()
    """Viewer group of `emitted`."""
    emitted: Sums = {}
    """Slices given out that are still provisional."""
    repeated: list[int] = []
    """Client times of repetitions not counted yet."""
    snapshot: int = 0
    """Grid time of the last summary."""
    closed: bool = False
    """Declared over; whatever comes opens it again."""
    shed: int = 0
    """Facts beyond the cap, not looked at."""
