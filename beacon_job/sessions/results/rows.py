"""One view of a session as a row: that of the `sessions` table, and the line of the offline replay. Pure."""

import msgspec

from beacon_job.sessions.estimate.result import Estimate, estimate_of
from beacon_job.sessions.estimate.state import NOWHERE
from beacon_job.sessions.players.fingerprint import player_of
from beacon_job.sessions.players.registry import ids_of
from beacon_job.sessions.results.ledger import SUMS
from beacon_job.sessions.results.unobservable import NO_STATES, START_FIELDS, reasons_of
from beacon_job.sessions.state import ENDED, FAILED, PAUSE, PLAY, SEEK, STALL, STARTUP, UNKNOWN, View
from beacon_job.types.beacon import Value
from beacon_job.types.point import Point

MEASURE = "session"
PARTS_OF_PLAY = ("media_ms", "ad_ms", "hidden_ms")
ESTIMATES = {
    "stall_count_estimate": "stalls",
    "stall_ms_estimate": "stall_ms",
    "stall_ms_low": "stall_ms_low",
    "stall_ms_high": "stall_ms_high",
    "play_ms_estimate": "play_ms",
    "startup_ms_low": "startup_ms_low",
    "startup_ms_high": "startup_ms_high",
}
"""Field of a row -> of an `Estimate`."""


class SessionRow(msgspec.Struct, frozen=True):
    """One view of a session. Times of day are the server's epoch ms.

    None is what nobody knows: `unobservable` says why, and of what was never reported the field itself.
    """

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
    start_ms: int
    """First beacon."""
    end_ms: int
    """Last beacon that says what the view was doing."""
    waited_ms: int
    """Time between the request and the first movement, or the end where there was none."""
    final: bool
    version: int
    """Event time (arrival clock) at which this was known: a later one replaces an earlier one."""
    dims: dict[str, str]
    media_ms: int | None
    """Of `play_ms`, as are the next two: unobservable with it."""
    ad_ms: int | None
    hidden_ms: int | None
    background_start: bool
    bitrate_avg_kbps: int | None
    dropped_frames: int | None
    """None where the player never told its counter."""
    errors: int
    """Errors that were reported."""
    media_ok: int | None
    """Media responses that were reported, as are those that failed; None where none was."""
    media_failed: int | None
    clock_steps: int
    offset_ms: int
    """Server's clock minus client's, where the client's is off by minutes."""
    completeness: float | None
    """Received / expected, by sequence numbers; None where the sender numbers nothing."""
    stall_count_estimate: int | None = None
    """Estimated from media requests, as are all that follow; None where states were measured, and where the
    requests do not tell."""
    stall_ms_estimate: int | None = None
    stall_ms_low: int | None = None
    """The true stall time lies from here to `stall_ms_high`."""
    stall_ms_high: int | None = None
    play_ms_estimate: int | None = None
    startup_ms_low: int | None = None
    """The true startup time lies from here to `startup_ms_high`."""
    startup_ms_high: int | None = None
    content_id: str | None = None
    switches: int | None = None
    """Changes of the bitrate since the first movement."""
    timeline: str | None = None
    """What the view did, each with its begin in ms after `start_ms`: `0 startup;400 play;5000 stall;9000 end`
    (`unknown` beyond 100 changes). None where it is not known from the begin."""


