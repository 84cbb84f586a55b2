"""The dashboard "Pipeline health": what happens between a player and the tables, as far as the tables"
" tell."""

from beacon_job.types.beacon import Reason
from deploy.grafana.metrics import COMPLETE, ratio, total
from deploy.grafana.spec import Dashboard, Look, N, Panel, Query, Row

BY_ARRIVAL = "everything that arrived in the period"
SECONDS = "({{interval_ms}} / 1e3)"
MINUTES = "({{interval_ms}} / 6e4)"
BAD = " + ".join(total(f"bad_{reason}") for reason in Reason)
READ = f"{total('beacons')} + {BAD}"
N_LOOK = {N: Look("n", hidden=True)}


def _total(id: int, title: str, about: str, n_about: str, figure: str, n: str, look: Look) -> Panel:
    words = {"figures": f"{figure} AS figure", "n": n}
    return Panel(
        id, title, "stat", about, BY_ARRIVAL, n_about, Query("pipeline_total", words=words),
        {"figure": look} | N_LOOK, 6, 4,
    )  # fmt: skip


DATA_AGE = Panel(
    1,
    "Data age",
    "stat",
    "From the begin of the newest 10 s of beacons in the table to the end of the period. 15 to 30 s are"
    " usual: a window closes when nothing more is expected for it.",
    BY_ARRIVAL,
    "beacons",
    Query("data_age"),
    {"data_age_ms": Look("data age", "ms", steps=((60_000, "#E69F00"), (120_000, "#D55E00")))} | N_LOOK,
    width=6,
    height=4,
)

BEACONS = Panel(
    10,
    "Beacons",
    "timeseries",
    "Beacons read per second.",
    BY_ARRIVAL,
    "beacons",
    Query(
        "pipeline_over_time",
        series=True,
        words={"figures": f"{ratio(total('beacons'), SECONDS)} AS beacons", "n": total("beacons")},
    ),
    {"beacons": Look("beacons/s", decimals=1, minimum=0)} | N_LOOK,
)

DELAY = Panel(
    11,
    "Delivery delay",
    "timeseries",
    "From the client's time to arrival, on average. What a player collects before it sends counts.",
    "beacons of clients whose clock could be believed",
    "such beacons",
    Query(
        "pipeline_over_time",
        series=True,
        words={
            "figures": f"{ratio(total('delivery_ms'), 'sum(delivery_n)')} AS delay_ms",
            "n": total("delivery_n"),
        },
    ),
    {"delay_ms": Look("delay", "ms", minimum=0)} | N_LOOK,
)

DEAD_LETTERS = Panel(
    12,
    "Dead letters by reason",
    "timeseries",
    "Records and events per minute that could not be read; each is in the dead letters with its bytes. What"
    " the store refuses goes there too, and is counted by the job's metric refused_<kind>.",
    BY_ARRIVAL,
    "dead letters",
    Query(
        "pipeline_over_time",
        series=True,
        words={
            "figures": ",\n  ".join(f"sum(bad_{reason}) / {MINUTES} AS {reason}" for reason in Reason),
            "n": BAD,
        },
    ),
    {str(reason): Look(str(reason).replace("_", " "), decimals=1, minimum=0) for reason in Reason} | N_LOOK,
    custom={"drawStyle": "bars", "fillOpacity": 80, "stacking": {"mode": "normal", "group": "A"}},
)

REASONS = Panel(
    13,
    "Dead letters in the period",
    "table",
    "Records and events that could not be read, by reason.",
    BY_ARRIVAL,
    "dead letters",
    Query(
        "bad_by_reason",
        words={
            "reasons": ", ".join(f"'{reason}'" for reason in Reason),
            "bad_columns": ", ".join(f"bad_{reason}" for reason in Reason),
        },
    ),
    {"reason": Look("reason"), N: Look("n")},
)

COMPLETENESS_OVER_TIME = Panel(
    14,
    "Completeness",
    "timeseries",
    "Beacons that came ÷ beacons expected; and of those that came, the share that came twice or too late.",
    "live: senders that number their beacons",
    "beacons expected",
    Query(
        "completeness",
        series=True,
        words={
            "figures": f"{COMPLETE} AS complete,\n"
            f"  {ratio(total('dup'), 'sum(recv)')} AS twice,\n"
            f"  {ratio(total('late'), 'sum(recv)')} AS late",
            "n": total("expected"),
        },
    ),
    {
        "complete": Look("complete", "percentunit", 2),
        "twice": Look("twice", "percentunit", 2),
        "late": Look("too late", "percentunit", 2),
    }
    | N_LOOK,
)

PIPELINE = Dashboard(
    "pipeline",
    "Pipeline health",
    "What happens between a player and the tables, as the tables tell it. The consumer's lag, write units"
    " and what the store refuses are metrics of Managed Flink: docs/dashboards.md.",
    (
        Row(
            "In the period",
            (
                DATA_AGE,
                _total(
                    2,
                    "Beacons",
                    "Beacons that were read.",
                    "beacons",
                    total("beacons"),
                    total("beacons"),
                    Look("beacons", "short"),
                ),
                _total(
                    3,
                    "Dead letters",
                    "Share of records and events that could not be read.",
                    "records and events",
                    ratio(f"({BAD})", READ),
                    READ,
                    Look("dead letters", "percentunit", 3, steps=((0.001, "#E69F00"), (0.01, "#D55E00"))),
                ),
                _total(
                    4,
                    "Delivery delay",
                    "From the client's time to arrival, on average.",
                    "beacons of clients whose clock could be believed",
                    ratio(total("delivery_ms"), "sum(delivery_n)"),
                    total("delivery_n"),
                    Look("delay", "ms"),
                ),
            ),
        ),
        Row("Over time", (BEACONS, DELAY, DEAD_LETTERS, REASONS, COMPLETENESS_OVER_TIME)),
    ),
)
