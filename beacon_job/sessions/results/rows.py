"""What is known of one view of a session: the row of the `sessions` table and the line of the offline replay.
Pure."""

import msgspec

from beacon_job.sessions.players.fingerprint import player_of
from beacon_job.sessions.players.registry import names_of
from beacon_job.sessions.results.unobservable import START, unobservable
from beacon_job.sessions.state import ENDED, FAILED, PAUSE, PLAY, SEEK, STALL, STARTUP, UNKNOWN, View
from beacon_job.types.beacon import Value
from beacon_job.types.point import Point

MEASURE = "session"


class Summary(msgspec.Struct, frozen=True):
    """One view of a session. Times of day are the server's epoch ms; None: not observable, see
    `unobservable`."""

    session_id: str
    view: int
    player: str
    player_version: str
    intent_ms: int | None
    startup_ms: int | None
    """Request to first movement; None without a start."""
    play_ms: int | None
    """Ads included."""
    stall_count: int | None
    stall_ms: int | None
    seek_count: int | None
    seek_ms: int | None
    pause_count: int | None
    pause_ms: int | None
    ended_ms: int | None
    failed_ms: int | None
    unknown_ms: int
    outcome: str
    """played, abandoned, start_failed, playback_failed, ended or unknown."""
    beacons_received: int
    beacons_expected: int | None
    quirks: tuple[str, ...]
    unobservable: dict[str, str]
    waited_ms: int
    """Time between the request and the first movement, or the end where there was none."""
    start_ms: int
    """First beacon."""
    end_ms: int
    """Last beacon that says what the view was doing."""
    final: bool
    version: int
    """Event time (arrival clock) at which this was known: a later one replaces an earlier one."""
    dims: dict[str, str]
    media_ms: int
    ad_ms: int
    hidden_ms: int
    background_start: bool
    bitrate_avg_kbps: int | None
    dropped_frames: int
    errors: int
    media_ok: int
    media_failed: int
    clock_steps: int
    offset_ms: int
    """Server's clock minus client's, where the client's is off by minutes."""
    completeness: float | None
    """Received / expected, by sequence numbers; None where the sender numbers nothing."""


def summarise(
    session_id: str,
    view: View,
    outcome: str,
    dims: dict[str, str],
    *,
    traces: int,
    offset: int,
    steps: int,
    final: bool,
    version: int,
) -> Summary:
    """The view as it stands, once everything open was counted."""
    player, versions = player_of(dims.get("player", ""), traces)
    moved = view.moved >= 0
    values: dict[str, int | None] = {
        "intent_ms": view.intent + offset if view.intent >= 0 else None,
        "startup_ms": view.startup if moved and view.startup >= 0 else None,
        "play_ms": view.sums[PLAY],
        "stall_count": view.stalls,
        "stall_ms": view.sums[STALL],
        "seek_count": view.seeks,
        "seek_ms": view.sums[SEEK],
        "pause_count": view.pauses,
        "pause_ms": view.sums[PAUSE],
        "ended_ms": view.sums[ENDED],
        "failed_ms": view.sums[FAILED],
    }
    reasons = unobservable(view.limits)
    for field in START:
        if values[field] is not None:
            reasons.pop(field, None)
    for field in reasons.keys() & values.keys():
        values[field] = None
    if values["intent_ms"] is None:
        reasons.setdefault("intent_ms", "playback was never asked for")
    if not view.expected:
        reasons["beacons_expected"] = "the sender does not number its beacons"
    return Summary(
        session_id=session_id,
        view=view.index,
        player=player,
        player_version=dims.get("player_version", versions),
        **values,
        unknown_ms=view.sums[UNKNOWN],
        outcome=outcome,
        beacons_received=view.received + view.unnumbered,
        beacons_expected=view.expected + view.unnumbered if view.expected else None,
        quirks=names_of(view.quirks),
        unobservable=reasons,
        waited_ms=view.startup if view.startup >= 0 else view.sums[STARTUP],
        start_ms=view.start + offset,
        end_ms=view.seen + offset,
        final=final,
        version=version,
        dims=dims,
        media_ms=view.media_ms,
        ad_ms=view.ad_ms,
        hidden_ms=view.hidden_ms,
        background_start=view.hidden_start,
        bitrate_avg_kbps=round(view.bits / view.bits_ms) if view.bits_ms else None,
        dropped_frames=view.dropped,
        errors=view.errors,
        media_ok=view.media_ok,
        media_failed=view.media_failed,
        clock_steps=view.clock_steps + steps,
        offset_ms=offset,
        completeness=round(view.received / view.expected, 4) if view.expected else None,
    )


_KEYS = frozenset({"session_id", "dims", "unobservable", "quirks", "version", "start_ms", "view"})


def session_point(summary: Summary) -> Point:
    """The row of the `sessions` table: one per view, at its first beacon; null fields are left out.

    Only session and view are dimensions. Everything else, player and country too, may become known later, and
    a dimension that changes would make a second row instead of a newer version of the first.
    """
    measures: dict[str, Value] = {name: value for name, value in summary.dims.items() if value}
    for name in summary.__struct_fields__:
        value = getattr(summary, name)
        if name not in _KEYS and value not in (None, ""):
            measures[name] = value
    if summary.quirks:
        measures["quirks"] = ",".join(summary.quirks)
    if summary.unobservable:
        measures["unobservable"] = ",".join(sorted(summary.unobservable))
    dims = {"session_id": summary.session_id, "view": str(summary.view)}
    return Point("sessions", MEASURE, summary.start_ms * 1_000_000, dims, measures, summary.version)
