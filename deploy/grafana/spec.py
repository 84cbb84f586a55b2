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
    """(from, colour) of thresholds; below the first it is the colour of what is well."""
    mapped: tuple[tuple[str, str], ...] = ()
    """(text, colour) of values that are texts."""
    link: str = ""
    """Where a click on a value leads: an address with the variables of a data link."""
    color: str = ""
    below: str = ""
    """The title of the field down to which the area under this one is filled: a band."""
    minimum: float | None = None
    maximum: float | None = None
    width: int = 0
    """Of a column of a table, px."""


@dataclass(frozen=True)
class Query:
    """One target: a text of `queries/`."""

    text: str
    """Name of the file, without `.sql`."""
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
    """A kind that the local board draws too: see `panels.KINDS`."""
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
    absent: str = "unknown"
    """What stands where there is no value."""
    custom: dict[str, object] = field(default_factory=dict)
    """How all fields are drawn, beside what is usual for the kind."""
    options: dict[str, object] = field(default_factory=dict)
    """Of the kind of panel, beside the usual ones."""


@dataclass(frozen=True)
class Variable:
    """One variable of a dashboard: of a query (many values, All at first), of some that are `offered` as
    (value, text), or a text that is typed."""

    name: str
    label: str
    query: Query | None = None
    offered: tuple[tuple[str, str], ...] = ()
    """The first is the default."""
    default: str = ""


@dataclass(frozen=True)
class Row:
    """A heading and the panels below it, from left to right."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True)
class Dashboard:
    """One dashboard."""

    name: str
    """Of its file; `beacon-<name>-<store>` is its uid."""
    title: str
    about: str
    rows: tuple[Row, ...]
    variables: tuple[Variable, ...] = ()
    span: str = "now-1h"
    refresh: str = "10s"
