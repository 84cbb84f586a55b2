"""CMCD v2 as hls.js 1.7 speaks it.

Habits kept from recordings: the first state is `d`; a click says `s` just before it plays; a seek is `k r
p`; `pr=1` during startup; only errors of the manifest are told, a failure in the middle looks like a stall
without end; nothing is said on leaving.
"""

from collections.abc import Iterator
from random import Random

from local.viewers.dialects import cmcd
from local.viewers.dialects.media import Response
from local.viewers.dialects.post import Post
from local.viewers.script import Interval, Kind, Script

STATES = {
    Kind.STARTUP: "s",
    Kind.PLAY: "p",
    Kind.STALL: "r",
    Kind.PAUSE: "a",
    Kind.ENDED: "e",
    Kind.FAILED: "r",
}

APP = 'com.example-app="beacon-demo",'
"""A custom key, named in `includeKeys` of the state target only."""


def speak(script: Script, client_start_ms: int) -> Iterator[Post]:
    """All posts of the story, in order of sending."""
    return cmcd.speak(_HlsJs(script, client_start_ms, Random(f"hlsjs {script.seed} {script.index}")))


class _HlsJs(cmcd.Voice):
    def __init__(self, script: Script, client_start_ms: int, rng: Random) -> None:
        super().__init__(script, client_start_ms, rng)
        self.throughput_kbps = rng.randrange(self.kbps * 2, self.kbps * 12) // 100 * 100
        self.cid = f'cid="{script.viewer.content_id}",'
        self.sid = f'sf=h,sid="{script.session_id}",'
        self.rendition_known = self.stream_known = False

    def changes(self) -> list[cmcd.Change]:
        told: list[cmcd.Change] = [(0, 0, "t", ""), (0, 0, "ps", "d")]
        ready_ms = 20 if self.script.viewer.autoplay else 200
        if self.script.outcome != "start_failed" and self.script.leave_ms > ready_ms:
            told += [(ready_ms, 0, "bc", ""), (ready_ms + 4, 0, "pr", "1")]
        for before, interval in cmcd.neighbours(self.script):
            told += _states(interval, before)
        for mark in self.script.marks:
            if mark.name == "rendition":
                told.append((mark.at_ms, 1, "bc", ""))
            elif mark.name == "rate":
                told.append((mark.at_ms, 1, "pr", f"{mark.value:g}"))
        return sorted(told, key=lambda change: change[:2])

    def record(self, event: str, value: str, at_ms: int, state: str, sn: int) -> str:
        bulk = event == "bulk t"
        if event == "bc":
            self.rendition_known = True
            self.throughput_kbps = self.rng.randrange(self.kbps * 2, self.kbps * 12) // 100 * 100
        return (
            f"{self._buffer(state)}{self._rendition()}{self.cid}"
            f"{'' if bulk else APP}e={'t' if bulk else event},"
            f"{value if event == 'e' else ''}"
            f"{f'mtp=({self.throughput_kbps}),' if at_ms else ''}{f'pr={value},' if event == 'pr' else ''}"
            f"{self.sid}sn={sn},{self._stream()}{f'sta={state},' if state else ''}"
            f"ts={self.client_start_ms + at_ms},v=2"
        )

    def response(self, response: Response, state: str, sn: int) -> str:
        self.stream_known = True
        asked_ms, ttfb_ms, ttlb_ms, number = response
        return (
            f"{self._buffer(state)}br=({self.kbps}),{self.cid}e=rr,mtp=({self.throughput_kbps}),rc=200,{self.sid}"
            f"sn={sn},{self._stream()}sta={state},ts={self.client_start_ms + asked_ms},"
            f'ttfb={ttfb_ms},ttlb={ttlb_ms},url="{self.url(number, "m4s")}",v=2'
        )

    def _buffer(self, state: str) -> str:
        if not self.stream_known:
            return ""
        return f"bl=({self.rng.randrange(20, 100) * 100 if state != 'r' else 0}),"

    def _rendition(self) -> str:
        return f"br=({self.kbps})," if self.rendition_known else ""

    def _stream(self) -> str:
        return ("st=l," if self.live else "st=v,") if self.stream_known else ""


def _states(interval: Interval, before: Kind | None) -> list[cmcd.Change]:
    start_ms = interval.start_ms
    if interval.kind is Kind.SEEK:
        return [(start_ms, 0, "ps", "k")] if interval.paused else cmcd.seek_states(interval, "r")
    if interval.kind is Kind.FAILED and before is Kind.STARTUP:
        return [(start_ms, 0, "ps", "f"), (start_ms, 0, "e", 'ec=("manifestLoadError"),')]
    return [(start_ms, 0, "ps", STATES[interval.kind])]
