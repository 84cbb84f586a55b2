"""The dashboard "Beacon blog": the four panels of the article this began with, over one session."""

from deploy.grafana.spec import Dashboard, Look, Panel, Query, Row, Variable

EVENTS = ("started", "paused", "volume_changed", "variant_loaded")
"""From the upper left to the lower right."""


def _panel(id: int, event: str) -> Panel:
    return Panel(
        id,
        f"beacon:{event}",
        "barchart",
        f"Events `{event}` over elapsed time in steps of 5 s; 0 is the start of the video, the first"
        f" `started`.",
        "the session chosen above",
        "the figure itself",
        Query("elapsed", words={"event": event}),
        {"elapsed_s": Look("elapsed", "s"), "events": Look("events", minimum=0)},
        options={"xField": "elapsed"},
    )


BLOG = Dashboard(
    "blog",
    "Beacon blog",
    "What one viewer's player told, as in the article: elapsed time, and events.",
    (Row("Events", tuple(_panel(id, event) for id, event in enumerate(EVENTS, 1))),),
    (Variable("session", "session", default="66454545556"),),
    span="now-24h",
)
