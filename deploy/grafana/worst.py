"""The panels that break "Quality of experience" down: groups, what they cost, errors, single sessions."""

from deploy.grafana.metrics import STARTED
from deploy.grafana.spec import COMPLETENESS, Look, N, Panel, Query

FILTER = "/d/beacon-quality-{store}?var-{dimension}=${__value.raw}&${__url_time_range}"
SESSION_LINK = "/d/beacon-session-{store}?var-session=${__value.raw}&${__url_time_range}"

COUNTED = {N: Look("n"), COMPLETENESS: Look("complete", "percentunit", 1)}
"""The same fields as columns of a table."""

BY_GROUP = Panel(
    40,
    "By group",
    "table",
    "The metrics of docs/metrics.md over session rows. Choose the dimension above; those that are not among"
    " the viewer groups of qoe stand here too.",
    STARTED,
    "views",
    Query("by_group"),
    {
        "viewer_group": Look("group", link=FILTER.replace("{dimension}", "${by:raw}"), width=180),
        "rebuffer_ratio": Look(
            "rebuffer ratio", "percentunit", 2, steps=((0.01, "#E69F00"), (0.03, "#D55E00"))
        ),
        "startup_p50": Look("startup median", "ms"),
        "startup_p95": Look("startup 95 %", "ms"),
        "start_failures": Look("start failures", "percentunit", 2),
        "playback_failures": Look("playback failures", "percentunit", 2),
        "exits_before_start": Look("exits before start", "percentunit", 2),
        "bitrate_kbps": Look("bitrate", "Kbits"),
    }
    | COUNTED,
    width=24,
)

IMPACT = Panel(
    41,
    "Worst groups by impact",
    "table",
    "Impact: how much lower everybody's rebuffer ratio would be if this group stalled no more than the"
    " others do. What a group costs all viewers, so a small group with a bad ratio stands below a large one"
    " with a mediocre.",
    STARTED,
    "views; groups below the smallest n chosen above are left out",
    Query("impact"),
    {
        "dimension": Look("dimension", width=140),
        "value": Look("group", link=FILTER.replace("{dimension}", "${__data.fields.dimension}"), width=220),
        "impact": Look("impact", "percentunit", 3, steps=((0.001, "#E69F00"), (0.005, "#D55E00"))),
        "rebuffer_ratio": Look("rebuffer ratio", "percentunit", 2),
        "rebuffer_ratio_of_others": Look("of the others", "percentunit", 2),
        N: Look("n"),
    },
)

ERRORS = Panel(
    42,
    "Errors",
    "table",
    "Errors that players reported, by code and message, and how many sessions they touched.",
    "error events of the period",
    "sessions with that error",
    Query("errors"),
    {
        "error_code": Look("code", width=120),
        "error_message": Look("message"),
        "viewer_group": Look("group", width=140),
        "errors": Look("errors"),
        "fatal": Look("fatal"),
        N: Look("n"),
    },
)

WORST_SESSIONS = Panel(
    43,
    "Sessions that stalled most",
    "table",
    "Click a session to see what it did. A figure that is empty is unknown, which is not 0.",
    STARTED,
    "beacons of the view",
    Query("worst_sessions"),
    {
        "session_id": Look("session", link=SESSION_LINK, width=260),
        "time": Look("began", "dateTimeAsIso"),
        "outcome": Look("outcome"),
        "stall_ms": Look("stalled", "ms"),
        "stall_count": Look("stalls"),
        "startup_ms": Look("startup", "ms"),
        "play_ms": Look("played", "ms"),
        "player_release": Look("player"),
        "device": Look("device"),
        "cdn": Look("CDN"),
        "country": Look("country"),
        "content_id": Look("content"),
    }
    | COUNTED,
    width=24,
)

BREAKDOWN = (BY_GROUP, IMPACT, ERRORS, WORST_SESSIONS)
