"""A made-up hour of viewers of which everything is known, on its way through the job's own pure code.

What is true of them is counted from the stories below, by the definitions of docs/metrics.md and without SQL.
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache

import msgspec

from beacon_job.gather import Gatherer, GatherSettings, WatermarkPolicy, WatermarkSettings
from beacon_job.replay.archive import envelope_record
from beacon_job.replay.offline import beacons_of
from beacon_job.rollup import RollupSettings, columns
from beacon_job.rollup.windows import RollupState, add, close
from beacon_job.sessions import (
    Bucket,
    Outputs,
    Settings,
    apply,
    decode_beacons,
    encode_beacons,
    session_point,
)
from beacon_job.types.point import Point, decode_points
from beacon_job.types.sums import decode_sums
from tests.places import CASES

MINUTE_MS = 60_000
DELAY_MS = 300
"""Between the client's time of an event and its arrival."""
BEACON_BLOG = "66454545556"
RECORDING = CASES / "captures_requests/hlsjs-1.7.4/c4_stall_after_seek"

Event = tuple[int, str, dict[str, object]]
"""(ms after the first event, type, more of it)."""


@dataclass(frozen=True)
class Story:
    """What happens to one kind of viewer, and what is true of it. None: unknown."""

    events: tuple[Event, ...]
    outcome: str
    startup_ms: int | None = None
    waited_ms: int = 0
    play_ms: int = 0
    stall_ms: int = 0
    stalls: int = 0
    switches: int = 0
    kbps_ms: int = 0
    """Bitrate times play."""


def _beats(*spans: tuple[int, int]) -> tuple[Event, ...]:
    return tuple((at, "heartbeat", {}) for begin, end in spans for at in range(begin, end, 5_000))


def _story(*events: Event, **true: object) -> Story:
    return Story(tuple(sorted(events, key=lambda event: event[0])), **true)  # type: ignore[arg-type]


ASKED: Event = (0, "play_request", {"state": "starting"})
SMOOTH = _story(
    ASKED,
    (400, "playing", {"state": "playing", "bitrate_kbps": 800, "buffer_ms": 4_000}),
    (30_000, "rendition_change", {"state": "playing", "bitrate_kbps": 1_600, "buffer_ms": 20_000}),
    *_beats((5_000, 60_000)),
    (60_000, "end", {"reason": "ended"}),
    outcome="ended",
    startup_ms=400,
    waited_ms=400,
    play_ms=59_600,
    switches=1,
    kbps_ms=29_600 * 800 + 30_000 * 1_600,
)
STALLING = _story(
    ASKED,
    (1_000, "playing", {"state": "playing", "bitrate_kbps": 800}),
    (20_000, "stall_start", {"state": "rebuffering"}),
    (26_000, "playing", {"state": "playing"}),
    *_beats((5_000, 20_000), (30_000, 60_000)),
    (60_000, "end", {"reason": "ended"}),
    outcome="ended",
    startup_ms=1_000,
    waited_ms=1_000,
    play_ms=53_000,
    stall_ms=6_000,
    stalls=1,
    kbps_ms=53_000 * 800,
)
FAILING = _story(
    ASKED,
    (2_000, "error", {"code": "E1", "message": "no manifest", "fatal": True, "state": "failed"}),
    outcome="start_failed",
    waited_ms=2_000,
)
LEAVING = _story(ASKED, (3_000, "heartbeat", {}), outcome="abandoned", waited_ms=3_000)
BOUNCING = _story(ASKED, (500, "heartbeat", {}), outcome="abandoned", waited_ms=500)


@dataclass(frozen=True)
class Viewers:
    """Some viewers alike."""

    story: Story
    count: int
    player: str = "hls.js"
    version: str = "1.7.4"
    os: str = "linux"
    device: str = "desktop"
    cdn: str = "edge-a"
    content: str = "film"
    sessions: tuple[str, ...] = field(default=())


CROWD = (
    Viewers(SMOOTH, 14),
    Viewers(SMOOTH, 6, cdn="edge-b", os="android", device="phone"),
    Viewers(STALLING, 8, cdn="edge-b", os="android", device="phone", content="match"),
    Viewers(STALLING, 2, player="shaka-player", version="5.2.12"),
    Viewers(FAILING, 3, cdn="edge-b", content="match"),
    Viewers(LEAVING, 2),
    Viewers(BOUNCING, 1),
)
BROKEN = (b"{", b"{", b"")
"""Records nobody can read: two that are no JSON, one that is empty."""


