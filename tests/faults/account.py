"""The account of a run: what was sent, against what is stored and what is in the dead letters. Pure."""

import base64
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from local.timestream.rules.reasons import INJECTED

WINDOW_MS = 10_000

Row = Mapping[str, Any]
"""A stored record as the stand-in's /inspect gives it."""
Letter = Mapping[str, Any]
"""A dead letter: a BadRecord as JSON."""


class Identity(NamedTuple):
    """Which beacon: no two that were sent are equal in all three."""

    session: str
    seq: int
    ts: int


class Sent(NamedTuple):
    """A good beacon that was put into the stream."""

    phase: int
    """Position, in the run, of the fault that was on when it was sent."""
    recv_at: int
    country: str
    event: str


class Window(NamedTuple):
    """What `qoe` counts beacons by."""

    start_ms: int
    country: str
    event: str


@dataclass
class Account:
    """What was sent: every good beacon, and every poison record or line by its bytes."""

    beacons: dict[Identity, Sent] = field(default_factory=dict)
    poison: set[bytes] = field(default_factory=set)


@dataclass(frozen=True)
class Outcome:
    """What there is at the end."""

    events: list[Row]
    qoe: list[Row]
    letters: list[Letter]


@dataclass(frozen=True)
class Audit:
    """The difference between the two; of a faultless job everything but `refused` is empty."""

    refused: frozenset[Identity]
    """In the dead letters because the store refused them as it was told to."""
    lost: frozenset[Identity]
    """Neither stored nor refused."""
    doubled: frozenset[Identity]
    """Stored in more than one row."""
    strangers: frozenset[Identity]
    """Stored, but never sent."""
    poison_lost: frozenset[bytes]
    """Poison without a dead letter."""
    misjudged: tuple[str, ...]
    """Dead letters about what is neither poison nor refused on demand."""
    windows: dict[Window, tuple[int, int]]
    """Windows whose rows do not add up: (beacons sent, beacons counted)."""

    def complaints(self) -> list[str]:
        """What is wrong, a sentence each; empty when every beacon is where it must be, once."""
        found: list[tuple[str, Iterable[object]]] = [
            ("beacons lost", self.lost),
            ("beacons stored twice", self.doubled),
            ("rows of beacons that nobody sent", self.strangers),
            ("poison records without a dead letter", self.poison_lost),
            ("dead letters that should not be", self.misjudged),
            ("windows that do not add up (sent, counted)", self.windows.items()),
        ]
        return [f"{len(items)} {what}: {items[:5]}" for what, some in found if (items := sorted(some))]


def audit(account: Account, outcome: Outcome) -> Audit:
    """Compare everything with everything."""
    stored = Counter(beacon_of(row) for row in outcome.events)
    refused = [_point(letter) for letter in outcome.letters if letter["stage"] == "store"]
    refused_beacons = frozenset(
        identity(point["dims"], point["measures"], point["time_ns"])
        for point in refused
        if point["table"] == "events"
    )
    raw = {base64.b64decode(letter["raw"]) for letter in outcome.letters if letter["stage"] == "decode"}
    sent = account.beacons.keys()
    return Audit(
        refused=refused_beacons,
        lost=frozenset(sent - stored.keys() - refused_beacons),
        doubled=frozenset(beacon for beacon, rows in stored.items() if rows > 1),
        strangers=frozenset(stored.keys() - sent),
        poison_lost=frozenset(account.poison - raw),
        misjudged=(
            *(f"decode: {text!r}" for text in raw - account.poison),
            *(letter["detail"] for letter in outcome.letters if _not_on_demand(letter)),
        ),
        windows=_differences(_sent_by_window(account), _counted_by_window(outcome.qoe, refused)),
    )


def beacon_of(row: Row) -> Identity:
    """Which beacon a stored row is about."""
    return identity(row["dimensions"], row["measures"], row["time"])


def identity(dims: Mapping[str, str], measures: Mapping[str, Any], time_ns: int) -> Identity:
    """The same by a row's parts, as a dead letter has them."""
    client_ms = time_ns // 1_000_000 - measures.get("clock_correction_ms", 0)
    return Identity(dims["session_id"], measures["seq"], client_ms)


def _point(letter: Letter) -> dict[str, Any]:
    return dict(json.loads(base64.b64decode(letter["raw"])))


def _not_on_demand(letter: Letter) -> bool:
    return letter["stage"] == "store" and letter["detail"] != INJECTED


def _sent_by_window(account: Account) -> Counter[Window]:
    return Counter(
        Window(sent.recv_at // WINDOW_MS * WINDOW_MS, sent.country, sent.event)
        for sent in account.beacons.values()
    )


def _counted_by_window(rows: Iterable[Row], refused: Iterable[Mapping[str, Any]]) -> Counter[Window]:
    """The sums of all rows of a bucket; a row stands as the newest version of it that the job made.

    That is the stored one, or one in the dead letters if the store was told to refuse it.
    """
    newest: dict[tuple[int, str], tuple[int, Mapping[str, Any], Mapping[str, str]]] = {}
    made = [
        (row["time"], row["dimensions"], row["measures"], row["version"], row["measure_name"]) for row in rows
    ]
    made += [
        (point["time_ns"], point["dims"], point["measures"], point["version"], point["measure_name"])
        for point in refused
        if point["table"] == "qoe"
    ]
    for time_ns, dims, measures, version, measure_name in made:
        if measure_name == "events":
            key = (time_ns, json.dumps(dims, sort_keys=True))
            if key not in newest or newest[key][0] < version:
                newest[key] = version, measures, dims
    counted: Counter[Window] = Counter()
    for (time_ns, _), (_, measures, dims) in newest.items():
        start_ms = time_ns // 1_000_000 // WINDOW_MS * WINDOW_MS
        for event, count in measures.items():
            counted[Window(start_ms, dims["country"], event)] += count
    return counted


def _differences(sent: Counter[Window], counted: Counter[Window]) -> dict[Window, tuple[int, int]]:
    windows = sent.keys() | counted.keys()
    return {window: (sent[window], counted[window]) for window in windows if sent[window] != counted[window]}


def by_phase(account: Account, outcome: Outcome, found: Audit) -> dict[int, Counter[str]]:
    """For each fault of the run: beacons `sent` while it was on, and how many of them are where."""
    phases: dict[int, Counter[str]] = defaultdict(Counter)
    stored = {beacon_of(row) for row in outcome.events}
    for beacon, sent in account.beacons.items():
        counts = phases[sent.phase]
        counts["sent"] += 1
        counts["stored"] += beacon in stored
        counts["refused"] += beacon in found.refused
        counts["lost"] += beacon in found.lost
        counts["doubled"] += beacon in found.doubled
    return phases
