"""One session view as a timeline that a person can read. Pure."""

from collections.abc import Iterable

from beacon_job.sessions import PHASE_NAMES, SessionRow, Stretch


def pretty(row: SessionRow, stretches: Iterable[Stretch]) -> str:
    """One view as a timeline that a person can read."""
    zero = row.start_ms
    version = f" {row.player_version}" if row.player_version else ""
    share = "" if row.completeness is None else f", {row.completeness:.1%} of its beacons"
    head = f"{row.session_id} view {row.view}: {row.player}{version}, {row.outcome}{share}"
    parts = [head, f"  {_seconds(0)}  first beacon"]
    if row.intent_ms is not None:
        parts.append(f"  {_seconds(row.intent_ms - zero)}  asked to play")
    parts += [
        f"  {_seconds(begin - zero)}  {PHASE_NAMES[phase]:8}{end - begin:>9} ms"
        for phase, begin, end in stretches
    ]
    parts.append(f"  {_seconds(row.end_ms - zero)}  last beacon")
    parts += [f"  not observable: {field}: {reason}" for field, reason in sorted(row.unobservable.items())]
    if row.quirks:
        parts.append(f"  quirks: {', '.join(row.quirks)}")
    return "\n".join(parts)


def _seconds(ms: int) -> str:
    return f"{ms / 1000:>10.3f} s"