def session_row(
    session_id: str,
    view: View,
    outcome: str,
    dims: dict[str, str],
    *,
    content_id: str | None,
    traces: int,
    offset_ms: int,
    steps: int,
    final: bool,
    version: int,
    load_means_play: bool = False,
) -> SessionRow:
    """The view as it stands, once everything open was counted."""
    player, versions = player_of(dims.get("player", ""), traces)
    moved = view.moved_ms >= 0
    responded = view.media_ok + view.media_failed > 0
    values: dict[str, int | None] = {
        "intent_ms": view.intent_ms + offset_ms if view.intent_ms >= 0 else None,
        "startup_ms": view.startup_ms if moved and view.startup_ms >= 0 else None,
        "play_ms": view.phase_ms[PLAY],
        "stall_count": view.stalls,
        "stall_ms": view.phase_ms[STALL],
        "seek_count": view.seeks,
        "seek_ms": view.phase_ms[SEEK],
        "pause_count": view.pauses,
        "pause_ms": view.phase_ms[PAUSE],
        "ended_ms": view.phase_ms[ENDED],
        "failed_ms": view.phase_ms[FAILED],
        "media_ms": view.media_ms,
        "ad_ms": view.ad_ms,
        "hidden_ms": view.hidden_ms,
        "dropped_frames": view.dropped_frames if view.dropped_told >= 0 else None,
        "media_ok": view.media_ok if responded else None,
        "media_failed": view.media_failed if responded else None,
    }
    reasons = reasons_of(view.unobservable)
    estimates = _estimates(view, reasons, load_means_play)
    for field in START_FIELDS:
        if values[field] is not None:
            reasons.pop(field, None)
    for field in reasons.keys() & values.keys():
        values[field] = None
    if values["play_ms"] is None:
        values |= dict.fromkeys(PARTS_OF_PLAY)
    if values["intent_ms"] is None:
        reasons.setdefault("intent_ms", "playback was never asked for")
    is_numbered = view.expected > 0 and "beacons_expected" not in reasons
    if not view.expected:
        reasons["beacons_expected"] = "the sender does not number its beacons"
    return SessionRow(
        session_id=session_id,
        view=view.index,
        player=player,
        player_version=dims.get("player_version", versions),
        **values,
        **estimates,
        unknown_ms=view.phase_ms[UNKNOWN],
        outcome=outcome,
        beacons_received=view.received + view.unnumbered,
        beacons_expected=view.expected + view.unnumbered if is_numbered else None,
        quirks=ids_of(view.quirks),
        unobservable=reasons,
        waited_ms=view.phase_ms[STARTUP],
        start_ms=view.first_ms + offset_ms,
        end_ms=view.last_ms + offset_ms,
        final=final,
        version=version,
        dims=dims,
        background_start=view.hidden_start,
        bitrate_avg_kbps=round(view.bitrate_kbps_ms / view.bitrate_known_ms)
        if view.bitrate_known_ms
        else None,
        errors=view.errors,
        clock_steps=view.clock_steps + steps,
        offset_ms=offset_ms,
        completeness=round(view.received / view.expected, 4) if is_numbered else None,
        content_id=content_id,
        switches=view.switches if view.switches >= 0 and view.bitrate_known_ms else None,
        timeline=_timeline(view),
    )


def _estimates(view: View, reasons: dict[str, str], load_means_play: bool) -> dict[str, int | None]:
    """What the media requests of a view tell whose states nobody told; if nothing, the reasons say why."""
    if view.requests is None or not view.unobservable & NO_STATES:
        return {}
    estimate = estimate_of(view.requests, load_means_play=load_means_play)
    if isinstance(estimate, Estimate):
        return {name: getattr(estimate, field) for name, field in ESTIMATES.items()}
    if view.requests.origin_ms != NOWHERE:
        reasons |= dict.fromkeys(ESTIMATES, estimate)
    return {}


_PHASES = tuple(name.removesuffix("_ms") for name in SUMS[: UNKNOWN + 1])


def _timeline(view: View) -> str | None:
    """`SessionRow.timeline`."""
    if not view.changes:
        return None
    changes = zip(view.changes[::2], view.changes[1::2], strict=True)
    steps = [f"{begin_ms} {_PHASES[phase]}" for phase, begin_ms in changes]
    return ";".join([*steps, f"{view.last_ms - view.first_ms} end"])


_KEYS = frozenset({"session_id", "dims", "unobservable", "quirks", "version", "start_ms", "view"})


def session_point(row: SessionRow) -> Point:
    """The row of the `sessions` table: one per view, at its first beacon; null fields are left out.

    Only session and view are dimensions. Everything else, player and country too, may become known later, and
    a dimension that changes would make a second row instead of a newer version of the first.
    """
    measures: dict[str, Value] = {name: value for name, value in row.dims.items() if value}
    for name in row.__struct_fields__:
        value = getattr(row, name)
        if name not in _KEYS and value not in (None, ""):
            measures[name] = value
    if row.quirks:
        measures["quirks"] = ",".join(row.quirks)
    if row.unobservable:
        measures["unobservable"] = ",".join(sorted(row.unobservable))
        measures["unobservable_why"] = " | ".join(sorted({*row.unobservable.values()}))
    measures["known_ms"] = row.version
    dims = {"session_id": row.session_id, "view": str(row.view)}
    return Point("sessions", MEASURE, row.start_ms * 1_000_000, dims, measures, row.version)
