"""The dashboard "Quality of experience": what viewers experience, over time and by group."""

from deploy.grafana.dialects import DIMENSIONS
from deploy.grafana.metrics import ACTIVE, BESIDE, COMPLETE, LIVE, METRICS, STARTED, ratio, total
from deploy.grafana.spec import Dashboard, Look, Panel, Query, Row, Variable
from deploy.grafana.worst import BREAKDOWN

MINUTES = "({{interval_ms}} / 6e4)"


def _stat(id: int, name: str, title: str = "") -> Panel:
    metric = METRICS[name]
    words = {"figures": f"{metric.sql} AS {name}", "n": metric.n, "complete": COMPLETE}
    return Panel(
        id, title or metric.look.title.capitalize(), "stat", metric.about, metric.set, metric.n_about,
        Query("total", words=words), {name: metric.look} | BESIDE, 4, 4,
    )  # fmt: skip


def _lines(id: int, title: str, *names: str) -> Panel:
    metrics = [METRICS[name] for name in names]
    figures = ",\n  ".join(f"{metric.sql} AS {metric.name}" for metric in metrics)
    words = {"figures": figures, "n": metrics[0].n, "complete": COMPLETE}
    about = " ".join(metric.about for metric in metrics)
    fields = {metric.name: metric.look for metric in metrics} | BESIDE
    return Panel(
        id, title, "timeseries", about, metrics[0].set, metrics[0].n_about,
        Query("over_time", series=True, words=words), fields, 8,
    )  # fmt: skip


NOW = Panel(
    1,
    "Viewers",
    "stat",
    "Viewers who start, play, wait or seek, on average of the minute that ended a minute before the end of"
    " the period: a viewer counts up to the last beacon, which comes each 40 s.",
    LIVE,
    "the figure itself",
    Query("active_now", words={"complete": COMPLETE}),
    {"active": Look("viewers", decimals=1, minimum=0)} | BESIDE,
    width=4,
    height=4,
)

CONCURRENCY = Panel(
    20,
    "Concurrency",
    "timeseries",
    "Average viewers at once: active (start, play, wait or seek) and playing, by overlap of intervals.",
    LIVE,
    "active viewers, on average",
    Query(
        "over_time",
        series=True,
        words={
            "figures": f"{ratio(total('active_ms'), '{{interval_ms}}')} AS active,\n"
            f"  {ratio(total('play_ms'), '{{interval_ms}}')} AS playing",
            "n": ACTIVE,
            "complete": COMPLETE,
        },
    ),
    {"active": Look("active", decimals=1, minimum=0), "playing": Look("playing", decimals=1)} | BESIDE,
    width=8,
)

STARTS = Panel(
    22,
    "Starts",
    "timeseries",
    "Requests to play and first movements, per minute.",
    "live: by the moment of each",
    "attempts",
    Query(
        "over_time",
        series=True,
        words={
            "figures": f"{ratio(total('attempts'), MINUTES)} AS attempts,\n"
            f"  {ratio(total('starts'), MINUTES)} AS starts",
            "n": total("attempts"),
            "complete": COMPLETE,
        },
    ),
    {"attempts": Look("attempts/min", decimals=1, minimum=0), "starts": Look("starts/min", decimals=1)}
    | BESIDE,
    width=8,
)

STARTUP_SET = f"{STARTED}, with a start whose request is observable, not in the background"
STARTUP = Panel(
    23,
    "Startup time",
    "timeseries",
    "From the request to the first movement: half, three quarters and 95 % of the starts are faster. By the"
    " time at which the view began.",
    STARTUP_SET,
    "starts with a known startup time",
    Query("startup_over_time", series=True),
    {
        "p50": Look("median", "ms", minimum=0),
        "p75": Look("75 %", "ms"),
        "p95": Look("95 %", "ms"),
    }
    | BESIDE,
    width=8,
)
STARTUP_MEDIAN = Panel(
    3,
    "Startup, median",
    "stat",
    "From the request to the first movement: half of the starts are faster.",
    STARTUP_SET,
    "starts with a known startup time",
    Query("startup"),
    {"p50": Look("median", "ms"), "p95": Look("95 %", "ms", hidden=True)} | BESIDE,
    width=4,
    height=4,
)

