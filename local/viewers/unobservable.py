"""What each player's dialect does not let anybody know."""

from local.viewers.script import Interval, Kind, Script

_FREEZE_HIDDEN = ("stall_count", "stall_ms", "failed_ms", "unknown_ms", "outcome")
"""A freeze that never ends: a stall in which the viewer left, or a failure."""
_START_HIDDEN = ("intent_ms", "waited_ms", "failed_ms", "outcome")
_HIDDEN: dict[str, dict[str, tuple[str, ...]]] = {
    "hlsjs": {"playback_failed": _FREEZE_HIDDEN, "left stalled": _FREEZE_HIDDEN},
    "dashjs": {
        "always": ("bits",),
        "start_failed": _START_HIDDEN,
        "abandoned": _START_HIDDEN,
        "paused seek": ("seek_ms", "pause_count", "pause_ms", "unknown_ms"),
    },
    "shaka": {
        "always": ("intent_ms", "startup_ms"),
        "start_failed": _START_HIDDEN,
        "abandoned": _START_HIDDEN,
        "paused seek": ("play_ms", "pause_count", "pause_ms", "unknown_ms", "bits"),
    },
    "sdk": {},
}
"""By dialect: what an outcome, leaving while stalled, or a seek made while paused does not let anybody know.
Shaka never tells when playback was asked for."""
_HIDDEN_BY_PAGE = (
    *("startup_ms", "waited_ms", "play_ms", "stall_count", "stall_ms", "seek_ms", "pause_count", "pause_ms"),
    *("ended_ms", "failed_ms", "unknown_ms", "outcome", "bits"),
)


def unobservable(script: Script, heard: list[Interval], outcome: str) -> list[str]:
    """Figures nobody can know, in order of name; `heard` is the story as far as it was told."""
    dialect = script.viewer.player.dialect
    if dialect == "page":
        return sorted(_HIDDEN_BY_PAGE)
    cases = ["always", outcome]
    if any(interval.paused for interval in heard):
        cases.append("paused seek")
    if heard and heard[-1].kind is Kind.STALL:
        cases.append("left stalled")
    return sorted({name for case in cases for name in _HIDDEN[dialect].get(case, ())})