@dataclass(frozen=True)
class View:
    """One viewer of the crowd."""

    session: str
    began_ms: int
    who: Viewers

    @property
    def story(self) -> Story:
        """What happens to him."""
        return self.who.story


def views(begin_ms: int) -> list[View]:
    """Everybody, ten seconds apart."""
    crowd = [who for who in CROWD for _ in range(who.count)]
    return [View(f"session-{n:02}", begin_ms + 10_000 * n, who) for n, who in enumerate(crowd)]


def _records(begin_ms: int) -> list[tuple[int, bytes]]:
    records = []
    for view in views(begin_ms):
        context = {
            "player": {"name": view.who.player, "version": view.who.version},
            "device": {"category": view.who.device, "os": view.who.os, "browser": "chrome"},
            "stream": {"type": "vod", "cdn": view.who.cdn},
        }
        for seq, (at_ms, kind, more) in enumerate(view.story.events):
            ts = view.began_ms + at_ms
            event = {"type": kind, "session_id": view.session, "seq": seq, "ts": ts, **more}
            event["content_id"] = view.who.content
            body = {"schema": "beacon/1", "sent_at": ts, "context": context, "events": [event]}
            records.append((ts + DELAY_MS, json.dumps(body).encode()))
    for n, (at_ms, event) in enumerate(BLOG):
        body = {"event": f"beacon:{event}", "session": BEACON_BLOG, "timestamp": begin_ms + at_ms, "seq": n}
        records.append((begin_ms + at_ms + DELAY_MS, json.dumps(body).encode()))
    records += [(begin_ms + MINUTE_MS, record) for record in BROKEN]
    return sorted(records)


BLOG = (
    (0, "started"),
    (1_000, "variant_loaded"),
    (2_000, "variant_loaded"),
    (8_000, "volume_changed"),
    (12_000, "paused"),
    (14_000, "started"),
)
"""What the viewer of the article did."""

BEGIN_MS = 1_799_999_940_000
"""A whole minute."""


REQUESTS_MS = -20 * MINUTE_MS
"""When, from the begin of the world, a viewer watches whose player sends media requests and no states."""


@cache
def requesting(begin_ms: int) -> Outputs:
    """What the job gives out of that viewer, who is a recording of a real player."""
    lines = (RECORDING / "media.jsonl").read_text().splitlines()
    found = list(beacons_of("media.jsonl", lines, envelope_record, sys.stderr))
    by_ms = begin_ms + REQUESTS_MS - min(beacon.client_ms for beacon in found)
    moved = [
        msgspec.structs.replace(one, client_ms=one.client_ms + by_ms, recv_at_ms=one.recv_at_ms + by_ms)
        for one in found
    ]
    late_ms = begin_ms + 60 * MINUTE_MS
    return apply(Bucket(), decode_beacons(encode_beacons(moved)), late_ms, Settings())


@cache
def points(begin_ms: int) -> list[Point]:
    """Every row the job would store of it, once everybody is gone."""
    requests = (requesting(begin_ms),)
    return stored(_records(begin_ms), begin_ms, begin_ms + 60 * MINUTE_MS, requests)


def stored(
    records: list[tuple[int, bytes]], begin_ms: int, end_ms: int, more: Iterable[Outputs] = ()
) -> list[Point]:
    """Every row the job would have stored until then of records, as (arrival ms, bytes), and of `more`."""
    gather, rollup = GatherSettings(), RollupSettings()
    policy = WatermarkPolicy(WatermarkSettings())
    gatherer = Gatherer(gather, policy, lambda: begin_ms)
    parts = gatherer.batch([(data, at_ms, "shard", str(n)) for n, (at_ms, data) in enumerate(records)])
    contributions = [item for sums in parts.sums.values() for item in decode_sums(sums)]
    found = [point for item in parts.points for point in decode_points(item)]
    told = [apply(Bucket(), decode_beacons(item), end_ms, Settings()) for item in parts.sessions.values()]
    for outputs in (*told, *more):
        contributions += outputs.contributions
        found += map(session_point, outputs.rows)
    state = RollupState()
    add(state, contributions, rollup)
    found += close(state, {}, end_ms, rollup)
    return found + columns.rows([begin_ms], rollup.dimensions)