ESTIMATED_MS = f"{total('stall_ms_estimate')} + {total('play_ms_estimate')}"
ESTIMATED_STALLS = Panel(
    30,
    "Rebuffer ratio, estimated",
    "timeseries",
    "Of views whose player tells no states: stalls estimated from their media requests. The true ratio lies"
    " in the band. An estimate, in no other figure here.",
    "live: views closed whose stalls are estimated",
    "views with an estimate",
    Query(
        "over_time",
        series=True,
        words={
            "figures": ",\n  ".join(
                f"{ratio(total(name), ESTIMATED_MS)} AS {alias}"
                for name, alias in (
                    ("stall_ms_estimate", "estimate"),
                    ("stall_ms_low", "low"),
                    ("stall_ms_high", "high"),
                )
            ),
            "n": total("views_estimated"),
            "complete": COMPLETE,
        },
    ),
    {
        "estimate": Look("estimate", "percentunit", 2, minimum=0),
        "low": Look("at least", "percentunit", 2, color="#56B4E9"),
        "high": Look("at most", "percentunit", 2, color="#56B4E9", below="at least"),
    }
    | BESIDE,
)
ESTIMATED_STARTUP = Panel(
    31,
    "Startup time, bounds",
    "timeseries",
    "Of views whose player tells no states: between what the startup took on average, by their media"
    " requests. Bounds, in no other figure here.",
    "live: views whose startup has bounds",
    "views with bounds",
    Query(
        "over_time",
        series=True,
        words={
            "figures": f"{ratio(total('startup_sum_ms_low'), 'sum(startup_n_estimate)')} AS low,\n"
            f"  {ratio(total('startup_sum_ms_high'), 'sum(startup_n_estimate)')} AS high",
            "n": total("startup_n_estimate"),
            "complete": COMPLETE,
        },
    ),
    {
        "low": Look("at least", "ms", color="#56B4E9", minimum=0),
        "high": Look("at most", "ms", color="#56B4E9", below="at least"),
    }
    | BESIDE,
)

FILTERS = tuple(
    Variable(name, name.replace("_", " "), Query("dimension", words={"dimension": name}))
    for name in DIMENSIONS
)
BY = Variable(
    "by",
    "break down by",
    offered=(
        ("cdn", "CDN"),
        ("player_release", "player and version"),
        ("player", "player"),
        ("device", "device"),
        ("os", "operating system"),
        ("browser", "browser"),
        ("country", "country"),
        ("content_id", "content"),
        ("app", "app"),
        ("app_version", "app version"),
        ("stream_type", "stream type"),
    ),
)
MIN_N = Variable(
    "min_n", "too few below n =", offered=tuple((str(n), str(n)) for n in (10, 1, 5, 30, 100, 1000))
)

QUALITY = Dashboard(
    "quality",
    "Quality of experience",
    "What viewers experience. Every panel says of whom it speaks (set) and how many they are (n).",
    (
        Row(
            "In the period",
            (
                NOW,
                _stat(2, "rebuffer_ratio"),
                STARTUP_MEDIAN,
                _stat(4, "start_failures"),
                _stat(5, "exits_before_start"),
                _stat(6, "arrived", "Completeness"),
            ),
        ),
        Row(
            "Over time",
            (
                _lines(21, "Rebuffer ratio", "rebuffer_ratio"),
                CONCURRENCY,
                STARTUP,
                STARTS,
                _lines(24, "Failures and exits", "start_failures", "exits_before_start", "playback_failures"),
                _lines(25, "Stalls", "stalls_per_hour"),
                _lines(26, "Bitrate", "bitrate_kbps"),
                _lines(27, "Switches", "switches_per_hour"),
                _lines(29, "Seeks", "seek_latency_ms"),
                _lines(28, "Completeness", "arrived"),
            ),
        ),
        Row("Groups", BREAKDOWN),
        Row("Estimated, where a player tells no states", (ESTIMATED_STALLS, ESTIMATED_STARTUP)),
    ),
    (*FILTERS, BY, MIN_N),
)
