"""A hand-written page that posts one JSON object per DOM event, named as in the article Beacon began with.

It tells what the viewer did (played, paused, sought, changed the sound), never what the player did to him:
no state, no sequence, and neither startup nor stalls can be read from it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from local.viewers.dialects.post import Post
from local.viewers.script import Kind, Script


def speak(script: Script, client_start_ms: int) -> Iterator[Post]:
    """One post per event, in order of time; every other page writes its timestamps as ISO-8601."""
    iso = script.index % 2 == 0
    content = f"/{script.viewer.content_id}/master.m3u8"
    for at_ms, event, more in _events(script):
        client_ms = client_start_ms + at_ms
        timestamp = _iso(client_ms) if iso else client_ms
        body = {
            "event": f"beacon:{event}",
            "session": script.session_id,
            "timestamp": timestamp,
            "content": content,
            **more,
        }
        yield Post(at_ms, "", orjson.dumps(body), 1, -1, at_ms)


def _iso(client_ms: int) -> str:
    moment = datetime.fromtimestamp(client_ms // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{client_ms % 1000:03}Z"


def _events(script: Script) -> list[tuple[int, str, dict[str, Any]]]:
    told: list[tuple[int, str, dict[str, Any]]] = []
    position_ms, before = 0, None
    if script.outcome != "start_failed":
        told.append((min(script.leave_ms, 60), "variant_loaded", {"level": 2, "bitrate": script.kbps * 1000}))
    for interval in script.intervals:
        position: dict[str, Any] = {"position": position_ms / 1000}
        if interval.kind is Kind.STARTUP or (interval.kind is Kind.PLAY and before is Kind.PAUSE):
            told.append((interval.start_ms, "started", position))
        elif interval.kind is Kind.PAUSE and before is not Kind.SEEK:
            told.append((interval.start_ms, "paused", position))
        elif interval.kind is Kind.SEEK:
            position_ms = max(0, position_ms + interval.to_ms)
            told.append((interval.start_ms, "seek", {"position": position_ms / 1000}))
        if interval.kind is Kind.PLAY:
            position_ms += interval.end_ms - interval.start_ms
        before = interval.kind
    for mark in script.marks:
        if mark.name == "volume":
            told.append((mark.at_ms, "volume_changed", {"volume": mark.value}))
        elif mark.name in ("mute", "unmute"):
            told.append((mark.at_ms, "mute", {"muted": mark.name == "mute"}))
    return sorted(told, key=lambda event: event[0])
