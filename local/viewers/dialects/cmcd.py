"""What the players share: the reporter of the Common Media Library (CMCD v2 event mode).

Two targets: `state` (every event, heartbeat 5 s, one record a post) and `bulk` (`rr`, and `t` each 10 s,
five records a post), each with sequence numbers of its own. The first record of both is a heartbeat. A
record of `rr` bears the time of its request and the state at its response. What waits in the bulk queue
when the page goes is never sent.
"""

from collections.abc import Iterator
from heapq import merge
from random import Random
from typing import Any

from local.viewers.dialects.media import Response, responses
from local.viewers.dialects.post import Post, heartbeats, last_word_ms
from local.viewers.script import Interval, Kind, Script

STATE_HEARTBEAT_MS = 5_000
BULK_HEARTBEAT_MS = 10_000
BULK_BATCH = 5
ERROR_LEAD_MS = 2_000
"""A player plays out its buffer between the error and the freeze it causes."""
BULK_EVENTS = ("rr", "bulk t")

Change = tuple[int, int, str, str]
"""(when, rank among what is said in one moment, event, value): for `ps` the state token, else what the player
needs to write the record."""


class Voice:
    """One player's own ways; a subclass per player."""

    def __init__(self, script: Script, client_start_ms: int, rng: Random) -> None:
        self.script, self.client_start_ms, self.rng = script, client_start_ms, rng
        self.kbps = script.kbps
        self.renditions = [(mark.at_ms, int(mark.value)) for mark in script.marks if mark.name == "rendition"]
        self.live = script.viewer.stream_type == "live"
        self.last_word_ms = last_word_ms(script, STATE_HEARTBEAT_MS)

    def changes(self) -> list[Change]:
        """All it says but heartbeats and responses, in order of time."""
        raise NotImplementedError

    def record(self, event: str, value: str, at_ms: int, state: str, sn: int) -> str:
        """One line for anything but a response; `bulk t` is the heartbeat of the bulk target."""
        raise NotImplementedError

    def response(self, response: Response, state: str, sn: int) -> str:
        """One `rr` line."""
        raise NotImplementedError

    def advance(self, at_ms: int) -> None:
        """Takes up the rendition that is being asked for at `at_ms`."""
        while self.renditions and self.renditions[0][0] <= at_ms:
            self.kbps = self.renditions.pop(0)[1]

    def url(self, number: int, extension: str) -> str:
        """Where segment `number` comes from."""
        viewer = self.script.viewer
        return (
            f"https://{viewer.cdn.name}.example.net/{viewer.content_id}/{self.kbps}/{number:05}.{extension}"
        )


def speak(voice: Voice) -> Iterator[Post]:
    """All posts of the story, in order of sending."""
    script, last_ms = voice.script, voice.last_word_ms
    told: Iterator[tuple[int, int, str, Any]] = merge(
        voice.changes(),
        ((at_ms, 2, "rr", response) for at_ms, response in responses(script, voice.rng)),
        ((at_ms, 3, "t", "") for at_ms in heartbeats(script, STATE_HEARTBEAT_MS, last_ms)),
        ((at_ms, 4, "bulk t", "") for at_ms in (0, *heartbeats(script, BULK_HEARTBEAT_MS, last_ms))),
    )
    state, state_sn, bulk_sn = "", 0, 0
    queue: list[str] = []
    beat_ms = 0
    for at_ms, _, event, value in told:
        if at_ms > last_ms:
            return
        voice.advance(at_ms)
        if event in BULK_EVENTS:
            line = (
                voice.response(value, state, bulk_sn)
                if event == "rr"
                else voice.record(event, value, at_ms, state, bulk_sn)
            )
            queue.append(line)
            beat_ms = at_ms if event == "bulk t" else beat_ms
            bulk_sn += 1
            if len(queue) == BULK_BATCH:
                body = "\n".join((*queue, "")).encode()
                yield Post(at_ms, "bulk", body, BULK_BATCH, bulk_sn - BULK_BATCH, beat_ms)
                queue.clear()
            continue
        if event == "ps":
            if value == state:
                continue  # the reporter tells changes only
            state = value
        body = (voice.record(event, value, at_ms, state, state_sn) + "\n").encode()
        yield Post(at_ms, "state", body, 1, state_sn, at_ms)
        state_sn += 1


def seek_states(seek: Interval, waiting: str) -> list[Change]:
    """A seek while playing: `k`, then the player's word for waiting; again for every scrub."""
    told: list[Change] = []
    step_ms = max(1, (seek.end_ms - seek.start_ms) // (seek.scrubs + 2))
    for n in range(seek.scrubs + 1):
        at_ms = seek.start_ms + n * step_ms
        told += [(at_ms, 0, "ps", "k"), (at_ms + min(5, step_ms // 2), 0, "ps", waiting)]
    return told


def neighbours(script: Script) -> Iterator[tuple[Kind | None, Interval]]:
    """Each interval with the kind of the one before; sleep, and the play it interrupts, say nothing."""
    before = None
    for interval in script.intervals:
        if interval.kind is not Kind.SLEEP and before is not Kind.SLEEP:
            yield before, interval
        before = interval.kind
