"""CMCD v2 event mode as hls.js 1.7 speaks it.

Two targets: `state` (every event, heartbeat 5 s, one record a post) and `bulk` (`rr` and `t` each 10 s, five
records a post), each with sequence numbers of its own. Habits kept from recordings: the first record is a
heartbeat, the first state `d`; a click says `s` just before it plays; a seek is `k r p`; only errors of the manifest
are told, a failure in the middle looks like a stall without end; nothing is said on leaving, and what waits
in the bulk queue is never sent.
"""

from collections.abc import Iterator
from heapq import merge
from random import Random

from local.viewers.dialects.media import responses
from local.viewers.dialects.post import Post, heartbeats, last_word_ms
from local.viewers.script import Interval, Kind, Mark, Script

STATE_HEARTBEAT_MS = 5_000
BULK_HEARTBEAT_MS = 10_000
BULK_BATCH = 5

_SAYS = {Kind.STARTUP: "s", Kind.PLAY: "p", Kind.STALL: "r", Kind.SEEK: "k", Kind.PAUSE: "a", Kind.ENDED: "e"}

_Change = tuple[int, int, str, str]
"""(when, rank among changes of one moment, event, value: a state or a pair of keys)."""


def speak(script: Script, client_start_ms: int) -> Iterator[Post]:
    """All posts of the story, in order of sending."""
    rng = Random(f"hlsjs {script.seed} {script.index}")
    sid, viewer = script.session_id, script.viewer
    cid = f'cid="{viewer.content_id}",'
    tail = f'sf=h,sid="{sid}",sn='
    stream = "st=l," if viewer.stream_type == "live" else "st=v,"
    throughput_kbps = rng.randrange(script.kbps * 2, script.kbps * 12) // 100 * 100
    kbps, state, known = script.kbps, "", ""
    state_sn = bulk_sn = 0
    queue: list[str] = []
    queued_ms = 0
    silent_after_ms = last_word_ms(script, STATE_HEARTBEAT_MS)

    told = merge(
        _changes(script),
        ((at_ms, 2, "rr", response) for at_ms, response in responses(script, rng)),
        ((at_ms, 3, "t", "") for at_ms in heartbeats(script, STATE_HEARTBEAT_MS, silent_after_ms)),
        ((at_ms, 4, "bulk t", "") for at_ms in (0, *heartbeats(script, BULK_HEARTBEAT_MS, silent_after_ms))),
    )
    for at_ms, _, event, value in told:
        if at_ms > silent_after_ms:
            return
        ts = client_start_ms + at_ms
        buffer = rng.randrange(20, 100) * 100 if state != "r" else 0
        keys = ""
        match event:
            case "ps":
                state = value
            case "bc":
                kbps = int(value)
                known = "br"
            case "pr" | "ec":
                keys = value
            case "rr":
                known = "st"
                request_ms, ttfb_ms, ttlb_ms, number = value
                queue.append(
                    f"bl=({buffer}),br=({kbps}),{cid}e=rr,mtp=({throughput_kbps}),rc=200,{tail}{bulk_sn},{stream}sta={state},"
                    f"ts={client_start_ms + request_ms},ttfb={ttfb_ms},ttlb={ttlb_ms},"
                    f'url="https://{viewer.cdn.name}.example.net/{viewer.content_id}/{kbps}/{number:05}.m4s",v=2\n'
                )
            case "bulk t":
                shown = f"bl=({buffer}),br=({kbps})," if known == "st" else ""
                throughput = f"mtp=({throughput_kbps})," if known else ""
                queue.append(
                    f"{shown}{cid}e=t,{throughput}{tail}{bulk_sn},{stream if known == 'st' else ''}"
                    f"{f'sta={state},' if state else ''}ts={ts},v=2\n"
                )
        if event in ("rr", "bulk t"):
            bulk_sn += 1
            queued_ms = max(queued_ms, at_ms)
            if len(queue) == BULK_BATCH:
                yield Post(at_ms, "bulk", "".join(queue).encode(), BULK_BATCH, bulk_sn - BULK_BATCH, queued_ms)
                queue.clear()
            continue
        if event == "bc":
            throughput_kbps = rng.randrange(kbps * 2, kbps * 12) // 100 * 100
        shown = f"bl=({buffer}),br=({kbps})," if known == "st" else f"br=({kbps})," if known else ""
        throughput = f"mtp=({throughput_kbps})," if state else ""
        name = "e" if event == "ec" else event
        body = (
            f'{shown}{cid}com.example-app="beacon-demo",e={name},{keys if event == "ec" else ""}{throughput}'
            f"{keys if event == 'pr' else ''}{tail}{state_sn},{stream if known == 'st' else ''}"
            f"{f'sta={state},' if state else ''}ts={ts},v=2\n"
        )
        yield Post(at_ms, "state", body.encode(), 1, state_sn, at_ms)
        state_sn += 1


def _changes(script: Script) -> list[_Change]:
    """Everything that is not repeated on a timer."""
    told: list[_Change] = [(0, 0, "t", ""), (0, 0, "ps", "d")]
    starts_well = script.outcome != "start_failed"
    ready_ms = 20 if script.viewer.autoplay else 200
    if starts_well and script.leave_ms > ready_ms:
        told += [(ready_ms, 0, "bc", str(script.kbps)), (ready_ms + 4, 0, "pr", "pr=1,")]
    before = None
    for interval in script.intervals:
        told += _states(interval, before)
        before = interval.kind
    told += [_mark(mark) for mark in script.marks if mark.name in ("rendition", "rate")]
    return sorted(told, key=lambda change: change[:2])


def _states(interval: Interval, before: Kind | None) -> list[_Change]:
    start_ms = interval.start_ms
    if interval.kind is Kind.SLEEP or before is Kind.SLEEP:
        return []
    if interval.kind is Kind.FAILED:
        if before is Kind.STARTUP:
            return [(start_ms, 0, "ps", "f"), (start_ms, 0, "ec", 'ec=("manifestLoadError"),')]
        return [(start_ms, 0, "ps", "r")]
    told = [(start_ms, 0, "ps", _SAYS[interval.kind])]
    if interval.kind is Kind.SEEK and not interval.paused:
        step_ms = max(1, (interval.end_ms - start_ms) // (interval.scrubs + 2))
        for n in range(interval.scrubs + 1):
            if n:
                told.append((start_ms + n * step_ms, 0, "ps", "k"))
            told.append((start_ms + n * step_ms + min(5, step_ms // 2), 0, "ps", "r"))
    return told


def _mark(mark: Mark) -> _Change:
    if mark.name == "rendition":
        return (mark.at_ms, 1, "bc", str(int(mark.value)))
    return (mark.at_ms, 1, "pr", f"pr={mark.value:g},")
