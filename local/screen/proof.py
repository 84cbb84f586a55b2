"""What Beacon measured of the synthetic viewers, beside what is true of them. Pure, but for reading.

Compared are the sessions that are over for both: the viewer has left and Beacon has written the final row. A
figure that the player's dialect hides is left out of both sides.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from local.stores import LocalStore

Row = Mapping[str, Any]
Figure = Callable[[list[Row]], str]
WATCHED = ("waited_ms", "play_ms", "stall_ms", "seek_ms")


class Line(NamedTuple):
    """One metric, measured and true, as text; empty where nothing can be said yet."""

    metric: str
    measured: str
    true: str


def compare(rows: Iterable[Row], truths: Iterable[Row]) -> list[Line]:
    """The metrics over all sessions that both know to be over; nothing when there is none."""
    true_by_id = {truth["session_id"]: truth for truth in truths if not truth["open"]}
    pairs = [(row, _truth(true_by_id[row["session_id"]])) for row in rows if row["session_id"] in true_by_id]
    if not pairs:
        return []
    lines = [Line("sessions compared", str(len(pairs)), str(len(pairs)))]
    for metric, (needed, figure) in METRICS.items():
        known = [pair for pair in pairs if all(pair[0].get(name) not in NOT_KNOWN for name in needed)]
        lines.append(Line(metric, figure([row for row, _ in known]), figure([truth for _, truth in known])))
    return lines


def _truth(truth: Row) -> Row:
    """The truth tells the wait of a session that started as `startup_ms`; a row has `waited_ms` for both."""
    return {**truth, "waited_ms": truth["waited_ms"] or truth["startup_ms"] or 0}


def _rebuffer_ratio(sessions: list[Row]) -> str:
    watched_ms = sum(session[name] for session in sessions for name in WATCHED)
    return (
        f"{100 * sum(session['stall_ms'] for session in sessions) / watched_ms:.2f} %" if watched_ms else ""
    )


def _quantile(share: float) -> Figure:
    def figure(sessions: list[Row]) -> str:
        found = sorted(session["startup_ms"] for session in sessions)
        return f"{found[min(len(found) - 1, int(share * len(found)))]} ms" if found else ""

    return figure


def _outcome(name: str) -> Figure:
    return lambda sessions: str(sum(session["outcome"] == name for session in sessions))


def _stalls(sessions: list[Row]) -> str:
    return str(sum(session["stall_count"] for session in sessions))


NOT_KNOWN = (None, "unknown")
METRICS: dict[str, tuple[tuple[str, ...], Figure]] = {
    "rebuffer ratio": (WATCHED, _rebuffer_ratio),
    "stalls": (("stall_count",), _stalls),
    "startup p50": (("startup_ms",), _quantile(0.5)),
    "startup p95": (("startup_ms",), _quantile(0.95)),
    "start failures": (("outcome",), _outcome("start_failed")),
    "playback failures": (("outcome",), _outcome("playback_failed")),
    "exits before start": (("outcome",), _outcome("abandoned")),
}
"""Metric -> (fields that must be known of a session, the figure over sessions)."""


def read_rows(store: LocalStore) -> list[Row]:
    """Measures of every final session row, with its `session_id`."""
    return [
        {**row["measures"], "session_id": row["dimensions"]["session_id"]}
        for row in store.rows("sessions")
        if row["measures"].get("final")
    ]


def read_truths(file: Path) -> list[Row]:
    """What the viewers wrote of themselves; a line still being written is left out."""
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text().splitlines(keepends=True) if line.endswith("\n")]
