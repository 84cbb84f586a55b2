"""CMCD v2 as the debug build of Shaka 5.2 speaks it, with autoplay; the shipped one sends no states.

Habits kept from recordings: the first state is `r`, there is no `s`; a seek is `k r p`, where `p` means a
filled buffer, also while paused; `msd` rides on the next record after the first `p`; every change of sound
is `m` or `um`; `e` has no code and comes with `f`; the end is `e a e`; a failed load is silence; leaving
says `b`.
"""

from collections.abc import Iterator
from random import Random

from local.viewers.dialects import cmcd
from local.viewers.dialects.media import Response
from local.viewers.dialects.post import Post
from local.viewers.script import Interval, Kind, Script

READY_MS = 30
STATES = {Kind.STARTUP: "r", Kind.PLAY: "p", Kind.STALL: "r", Kind.PAUSE: "a"}


def speak(script: Script, client_start_ms: int) -> Iterator[Post]:
    """All posts of the story, in order of sending."""
    return cmcd.speak(_Shaka(script, client_start_ms, Random(f"shaka {script.seed} {script.index}")))


class _Shaka(cmcd.Voice):
    def __init__(self, script: Script, client_start_ms: int, rng: Random) -> None:
        super().__init__(script, client_start_ms, rng)
        self.last_word_ms = 0 if script.outcome == "start_failed" else script.leave_ms
        self.cid = f'cid="{script.viewer.content_id}",'
        self.sid = f'sid="{script.session_id}",'
        self.started_ms = next((i.start_ms for i in script.intervals if i.kind is Kind.PLAY), -1)
        self.stream_known = False
        self.msd: dict[bool, str] = {}
        """The startup hint that the state (False) and the bulk target (True) have still to tell."""

    def changes(self) -> list[cmcd.Change]:
        told: list[cmcd.Change] = [(0, 0, "t", "")]
        if self.script.leave_ms > READY_MS:
            told.append((READY_MS, 0, "bc", ""))
        for before, interval in cmcd.neighbours(self.script):
            told += _states(interval, before)
        for mark in self.script.marks:
            if mark.name == "rendition":
                told.append((mark.at_ms, 1, "bc", ""))
            elif mark.name in ("mute", "unmute", "volume"):
                told.append((mark.at_ms, 1, "m" if mark.name == "mute" else "um", ""))
        told.append((self.script.leave_ms, 5, "b", ""))
        return sorted(told, key=lambda change: change[:2])

    def record(self, event: str, value: str, at_ms: int, state: str, sn: int) -> str:
        bulk = event == "bulk t"
        self.stream_known = self.stream_known or event == "bc"
        hint = self.msd.pop(bulk, "")
        if event == "ps" and at_ms == self.started_ms:
            self.msd = dict.fromkeys((False, True), f"msd={at_ms},")
        return (
            f"{'bg,' if event == 'b' else ''}{self._rendition()}{self.cid}e={'t' if bulk else event},{hint}"
            f"{self._known(sn)}{f'sta={state},' if state else ''}ts={self.client_start_ms + at_ms},v=2"
        )

    def response(self, response: Response, state: str, sn: int) -> str:
        self.stream_known = True
        asked_ms, ttfb_ms, ttlb_ms, number = response
        return (
            f"{self._rendition()}{self.cid}e=rr,{self.msd.pop(True, '')}rc=200,{self._known(sn)}sta={state},"
            f"ts={self.client_start_ms + asked_ms},ttfb={ttfb_ms},ttlb={ttlb_ms},"
            f'url="{self.url(number, "mp4")}",v=2'
        )

    def _rendition(self) -> str:
        return f"br=({self.kbps})," if self.stream_known else ""

    def _known(self, sn: int) -> str:
        stream = ("st=l," if self.live else "st=v,") if self.stream_known else ""
        return f"{'sf=d,' if self.stream_known else ''}{self.sid}sn={sn},{stream}"


def _states(interval: Interval, before: Kind | None) -> list[cmcd.Change]:
    start_ms = interval.start_ms
    match interval.kind:
        case Kind.SEEK if interval.paused:
            return [(start_ms, 0, "ps", "k"), (start_ms + 3, 0, "ps", "r"), (interval.end_ms, 0, "ps", "p")]
        case Kind.SEEK:
            return cmcd.seek_states(interval, "r")
        case Kind.PAUSE if before is Kind.SEEK:
            return []
        case Kind.ENDED:
            return [(start_ms, 0, "ps", state) for state in "eae"]
        case Kind.FAILED if before is Kind.STARTUP:
            return []
        case Kind.FAILED:
            error_ms = start_ms - cmcd.ERROR_LEAD_MS
            return [(error_ms, 0, "ps", "f"), (error_ms, 0, "e", ""), (start_ms, 0, "ps", "r")]
        case kind:
            return [(start_ms, 0, "ps", STATES[kind])]
