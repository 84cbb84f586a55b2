"""The honest SDK: batches of `beacon/1` (schema/beacon.schema.json), every 10 s and at once when it matters.

It says what happened when it happened, counts its events, and says goodbye.
"""

from collections.abc import Iterator
from functools import cache
from heapq import merge
from random import Random
from typing import Any

import orjson

from local.viewers.dialects.post import Post, heartbeats
from local.viewers.habits import Cdn, Device, Player
from local.viewers.script import Interval, Kind, Script

HEARTBEAT_MS = 10_000
AT_ONCE = {"playing", "stall_end", "error", "end"}
"""Events that are sent without waiting for the next heartbeat."""

_Event = tuple[int, int, str, str, dict[str, Any]]
"""(when, rank among events of one moment, type, new state or "", data)."""

_FIRST = {
    Kind.STARTUP: ("play_request", "starting"),
    Kind.STALL: ("stall_start", "rebuffering"),
    Kind.SEEK: ("seek_start", "seeking"),
    Kind.PAUSE: ("pause", "paused"),
    Kind.PLAY: ("playing", "playing"),
}
_AFTER = {Kind.STALL: "stall_end", Kind.SEEK: "seek_end"}
_MARKS: dict[str, str] = {
    "rendition": "rendition_change",
    "mute": "mute",
    "unmute": "unmute",
    "volume": "volume_change",
    "rate": "rate_change",
    "screen": "fullscreen",
    "warning": "error",
    "ad_start": "ad_start",
    "ad_end": "ad_end",
}


def speak(script: Script, client_start_ms: int) -> Iterator[Post]:
    """All posts of the story, in order of sending."""
    rng = Random(f"sdk {script.seed} {script.index}")
    viewer, sid = script.viewer, script.session_id
    context = _context(viewer.player, viewer.device, viewer.cdn, viewer.stream_type)
    batch: list[dict[str, Any]] = []
    state, dropped = "preloading", 0
    kbps, rate = script.kbps, 1.0
    playhead_ms, playing_since_ms = 0.0, -1
    for seq, (at_ms, _, event, new_state, data) in enumerate(_events(script)):
        if playing_since_ms >= 0:
            playhead_ms += (at_ms - playing_since_ms) * rate
        if event == "rate_change":
            rate = data.pop("rate")
        elif event == "rendition_change":
            kbps = data["bitrate_kbps"]
        elif event == "seek_end":
            playhead_ms = max(0, playhead_ms + data.pop("to_ms"))
        elif event == "heartbeat":
            dropped += rng.randrange(3)
            data = {
                "buffer_ms": rng.randrange(20, 300) * 100 if state != "rebuffering" else 0,
                "bitrate_kbps": kbps,
                "throughput_kbps": rng.randrange(kbps, kbps * 9),
                "dropped_frames": dropped,
            }
        state = new_state or state
        playing_since_ms = at_ms if state == "playing" else -1
        batch.append(
            {
                "id": f"{sid[:24]}{seq:012x}",
                "type": event,
                "session_id": sid,
                "seq": seq,
                "ts": client_start_ms + at_ms,
                "mono": at_ms,
                "state": state,
                "playhead_ms": int(playhead_ms),
                "rate": rate,
                "content_id": viewer.content_id,
                "data": data,
            }
        )
        if event == "heartbeat" or event in AT_ONCE:
            body = {
                "schema": "beacon/1",
                "sent_at": client_start_ms + at_ms,
                "sdk": {"name": "beacon-js", "version": "1.0.0"},
                "sample_rate": 1,
                "context": context,
                "events": batch,
            }
            yield Post(at_ms, "", orjson.dumps(body), len(batch), seq + 1 - len(batch), at_ms)
            batch = []


@cache
def _context(player: Player, device: Device, cdn: Cdn, stream_type: str) -> orjson.Fragment:
    context = {
        "app": {"name": "beacon-demo", "version": "2.3.0"},
        "player": {"name": player.name, "version": player.version},
        "device": {"category": device.category, "os": device.os, "browser": device.browser},
        "stream": {"format": "hls", "type": stream_type, "cdn": cdn.name},
    }
    return orjson.Fragment(orjson.dumps(context))


def _events(script: Script) -> Iterator[_Event]:
    told: list[_Event] = [(0, 0, "session_start", "preloading", {})]
    if script.intent_ms is not None:
        told.append((script.intent_ms, 1, "rendition_change", "", {"bitrate_kbps": script.kbps}))
    before: Interval | None = None
    for interval in script.intervals:
        told += _changes(interval, before)
        before = interval
    for mark in script.marks:
        data: dict[str, Any] = {}
        match mark.name:
            case "rendition":
                data = {"bitrate_kbps": int(mark.value)}
            case "mute" | "unmute":
                data = {"muted": mark.name == "mute"}
            case "volume" | "rate":
                data = {mark.name: mark.value}
            case "warning":
                data = {"error_code": f"NETWORK_{int(mark.value)}", "fatal": False}
            case "screen":
                data = {"expanded": bool(mark.value)}
            case "ad_start" | "ad_end":
                data = {"ad_id": f"ad-{script.index % 7}"}
        told.append((mark.at_ms, 1, _MARKS[mark.name], "", data))
    told.append((script.leave_ms, 3, "end", "quit", {"end_reason": "quit"}))
    beats: Iterator[_Event] = (
        (at_ms, 2, "heartbeat", "", {}) for at_ms in heartbeats(script, HEARTBEAT_MS, script.leave_ms)
    )
    return merge(sorted(told, key=_when), beats, key=_when)


def _when(event: _Event) -> tuple[int, int]:
    return event[:2]


def _changes(interval: Interval, before: Interval | None) -> list[_Event]:
    start_ms, kind = interval.start_ms, interval.kind
    was = before.kind if before else None
    if kind is Kind.SLEEP:
        hidden = [(start_ms, True), (interval.end_ms, False)]
        return [(at_ms, 0, "visibility", "", {"hidden": value}) for at_ms, value in hidden]
    if was is Kind.SLEEP:
        return []
    if kind is Kind.ENDED:
        return [(start_ms, 0, "end", "ended", {"end_reason": "ended"})]
    if kind is Kind.FAILED:
        code = "MANIFEST_404" if was is Kind.STARTUP else "SEGMENT_500"
        return [
            (start_ms, 0, "error", "failed", {"error_code": code, "error_message": "gave up", "fatal": True})
        ]
    event, state = _FIRST[kind]
    data: dict[str, Any] = {}
    if before is not None and was in _AFTER:
        event = _AFTER[was]
        data = {"to_ms": before.to_ms} if was is Kind.SEEK else {"stall_ms": before.end_ms - before.start_ms}
    told = [(start_ms, 0, event, state, data)]
    if kind is Kind.SEEK:
        step_ms = max(1, (interval.end_ms - start_ms) // (interval.scrubs + 2))
        told += [(start_ms + n * step_ms, 0, event, state, {}) for n in range(1, interval.scrubs + 1)]
    return told
