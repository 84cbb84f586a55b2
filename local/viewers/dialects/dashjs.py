"""CMCD v2 as dash.js 5.2 speaks it, with autoplay.

Habits kept from recordings: startup is `s r p`; a seek is `k w p`, and one made while paused stays `k`
until playback goes on; `ec` is a bare integer that sticks to every later record; a failure never says `f`;
the end is `a e`; `msd` and most `ttfb` are nonsense; `t` carries stored keys only; `bsd` comes once, on a
response after the stall; there is no word of renditions, rate or sound.
"""

from collections.abc import Iterator
from random import Random

from local.viewers.dialects import cmcd
from local.viewers.dialects.media import SEGMENT_MS, Response
from local.viewers.dialects.post import Post
from local.viewers.habits import LADDER_KBPS
from local.viewers.script import Interval, Kind, Script

AUDIO_KBPS = 64
FIRST_WAIT_MS = 90
"""When the false stall of the startup begins."""
STATES = {Kind.PLAY: "p", Kind.STALL: "r", Kind.PAUSE: "a"}
MANIFEST_ERROR, SEGMENT_ERROR = "25", "27"


def speak(script: Script, client_start_ms: int) -> Iterator[Post]:
    """All posts of the story, in order of sending."""
    return cmcd.speak(_DashJs(script, client_start_ms, Random(f"dashjs {script.seed} {script.index}")))


class _DashJs(cmcd.Voice):
    def __init__(self, script: Script, client_start_ms: int, rng: Random) -> None:
        super().__init__(script, client_start_ms, rng)
        self.cid = f'cid="{script.viewer.content_id}",'
        self.sid = f'sid="{script.session_id}",'
        self.error = self.stall = ""
        self.msd = [f"msd={rng.randint(1, 3)}," for _ in range(2)]
        """The startup hint that the state and the bulk target have still to tell."""
        self.stream_known = False
        self.stalls = [interval for interval in script.intervals if interval.kind is Kind.STALL]

    def changes(self) -> list[cmcd.Change]:
        told: list[cmcd.Change] = [(0, 0, "t", "")]
        for before, interval in cmcd.neighbours(self.script):
            told += _states(interval, before)
        return sorted(told, key=lambda change: change[:2])

    def record(self, event: str, value: str, at_ms: int, state: str, sn: int) -> str:
        if event == "e":
            self.error = f"ec={value},"
        known = f"sf=d,{self.sid}sn={sn},{self._type()}" if self.stream_known else f"{self.sid}sn={sn},"
        stamp = f"ts={self.client_start_ms + at_ms},v=2"
        told_state = f"sta={state}," if state else ""
        if event in ("t", "bulk t"):
            return f"{self.cid}e=t,{self.error}{known}{told_state}{stamp}"
        self.stream_known = self.stream_known or state in ("r", "p")
        if not self.stream_known:
            hint = self.msd[0] if state == "s" else ""
            return f"bl=(0;v 0;a),{self.cid}e={event},{self.error}{hint}{known}{told_state}{stamp}"
        return (
            f"{self._rendition('ab')}{self._buffer(state)}{self._rendition('br')}{self.cid}e={event},{self.error}"
            f"{self._lowest()}{self._throughput()}{self._rendition('pb')}sf=d,{self.sid}sn={sn},{self._type()}"
            f"{told_state}{self._highest()}{stamp}"
        )

    def response(self, response: Response, state: str, sn: int) -> str:
        asked_ms, ttfb_ms, ttlb_ms, number = response
        self.stream_known = True
        while self.stalls and self.stalls[0].end_ms <= asked_ms:
            stall = self.stalls.pop(0)
            self.stall = f"bsd=({stall.end_ms - stall.start_ms};v),"
        stall_told, self.stall = self.stall, ""
        chance = self.rng.random()
        first_byte = "" if chance < 0.7 else f"ttfb={self.client_start_ms - 600},"
        if chance > 0.98:
            first_byte = f"ttfb={ttfb_ms},"
        hint, self.msd[1] = self.msd[1], ""
        known = (
            f"{self.error}{self._lowest()}{hint}{self._throughput()}ot=v,{self._rendition('pb')}rc=200,sf=d,"
        )
        return (
            f"{self._rendition('ab')}{self._buffer(state)}{self._rendition('br')}{stall_told}{self.cid}"
            f"d={SEGMENT_MS},e=rr,{known}{self.sid}sn={sn},{self._type()}sta={state},{self._highest()}"
            f"ts={self.client_start_ms + asked_ms},{first_byte}ttlb={ttlb_ms},"
            f'url="{self.url(number, "m4s")}",v=2'
        )

    def _type(self) -> str:
        return "st=l," if self.live else "st=v,"

    def _rendition(self, key: str) -> str:
        return f"{key}=({self.kbps};v {AUDIO_KBPS};a),"

    def _lowest(self) -> str:
        return f"lab=({LADDER_KBPS[0]};v {AUDIO_KBPS};a),"

    def _highest(self) -> str:
        top = f"({LADDER_KBPS[-1]};v {AUDIO_KBPS};a)"
        return f"tab={top},tb={top},tpb={top},"

    def _throughput(self) -> str:
        return f"mtp=({self.rng.randrange(20, 400) * 100};v {self.rng.randrange(20, 90) * 100};a),"

    def _buffer(self, state: str) -> str:
        level_ms = 0 if state == "r" else self.rng.randrange(10, 60) * 100
        return f"bl=({level_ms};v {level_ms};a),"


def _states(interval: Interval, before: Kind | None) -> list[cmcd.Change]:
    start_ms = interval.start_ms
    match interval.kind:
        case Kind.STARTUP:
            told: list[cmcd.Change] = [(start_ms, 0, "ps", "s")]
            if interval.end_ms - start_ms > FIRST_WAIT_MS:
                told.append((start_ms + FIRST_WAIT_MS, 0, "ps", "r"))
            return told
        case Kind.SEEK:
            return [(start_ms, 0, "ps", "k")] if interval.paused else cmcd.seek_states(interval, "w")
        case Kind.PAUSE if before is Kind.SEEK:
            return []
        case Kind.ENDED:
            return [(start_ms, 0, "ps", "a"), (start_ms, 0, "ps", "e")]
        case Kind.FAILED if before is Kind.STARTUP:
            return [(start_ms, 0, "e", MANIFEST_ERROR)]
        case Kind.FAILED:
            return [(start_ms - cmcd.ERROR_LEAD_MS, 0, "e", SEGMENT_ERROR), (start_ms, 0, "ps", "r")]
        case kind:
            return [(start_ms, 0, "ps", STATES[kind])]
