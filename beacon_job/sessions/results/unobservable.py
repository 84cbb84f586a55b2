"""What of a view cannot be known, and why: the bits of `View.unobservable` in words. Data."""

(
    LOST_RECORDS,
    PAUSED_SEEK,
    PLAY_OR_PAUSE,
    NO_STATES,
    OPEN_STALL,
    BUTTONS_ONLY,
    START_AT_LOAD,
    START_AFTER_READY,
    START_ASLEEP,
    START_UNSEEN,
    NEVER_PROVED,
    SILENT_START,
    NO_REQUEST,
    UNPROVED_STALL,
    UNPROVED_PLAY,
    LAST_FREEZE,
    NUMBERS_SHARED,
) = (1 << n for n in range(17))
"""Bits of `View.unobservable`; they stand in stored state: add at the end."""

START_FIELDS = ("intent_ms", "startup_ms")
_STATE_FIELDS = (
    "play_ms",
    "stall_count",
    "stall_ms",
    "seek_count",
    "seek_ms",
    "pause_count",
    "pause_ms",
    "ended_ms",
)

REASONS: tuple[tuple[int, tuple[str, ...], str], ...] = (
    (NO_STATES, (*_STATE_FIELDS, "failed_ms"), "the player sends no states"),
    (
        BUTTONS_ONLY,
        (
            "startup_ms",
            "play_ms",
            "stall_count",
            "stall_ms",
            "seek_count",
            "seek_ms",
            "ended_ms",
            "failed_ms",
        ),
        "the page says only when play and pause were pressed",
    ),
    (LOST_RECORDS, (*_STATE_FIELDS, "failed_ms"), "records that may have told a change of state were lost"),
    (
        OPEN_STALL,
        ("stall_count", "stall_ms", "failed_ms", "outcome"),
        "it froze and never went on; this player hides fatal errors: a stall and a failure look the same",
    ),
    (
        PAUSED_SEEK,
        ("seek_ms", "pause_count", "pause_ms"),
        "after a seek while paused this player says `seeking` until it is resumed",
    ),
    (
        PLAY_OR_PAUSE,
        ("play_ms", "pause_count", "pause_ms"),
        "after a seek or a stall in a pause this player says `playing` when its buffer is full",
    ),
    (
        NEVER_PROVED,
        (*START_FIELDS, "play_ms", "outcome"),
        "the buffer was full, but nothing shows that playback began",
    ),
    (UNPROVED_PLAY, ("outcome",), "the page says that play was pressed; nothing shows that media moved"),
    (NO_REQUEST, ("outcome",), "the player tells when it loaded, not whether playback was asked for"),
    (
        UNPROVED_STALL,
        ("stall_count", "stall_ms"),
        "it rebuffered while nothing showed that it had begun to play",
    ),
    (
        LAST_FREEZE,
        ("stall_count", "stall_ms"),
        "the last that was heard is that it froze; for how long, nobody knows",
    ),
    (START_AT_LOAD, START_FIELDS, "the player tells when it loaded, not when playback was asked for"),
    (
        START_AFTER_READY,
        START_FIELDS,
        "the buffer was full long before playback began: it waited for the viewer, nobody knows since when",
    ),
    (START_ASLEEP, ("startup_ms",), "the device slept or the network was gone while it started"),
    (START_UNSEEN, START_FIELDS, "the record that tells when playback was asked for, or began, is missing"),
    (NO_STATES, START_FIELDS, "the player sends no states"),
    (NUMBERS_SHARED, ("beacons_expected",), "all targets of this player share one row of numbers"),
    (
        SILENT_START,
        ("outcome",),
        "it never started; this player hides fatal errors: giving up and failing look the same",
    ),
)
"""Bit, the fields that cannot be known under it, and why. Of several reasons the first is given."""


def reasons_of(bits: int) -> dict[str, str]:
    """Field -> reason, for everything of a view that these bits put out of reach."""
    found: dict[str, str] = {}
    for bit, fields, reason in REASONS:
        if bits & bit:
            for field in fields:
                found.setdefault(field, reason)
    return found
