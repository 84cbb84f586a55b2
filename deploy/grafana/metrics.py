"""The metrics of docs/metrics.md as ratios of sums over rows of `qoe`, in SQL that both stores take.

A metric is null where its divisor is: nothing was watched, nobody tried, no bitrate was told. A sum that no
row holds is 0, since a row leaves out what is 0.
"""

from dataclasses import dataclass

from deploy.grafana.spec import COMPLETENESS, Look, N

LIVE = "live: everybody who was active in the period, with the time that falls into it"
CLOSED = "completed: the views that were closed in the period"
STARTED = "the views that began in the period, each by its newest row"


def total(name: str) -> str:
    """The sum of a measure, 0 where no row holds it."""
    return f"coalesce(sum({name}), 0)"


def ratio(above: str, below: str) -> str:
    """A quotient that is null where the divisor is 0 or unknown."""
    return f"1e0 * {above} / nullif({below}, 0)"


ACTIVE = ratio(total("active_ms"), "1e4 * count(DISTINCT {{bucket_of_10s}})")
WATCHED = "sum({{watched}})"
COMPLETE = ratio("(sum(recv) - coalesce(sum(unnumbered), 0))", "sum(expected)")
"""Beacons that came, of those expected."""


@dataclass(frozen=True)
class Metric:
    """One figure: its SQL, how many it is made of, and what is said of it."""

    name: str
    sql: str
    n: str
    about: str
    set: str
    n_about: str
    look: Look


def _of(parts: str, whole: str) -> str:
    return ratio(total(parts), total(whole))


METRICS = {
    metric.name: metric
    for metric in (
        Metric(
            "rebuffer_ratio",
            ratio(total("stall_ms"), WATCHED),
            ACTIVE,
            "Stalled time ÷ watched time (startup + play + stall + seek), CTA-2066.",
            LIVE,
            "active viewers, on average",
            Look("rebuffer ratio", "percentunit", 2, minimum=0, steps=((0.01, "#E69F00"), (0.03, "#D55E00"))),
        ),
        Metric(
            "stalls_per_hour",
            ratio(f"36e5 * {total('stalls')}", "sum(play_ms)"),
            ACTIVE,
            "Stalls per hour of play.",
            LIVE,
            "active viewers, on average",
            Look("stalls per hour", decimals=2, minimum=0),
        ),
        Metric(
            "stall_free",
            _of("views_stall_free", "views_stall_known"),
            total("views_stall_known"),
            "Started views without any stall, of those whose stalls are known.",
            CLOSED,
            "closed views that had started and whose stalls are known",
            Look("without a stall", "percentunit", 1, minimum=0, maximum=1),
        ),
        Metric(
            "start_failures",
            _of("vsf", "attempts"),
            total("attempts"),
            "Views that failed before the first movement ÷ attempts.",
            CLOSED,
            "attempts",
            Look("start failures", "percentunit", 2, minimum=0, steps=((0.02, "#E69F00"), (0.05, "#D55E00"))),
        ),
        Metric(
            "playback_failures",
            _of("vpf", "starts"),
            total("starts"),
            "Views that failed after the first movement ÷ starts.",
            CLOSED,
            "starts",
            Look("playback failures", "percentunit", 2, minimum=0),
        ),
        Metric(
            "exits_before_start",
            ratio(total("ebvs_ge1s"), f"{total('attempts')} - {total('ebvs')} + {total('ebvs_ge1s')}"),
            total("attempts"),
            "Attempts given up after a second or more, without an error ÷ attempts; who leaves within a"
            " second never wanted to wait and is no attempt here.",
            CLOSED,
            "attempts",
            Look("exits before start", "percentunit", 2, minimum=0),
        ),
        Metric(
            "bitrate_kbps",
            ratio("sum(bitrate_media)", "sum(bitrate_ms)"),
            ACTIVE,
            "Bitrate on screen, else the selected one, weighted by time of play.",
            "live: play of which the bitrate is known",
            "active viewers, on average",
            Look("bitrate", "Kbits", minimum=0),
        ),
        Metric(
            "switches_per_hour",
            ratio(f"36e5 * {total('switches')}", "sum(bitrate_ms)"),
            ACTIVE,
            "Changes of the bitrate per hour of play.",
            "live: play of which the bitrate is known",
            "active viewers, on average",
            Look("switches per hour", decimals=1, minimum=0),
        ),
        Metric(
            "seek_latency_ms",
            ratio(total("seek_ms"), "sum(seeks)"),
            total("seeks"),
            "From a seek to the next movement, on average.",
            LIVE,
            "seeks",
            Look("seek", "ms", minimum=0),
        ),
        Metric(
            "arrived",
            COMPLETE,
            total("expected"),
            "Beacons that came ÷ beacons expected by their sequence numbers.",
            "live: senders that number their beacons",
            "beacons expected",
            Look("beacons that came", "percentunit", 2, maximum=1),
        ),
    )
}

BESIDE = {
    N: Look("n", decimals=1, hidden=True),
    COMPLETENESS: Look("complete", "percentunit", 1, hidden=True),
}
"""The fields beside a figure."""
