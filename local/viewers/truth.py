"""The figures an exact reader must find, computed from the story itself.

They end with the player's last word that arrived (`heard_ms`): what came after it nobody was told. Where
nothing was lost before that (`lost_inside` is 0), an exact reader finds all of them but those the player's
dialect hides: these are true as well, and their names stand in `unobservable`.
Definitions as in docs/metrics.md: startup is the play request to the first movement and None without one
(`waited_ms` then tells how long the viewer waited); a stall shorter than 250 ms counts as play.
"""

import msgspec

from beacon_job.sessions.players.rules import STALL_MIN_MS
from local.viewers.account import Account, TargetAccount
from local.viewers.script import Interval, Kind, Script
from local.viewers.unobservable import unobservable

SUMMED = (
    "waited_ms",
    "play_ms",
    "stall_count",
    "stall_ms",
    "seek_count",
    "seek_ms",
    "pause_count",
    "pause_ms",
    "ended_ms",
    "failed_ms",
    "unknown_ms",
    "bits",
)
"""Figures that add up over sessions."""


class SessionTruth(msgspec.Struct):
    """One session; ms, counts; times of day are the server's epoch ms."""

    session_id: str
    index: int
    dialect: str
    player: str
    country: str
    cdn: str
    device: str
    stream_type: str
    set_up_ms: int
    intent_ms: int | None
    startup_ms: int | None
    waited_ms: int
    play_ms: int
    stall_count: int
    stall_ms: int
    seek_count: int
    seek_ms: int
    pause_count: int
    pause_ms: int
    ended_ms: int
    failed_ms: int
    unknown_ms: int
    """The device slept."""
    outcome: str | None
    """As far as was heard: played, ended, abandoned, start_failed, playback_failed; unknown: never asked."""
    heard_ms: int
    said_ms: int
    left_ms: int
    clock_offset_ms: int
    bits: int
    """Sum of kbps x ms of play: the bitrate of the requested rendition, time-weighted."""
    unobservable: list[str]
    targets: dict[str, TargetAccount]
    lost: int
    """Events the player sent and nobody stored."""
    lost_inside: int
    """Those of them that were spoken before the last word that arrived."""
    latest_ms: int
    """The longest way of one of its posts: a reader that waits less may have to correct itself."""
    heard: bool
    """Whether anything arrived at all."""
    open: bool
    """The viewer had more to say: the run was ended, or this is a look in between. No outcome yet."""

    def line(self) -> bytes:
        """One JSON line."""
        return msgspec.json.encode(self) + b"\n"


def session_truth(
    script: Script, start_ms: int, until_ms: int, account: Account, *, still_open: bool = False
) -> SessionTruth:
    """The truth of the story up to `until_ms` (since the player was set up at `start_ms`)."""
    seen = [_cut(interval, until_ms) for interval in script.intervals if interval.start_ms <= until_ms]
    outcome = _outcome(script, seen)
    total = dict.fromkeys(Kind, 0)
    count = dict.fromkeys(Kind, 0)
    for interval in seen:
        total[interval.kind] += interval.end_ms - interval.start_ms
        count[interval.kind] += 1
    started = count[Kind.PLAY] > 0
    viewer = script.viewer
    asked = script.intent_ms is not None and script.intent_ms <= until_ms
    return SessionTruth(
        session_id=script.session_id,
        index=script.index,
        dialect=viewer.player.dialect,
        player=viewer.player.name,
        country=viewer.country.code,
        cdn=viewer.cdn.name,
        device=viewer.device.category,
        stream_type=viewer.stream_type,
        set_up_ms=start_ms,
        intent_ms=start_ms + script.intent_ms if asked and script.intent_ms is not None else None,
        startup_ms=total[Kind.STARTUP] if started else None,
        waited_ms=0 if started else total[Kind.STARTUP],
        play_ms=total[Kind.PLAY],
        stall_count=count[Kind.STALL],
        stall_ms=total[Kind.STALL],
        seek_count=count[Kind.SEEK],
        seek_ms=total[Kind.SEEK],
        pause_count=count[Kind.PAUSE],
        pause_ms=total[Kind.PAUSE],
        ended_ms=total[Kind.ENDED],
        failed_ms=total[Kind.FAILED],
        unknown_ms=total[Kind.SLEEP],
        outcome=None if still_open else outcome,
        heard_ms=start_ms + until_ms,
        said_ms=start_ms + account.said_ms,
        left_ms=start_ms + script.leave_ms,
        clock_offset_ms=viewer.clock_offset_ms,
        bits=_bits(script, seen),
        unobservable=unobservable(script, seen, outcome),
        targets=account.targets,
        lost=account.lost(script.leave_ms),
        lost_inside=account.lost(until_ms),
        latest_ms=account.latest_ms,
        heard=any(target.stored for target in account.targets.values()),
        open=still_open,
    )


def _cut(interval: Interval, until_ms: int) -> Interval:
    """What was heard of the interval; a stall of which less than 250 ms were heard counts as play."""
    if interval.end_ms <= until_ms:
        return interval
    kind = interval.kind
    if kind is Kind.STALL and until_ms - interval.start_ms < STALL_MIN_MS:
        kind = Kind.PLAY
    return msgspec.structs.replace(interval, kind=kind, end_ms=max(interval.start_ms, until_ms))


def _outcome(script: Script, seen: list[Interval]) -> str:
    kinds = {interval.kind for interval in seen}
    if Kind.FAILED in kinds or not kinds:
        return script.outcome if kinds else "unknown"
    return "ended" if Kind.ENDED in kinds else "played" if Kind.PLAY in kinds else "abandoned"


def _bits(script: Script, seen: list[Interval]) -> int:
    """Kbps x ms: renditions change at their marks, all of which lie in play."""
    changes = [(mark.at_ms, int(mark.value)) for mark in script.marks if mark.name == "rendition"]
    bits, kbps = 0, script.kbps
    for interval in seen:
        if interval.kind is not Kind.PLAY:
            continue
        at_ms = interval.start_ms
        while changes and changes[0][0] < interval.end_ms:
            bits += kbps * (changes[0][0] - at_ms)
            at_ms, kbps = changes.pop(0)
        bits += kbps * (interval.end_ms - at_ms)
    return bits
