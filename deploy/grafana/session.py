"""The dashboard "One session": what it did and when, what was told, and what nobody can know."""

from deploy.grafana.spec import COMPLETENESS, Dashboard, Look, N, Panel, Query, Row, Variable

OF_SESSION = "the session chosen above"
BEACONS = "beacons"
UNSAID = "-"
"""What stands where a beacon says nothing of it, and where nothing had to be estimated."""

STATES = (
    ("startup", "#56B4E9"),
    ("play", "#009E73"),
    ("stall", "#D55E00"),
    ("seek", "#CC79A7"),
    ("pause", "#999999"),
    ("ended", "#4D4D4D"),
    ("failed", "#882255"),
    ("unknown", "#DDDDDD"),
)
"""What a view does -> its colour; apart for colour-blind eyes (Okabe and Ito)."""

REPORTED = (
    ("preloading", "#BBDDF3"),
    ("starting", "#56B4E9"),
    ("playing", "#009E73"),
    ("rebuffering", "#D55E00"),
    ("waiting", "#E69F00"),
    ("seeking", "#CC79A7"),
    ("paused", "#999999"),
    ("ended", "#4D4D4D"),
    ("failed", "#882255"),
    ("quit", "#000000"),
)
"""CMCD's states (CTA-5004-B `sta`)."""

FACTS = Panel(
    1,
    "Views",
    "table",
    "What was measured of each view of the session. What is empty is unknown, which is not 0; below stands"
    " why.",
    OF_SESSION,
    BEACONS,
    Query("session_views"),
    {
        "view": Look("view", width=60),
        "time": Look("began", "dateTimeAsIso"),
        "outcome": Look("outcome"),
        "startup_ms": Look("startup", "ms"),
        "play_ms": Look("played", "ms"),
        "stall_count": Look("stalls"),
        "stall_ms": Look("stalled", "ms"),
        "seek_count": Look("seeks"),
        "seek_ms": Look("sought", "ms"),
        "pause_count": Look("pauses"),
        "pause_ms": Look("paused", "ms"),
        "failed_ms": Look("failed", "ms"),
        "unknown_ms": Look("unknown", "ms"),
        "bitrate_avg_kbps": Look("bitrate", "Kbits"),
        "switches": Look("switches"),
        "errors": Look("errors"),
        "dropped_frames": Look("dropped frames"),
        "player": Look("player"),
        "player_version": Look("version"),
        "device": Look("device"),
        "os": Look("system"),
        "browser": Look("browser"),
        "country": Look("country"),
        "cdn": Look("CDN"),
        "app": Look("app"),
        "app_version": Look("app version"),
        "content_id": Look("content"),
        "quirks": Look("quirks"),
        "final": Look("over"),
        N: Look("n"),
        COMPLETENESS: Look("complete", "percentunit", 1),
    },
    width=24,
    height=5,
)

DID = Panel(
    2,
    "What it did",
    "state-timeline",
    "Phases of the view as Beacon measures them, corrected for what is known of the player. Unknown: the"
    " device slept, or beacons are missing that may have told a change.",
    OF_SESSION,
    BEACONS,
    Query("session_states"),
    {"state": Look("phase", mapped=STATES)},
    width=24,
    height=5,
)

SAID = Panel(
    3,
    "What the player reported",
    "state-timeline",
    "States as they were sent, uncorrected.",
    OF_SESSION,
    BEACONS,
    Query("session_reported"),
    {"state": Look("state", mapped=REPORTED)},
    width=24,
    height=5,
)


def _samples(*names: str) -> dict[str, str]:
    return {"samples": ", ".join(names), "told": " OR ".join(f"{name} IS NOT NULL" for name in names)}


BUFFER = Panel(
    4,
    "Buffer",
    "timeseries",
    "Media in the player's buffer, as reported.",
    OF_SESSION,
    BEACONS,
    Query("session_samples", series=True, words=_samples("buffer_ms")),
    {"buffer_ms": Look("buffer", "ms", minimum=0)},
)

BITRATE = Panel(
    5,
    "Bitrate",
    "timeseries",
    "Selected, on screen where the player tells it, and the throughput it measures.",
    OF_SESSION,
    BEACONS,
    Query(
        "session_samples",
        series=True,
        words=_samples("bitrate_kbps", "bitrate_shown_kbps", "throughput_kbps"),
    ),
    {
        "bitrate_kbps": Look("selected", "Kbits", minimum=0),
        "bitrate_shown_kbps": Look("on screen", "Kbits"),
        "throughput_kbps": Look("throughput", "Kbits"),
    },
)

UNKNOWN = Panel(
    6,
    "What nobody can know, and why",
    "table",
    "Of each view that is not all observable: the fields of its row, the reasons, and what is estimated from"
    " media requests instead: with bounds between which the truth lies, and never measured figures.",
    OF_SESSION,
    BEACONS,
    Query("session_unknown"),
    {
        "view": Look("view", width=60),
        "unobservable": Look("not observable"),
        "unobservable_why": Look("why"),
        "stall_count_estimate": Look("stalls, estimated"),
        "stall_ms_estimate": Look("stalled, estimated", "ms"),
        "stall_ms_low": Look("stalled at least", "ms"),
        "stall_ms_high": Look("stalled at most", "ms"),
        "play_ms_estimate": Look("played, estimated", "ms"),
        "startup_ms_low": Look("startup at least", "ms"),
        "startup_ms_high": Look("startup at most", "ms"),
    },
    width=24,
    height=5,
    absent=UNSAID,
)

EVENTS = Panel(
    7,
    "Events",
    "table",
    "Every beacon of the session, the first 1,000 of the period.",
    OF_SESSION,
    BEACONS,
    Query("session_events"),
    {
        "time": Look("time", "dateTimeAsIso"),
        "event": Look("event"),
        "state": Look("state"),
        "playhead_ms": Look("playhead", "ms"),
        "buffer_ms": Look("buffer", "ms"),
        "bitrate_kbps": Look("bitrate", "Kbits"),
        "bitrate_shown_kbps": Look("on screen", "Kbits"),
        "throughput_kbps": Look("throughput", "Kbits"),
        "error_code": Look("error"),
        "error_message": Look("message"),
        "content_id": Look("content"),
        "seq": Look("number"),
    },
    width=24,
    height=12,
    absent=UNSAID,
)

SESSION = Dashboard(
    "session",
    "One session",
    "What one session did and when, what its player said, and what cannot be known.",
    (
        Row("The session", (FACTS, DID, SAID)),
        Row("Samples", (BUFFER, BITRATE)),
        Row("In detail", (UNKNOWN, EVENTS)),
    ),
    (Variable("session", "session", default="66454545556"), Variable("view", "view", default="0")),
    span="now-6h",
)
