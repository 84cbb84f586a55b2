"""What is kept of a view's media requests. A few hundred bytes, however long the view is.

Encoded as msgpack arrays: add fields at the end, with a default. Times are ms since the view's first request,
on a clock that runs as fast as media is played (`Teller.media_clock`), unless they are called `real`.
Positions are ms of media since the beginning of the first segment that was asked for.
"""

import msgspec

NOWHERE = -(1 << 40)
"""No position, no time."""

MAX_LEVELS = 8
MAX_ASKED = 5
MAX_TRACKS = 4
MAX_RATES = 4


class Asked(msgspec.Struct, array_like=True):
    """A segment that was asked for, however often it took."""

    segment: int
    asked_ms: int
    end_ms: int
    """End of the last response."""
    reach_ms: int
    """Position of its end."""
    came: bool
    refused: bool
    """The last response was an error; a request that was cut off was neither answered nor refused."""


class Track(msgspec.Struct, array_like=True):
    """Media of one type: what was asked for, and what came."""

    segment: int = -1
    """As last asked for."""
    step: int = 0
    """By what the numbers of segments grow: 1, or a duration where they are times; 0: not known yet."""
    reach_ms: int = 0
    """Position of the end of the last segment asked for."""
    duration_ms: int = 0
    """Of that segment."""
    durations_ms: int = 0
    segments: int = 0
    """Segments whose durations were added up."""
    came_ms: int = NOWHERE
    """Position up to which media had come before `asked` begins."""
    asked: list[Asked] = []
    """The last few, in order."""
    buffer_ms: int = -1
    """As last told, and when."""
    told_ms: int = NOWHERE
    dry_ms: int = 0
    """How long nothing of it was left to play since dryness was last accounted anew, and from when."""
    dry_from_ms: int = 0
    dry_marked_ms: int = 0
    """`dry_ms` when it was last marked."""
    repeats: int = 0
    """Requests in a row for a segment that had come: a file that is fetched in pieces has one name."""
    dry_later_ms: int = 0
    """From when it ran dry after it was last marked."""


class Sample(msgspec.Struct, array_like=True, frozen=True):
    """What one request shows of the playhead."""

    at_ms: int
    lag_ms: int
    buffer_ms: int
    dry_ms: int = 0
    """How long the playhead, had it gone on, had had nothing to play by then, and from when."""
    dry_from_ms: int = 0


class Level(msgspec.Struct, array_like=True):
    """Requests in a row with the same lag: the playhead moved all the while."""

    lags_ms: int
    """Their sum."""
    requests: int
    first_ms: int
    last_ms: int
    before_ms: int
    """The last request of the level before."""
    dry_ms: int = 0
    """How long nothing that had come was left to play, between that request and the first of this level."""
    dry_from_ms: int = 0

    @property
    def lag_ms(self) -> int:
        """The mean lag."""
        return round(self.lags_ms / self.requests)


class Requests(msgspec.Struct, array_like=True):
    """The media requests of one view, and what was made of them."""

    origin_ms: int = NOWHERE
    """Epoch ms of the first request."""
    last_real_ms: int = 0
    """The newest request."""
    rate_permille: int = 1_000
    rate_since_ms: int = 0
    rate_since_real_ms: int = 0
    tracks: dict[int, Track] = {}
    # The run: from one jump in the segments to the next.
    levels: list[Level] = []
    candidate: Sample | None = None
    """One that the next has to confirm."""
    doubtful: Sample | None = None
    """One that may have been made before the last segment was in the buffer."""
    run_ms: int = NOWHERE
    """When it began."""
    run_position_ms: int = 0
    """Where."""
    start_position_ms: int = NOWHERE
    """Where the playhead stood at its beginning."""
    still_ms: int = NOWHERE
    """Until when it was seen to stand there."""
    has_moved: bool = False
    accounted_ms: int = 0
    """Up to here it is accounted for what the playhead had to play."""
    # The view.
    is_prompt: bool = False
    """This player has in its buffer what came when it asks for more."""
    first_came_ms: int = NOWHERE
    moved_real_ms: int = -1
    """First movement."""
    told_real_ms: int = 0
    """Up to here all time is told."""
    play_ms: int = 0
    stalls: int = 0
    stall_ms: int = 0
    stall_sure_ms: int = 0
    pause_ms: int = 0
    hidden_ms: int = 0
    """Stalls that there may have been where too little is known to tell."""
    # What the log carries.
    media: int = 0
    untimed: int = 0
    """Media requests without the end of their response, without a duration."""
    undated: int = 0
    buffers: int = 0
    """Those that say how much is buffered."""
    refused: int = 0
    """Requests of any kind that were answered with an error."""
    missing: int = 0
    """Lines that are missing, by the numbers of segments."""
    has_fractions: bool = False
    """Its clock is finer than a second."""
    has_statuses: bool = False
    earlier_rates: list[tuple[int, int, int]] = []
    """The last rates before the present one: (since, since real, permille)."""
