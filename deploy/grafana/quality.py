"""The dashboard "Quality of experience": what viewers experience, over time and by group."""

from deploy.grafana.dialects import DIMENSIONS
from deploy.grafana.spec import COMPLETENESS, Dashboard, Look, N, Panel, Query, Row, Variable

LIVE = "live: everybody who was active in the period, with the time that falls into it"

BESIDE = {
    N: Look("n", decimals=1, hidden=True),
    COMPLETENESS: Look("completeness", "percentunit", decimals=1, hidden=True),
}
"""The fields beside a figure."""

REBUFFER_RATIO = Panel(
    20,
    "Rebuffer ratio",
    "timeseries",
    "Stalled time ÷ watched time (startup + play + stall + seek), CTA-2066.",
    LIVE,
    "active viewers, on average",
    Query("rebuffer_ratio", "qoe", series=True),
    {"rebuffer_ratio": Look("rebuffer ratio", "percentunit", decimals=2, minimum=0)} | BESIDE,
)

FILTERS = tuple(
    Variable(name, name.replace("_", " "), "query", Query("dimension", "qoe", words={"dimension": name}))
    for name in DIMENSIONS
)
MIN_N = Variable(
    "min_n", "too few below n =", "custom", offered=tuple((str(n), str(n)) for n in (10, 1, 30, 100, 1000))
)

QUALITY = Dashboard(
    "beacon-quality",
    "Quality of experience",
    "What viewers experience. Every panel says of whom it speaks (set) and how many they are (n).",
    (Row("Smoothness", (REBUFFER_RATIO,)),),
    (*FILTERS, MIN_N),
)
