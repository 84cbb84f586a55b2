"""What is kept of a session between two evaluations. Encoded as msgpack arrays: add fields at the end,
with a default.

Times are ms of the client's clock (made monotone, see `View.shift_ms`) unless they are called `recv` or
`grid` (arrival, server's clock). -1: not yet.
"""

import msgspec

from beacon_job.sessions.estimate.state import Requests
from beacon_job.sessions.facts import Fact

IDLE, STARTUP, PLAY, STALL, SEEK, PAUSE, ENDED, FAILED, UNKNOWN, BUFFERED = range(10)
"""Phases: what a view is doing, whatever its player says (that is its `sta`). BUFFERED: `p` of a player that
may not play yet. The first nine are also what a stretch of time can count as; IDLE counts as nothing."""


class View(msgspec.Struct, array_like=True):
    """One load of one content in a session."""

    index: int = 0
    first_ms: int = -1
    """First fact."""
    last_ms: int = -1
    """Last fact that says what the view is doing."""
    shift_ms: int = 0
    """Added to the client's clock, so that a clock that is set back or ahead costs no time."""
    ahead_ms: int = 0
    """Client's clock minus arrival at the first fact."""
    phase: int = IDLE
    phase_began_ms: int = -1
    booked_ms: int = -1
    """Up to here the phase is booked in the ledger."""
    sta: str = ""
    """CMCD state as last reported."""
    intent_ms: int = -1
    """The request to play."""
    moved_ms: int = -1
    """First movement."""
    startup_ms: int = -1
    phase_ms: list[int] = msgspec.field(default_factory=lambda: [0] * 9)
    """Time booked per phase, IDLE..UNKNOWN."""
    stalls: int = 0
    seeks: int = 0
    pauses: int = 0
    ends: int = 0
    errors: int = 0
    stall_counted: bool = False
    """The open stall was counted already: part of it is booked."""
    replay: bool = False
    """The open seek began at the end: a replay, not a seek."""
    sought_paused: bool = False
    """The open seek began in a pause."""
    may_be_paused: bool = False
    """Since a seek or a stall in a pause, `p` does not tell play from pause."""
    ready_ms: int = -1
    """When the buffer first held enough to start."""
    error_ms: int = -1
    """The first error since playback last went on."""
    hint_ms: int = -1
    """Startup as the player tells it (`msd`), and when it told."""
    hinted_ms: int = -1
    hidden: bool = False
    hidden_start: bool = False
    ad: bool = False
    bitrate_kbps: int = -1
    rate_permille: int = 1000
    bitrate_kbps_ms: int = 0
    """Sum of kbps x ms of play."""
    bitrate_known_ms: int = 0
    """Play of which the bitrate is known."""
    media_ms: int = 0
    ad_ms: int = 0
    hidden_ms: int = 0
    dropped_frames: int = 0
    dropped_told: int = -1
    """The player's own counter, as last told."""
    playhead_ms: int = -1
    """As last told, and when."""
    playhead_told_ms: int = -1
    received: int = 0
    expected: int = 0
    unnumbered: int = 0
    """Received facts without a sequence number."""
    media_ok: int = 0
    media_failed: int = 0
    fed: bool = False
    """There was media in the buffer."""
    switches_down: int = 0
    """Before there was."""
    unobservable: int = 0
    """Bits of `results.unobservable`: why something of it cannot be known."""
    quirks: int = 0
    """Bits of `players.quirk.Quirk`."""
    quit: bool = False
    clock_steps: int = 0
    load_ms: int = -1
    """When a player that tells only the load began to load."""
    buffer_ms: int = -1
    """As last told."""
    stall_buffer_ms: int = -1
    """What was told when the open stall began."""
    paused_ms: int = -1
    """When the last pause began."""
    paused_starving: bool = False
    """It began in a stall."""
    responses_ms: list[int] = []
    """When media came before the first movement, of a player that sends no states."""
    requests: Requests | None = None
    """What its media requests tell; None once a change of state was told, and of a view that began before
    they were kept."""
    content: int = -1
    """Checksum of the id of what it shows; -1: not known."""
    changes: list[int] | None = None
    """Phase and its begin in ms after `first_ms`, in turn, as booked. None: not kept from the begin."""
    switches: int = -1
    """Changes of the bitrate since the first movement; -1: not counted from the begin."""
    waits_ms: int = -1
    """Since when it waits, of a view that was buffered and of which nothing shows that it had moved."""


