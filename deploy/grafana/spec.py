"""What dashboards are made of, whatever store they read: panels, their queries and how their fields look."""

from dataclasses import dataclass, field

N, COMPLETENESS = "n", "completeness"
"""Fields beside a figure: how many it is made of, and which share of their beacons arrived. Panels do not
draw them; the variable `min_n` says below which `n` a figure is from too few (docs/dashboards.md)."""


@dataclass(frozen=True)
class Look:
    """How Grafana shows one field. `unit` is an id of Grafana's."""

    title: str
    unit: str = "none"
    decimals: int | None = None
    hidden: bool = False
    """In the answer, not in the picture."""
    steps: tuple[tuple[float, str], ...] = ()
    """(from, colour) of thresholds above green."""
    mapped: tuple[tuple[str, str, str], ...] = ()
    """(value, text, colour) of texts."""
    link: str = ""
    """Where a click leads: an address with the variables of a data link."""
    color: str = ""
    dashed: bool = False
    below: str = ""
    """The field down to which the area under this one is filled: a band."""
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class Query:
    """One target: a text of `queries/`, read from one of the three tables."""

    text: str
    """Name of the file, without `.sql`."""
    table: str
    """`events`, `qoe` or `sessions`."""
    series: bool = False
    """A time series, labelled by its columns of text; else a table."""
    words: dict[str, str] = field(default_factory=dict)
    """What the text leaves open: `{{word}}` -> its text."""


@dataclass(frozen=True)
class Panel:
    """One panel. Its id never changes and is never used again: links and screenshots name it."""

    id: int
    title: str
    type: str
    """A kind that the local board draws too: see `render.KINDS`."""
    about: str
    """What it shows, by which formula."""
    set: str
    """Of which views or beacons: docs/metrics.md."""
    n: str
    """What `n` counts."""
    query: Query
    fields: dict[str, Look]
    width: int = 12
    height: int = 8
    options: dict[str, object] = field(default_factory=dict)
    """Of the kind of panel, beside the usual ones."""


@dataclass(frozen=True)
class Variable:
    """One variable of a dashboard."""

    name: str
    label: str
    kind: str
    """`query` (many values, All at first), `custom` (one of `offered`), `textbox`."""
    query: Query | None = None
    offered: tuple[tuple[str, str], ...] = ()
    """(value, text); the first is the default."""
    default: str = ""


@dataclass(frozen=True)
class Row:
    """A heading and the panels below it, from left to right."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Dashboard:
    """One dashboard. `uid` is also the name of its file."""

    uid: str
    title: str
    about: str
    rows: tuple[Row, ...]
    variables: tuple[Variable, ...] = ()
    span: str = "now-1h"
    refresh: str = "10s"
