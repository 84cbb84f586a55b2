"""What was not lost lets an exact reader find the truth, to the millisecond, from the beacons alone."""

from collections import defaultdict

import pytest

from beacon_job.beacon import Beacon, KinesisRecord
from beacon_job.decode import decode
from local.viewers.dialects import SPEAK
from local.viewers.generate import generate
from local.viewers.habits import HABITS, SHORT, Habits
from local.viewers.network import PERFECT
from local.viewers.truth import SUMMED, SessionTruth

START_MS = 1_795_000_000_000
SLEEP_MS = 60_000
"""A client that says nothing for so long, without a change of state, slept."""
BECOMES = {
    "starting": "startup",
    "playing": "play",
    "rebuffering": "stall",
    "waiting": "stall",
    "seeking": "seek",
    "paused": "pause",
    "ended": "ended",
    "failed": "failed",
}
TELLS_STATE = set(
    ["play_request", "playing", "pause", "stall_start", "stall_end", "seek_start", "seek_end", "end", "error"]
)
FIGURES = (*SUMMED, "startup_ms", "intent_ms", "said_ms", "outcome")


def exact_reading(beacons: list[Beacon], offset_ms: int) -> dict[str, object]:
    """The reading of one session, complete and unrepeated, by the general rules: waiting before the first
    frame is startup, waiting in a seek is seeking, a long silence is unknown."""
    told = sorted((b for b in beacons if b.event != "response"), key=lambda b: (b.client_ms, b.target, b.seq))
    pieces: list[tuple[str, int, int]] = []
    kind, since_ms, intent_ms, started = "", 0, None, False
    kbps, bits, at_ms = 0, 0, told[0].client_ms
    outcome = "unknown"
    for beacon in told:
        now_ms = beacon.client_ms
        if kind and now_ms - at_ms > SLEEP_MS:
            pieces += [(kind, since_ms, at_ms), ("sleep", at_ms, now_ms)]
            since_ms = now_ms
        elif kind == "play":
            bits += kbps * (now_ms - at_ms)
        at_ms = now_ms
        if beacon.event == "rendition_change":
            kbps = int(beacon.measures.get("bitrate_kbps", kbps))
        if beacon.event not in TELLS_STATE or beacon.target == "bulk":
            continue
        becomes = BECOMES.get(beacon.state, kind)
        if not kind and becomes in ("startup", "stall"):
            becomes, intent_ms = "startup", now_ms - offset_ms
        if becomes == "stall" and kind in ("startup", "seek"):
            becomes = kind
        started = started or becomes == "play"
        if becomes != kind:
            pieces.append((kind, since_ms, now_ms))
            kind, since_ms = becomes, now_ms
    pieces.append((kind, since_ms, at_ms))
    if intent_ms is not None:
        outcome = "played" if started else "abandoned"
    if kind == "failed":
        outcome = "playback_failed" if started else "start_failed"
    elif kind == "ended":
        outcome = "ended"
    lengths: dict[str, list[int]] = defaultdict(list)
    for piece, start_ms, end_ms in pieces:
        if end_ms > start_ms:
            lengths[piece].append(end_ms - start_ms)
    spent = {name: sum(lengths[name]) for name in {*BECOMES.values(), "sleep"}}
    return {
        "startup_ms": spent["startup"] if started else None,
        "waited_ms": 0 if started else spent["startup"],
        **{f"{name}_ms": spent[name] for name in ("play", "stall", "seek", "pause", "ended", "failed")},
        **{f"{name}_count": len(lengths[name]) for name in ("stall", "seek", "pause")},
        "unknown_ms": spent["sleep"],
        "intent_ms": intent_ms,
        "bits": bits,
        "said_ms": at_ms - offset_ms,
        "outcome": outcome,
    }


@pytest.mark.parametrize("dialect", [dialect for dialect in SPEAK if dialect != "page"])
@pytest.mark.parametrize(("habits", "sessions"), [(SHORT, 100), (HABITS, 40)], ids=["short", "real"])
def test_an_exact_reader_finds_the_truth_of_every_session(
    dialect: str, habits: Habits, sessions: int
) -> None:
    truths: list[SessionTruth] = []
    heard: dict[str, list[Beacon]] = defaultdict(list)
    for delivery in generate(
        11,
        20,
        START_MS,
        sessions=sessions,
        habits=habits,
        network=PERFECT,
        dialects=(dialect,),
        tell=truths.append,
    ):
        for item in decode(KinesisRecord(delivery.data, delivery.recv_ms)):
            assert isinstance(item, Beacon)
            heard[item.session_id].append(item)
    assert len(truths) == sessions
    for truth in truths:
        found = exact_reading(heard[truth.session_id], truth.clock_offset_ms)
        hidden = set(truth.unobservable)
        wrong = {
            figure: (found[figure], getattr(truth, figure))
            for figure in FIGURES
            if figure not in hidden and found[figure] != getattr(truth, figure)
        }
        assert not wrong, (wrong, truth)