class Target(msgspec.Struct, array_like=True):
    """Sequence numbers of one target since they last started."""

    load: int = 0
    """`Reading.loads` when its numbers last started."""
    top: int = -1
    """Highest number seen."""
    newest_ms: int = -1
    """Latest client time seen."""
    missing: list[int] = []
    tells: bool = False
    """It carries changes of state."""
    beat_ms: int = -1
    """Last heartbeat."""
    interval_ms: int = 0
    """Shortest distance between two heartbeats; 0: not known yet."""
    lost: int = 0
    """Missing numbers since the last fact that tells something."""


class Reading(msgspec.Struct, array_like=True):
    """How far a session was read: everything that one more fact changes."""

    view: View
    targets: dict[str, Target]
    traces: int = 0
    stated: bool = False
    """A state was seen."""
    unnumbered: bool = False
    """Its sequence numbers mean nothing."""
    told: bool = False
    """A change of state was told; without one nobody knows what lies between two states that were seen."""
    restarted_ms: int = -1
    """Last restart of sequence numbers."""
    content: int = -1
    """What `view` shows; -1: not known."""
    beside: dict[int, View] = {}
    """Content -> its view, of other contents that are open: an advertisement beside the programme."""
    views: int = 1
    """How many there were."""
    loads: int = 0
    """How often sequence numbers started again."""


Sums = dict[int, dict[int, int]]
"""Bucket of viewer time (placed ms // bucket length) -> index in `ledger.SUMS` -> sum."""


class SessionState(msgspec.Struct, array_like=True):
    """A session: all that was read, and what it takes to read the last of it again in another order.

    A beacon that takes its place before others is read again from `settled`, with all that comes after it.
    """

    reading: Reading
    settled: bytes = b""
    """The reading up to what nothing can overtake any more, encoded; empty: nothing was read yet."""
    settling: bytes = b""
    """The reading of an earlier evaluation, which settles when nothing can overtake it any more."""
    settling_grid_ms: int = 0
    """Grid time of that evaluation."""
    settling_parts: int = 0
    """Parts of `unsettled` that it has read."""
    unsettled: list[tuple[int, bytes]] = []
    """Facts read since `settled`, in order: parts as (client time of the last, facts)."""
    last: Fact | None = None
    """The last unsettled fact that must not be overtaken."""
    settled_ms: int = -1
    """Client time of the last settled fact."""
    offset_ms: int = 0
    """Client's clock -> server's: 0 as long as the client's clock is within tolerance of arrival."""
    placed: bool = False
    """`offset_ms` is fixed."""
    last_recv_ms: int = -1
    snapshot_grid_ms: int = 0
    """When it last gave out a row while open."""
    closed: bool = False
    """Declared over; whatever comes opens it again."""
    dims: dict[str, str] = {}
    group: tuple[str, ...] = ()
    """Viewer group that `open` was given out under."""
    grouped_by: int = -1
    """Traces by which the group was found; -1: to be found."""
    open: Sums = {}
    """Sums given out for what is still open."""
    shed: int = 0
    """Facts beyond the cap, not read."""
    step_ms: int = 0
    """What the client's clock lost when it was set back; 0: it was not."""
    step_delay_ms: int = 0
    """Arrival minus client's clock when that was seen: facts with less are from before."""
    steps: int = 0
    """How often it was set back."""
    newest_ms: int = -1
    """Client time of the newest fact that was read."""
    stated_dims: bytes = b""
    """The dimensions that were learned last, as they came."""
    contents: dict[int, str] = {}
    """Checksum -> id of contents."""
