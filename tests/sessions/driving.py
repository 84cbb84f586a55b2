"""What the tests of the session machine share: recordings, made-up sessions, and ways to run them."""

import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import strategies as st

from beacon_job.replay.archive import request_record
from beacon_job.replay.offline import END_OF_TIME_MS, beacons_of
from beacon_job.sessions.bucket import Bucket, advance, apply, decode_bucket, encode_bucket
from beacon_job.sessions.facts import decode_beacons, encode_beacons
from beacon_job.sessions.results.outputs import Outputs, last_rows
from beacon_job.sessions.results.rows import SessionRow
from beacon_job.sessions.settings import Settings
from beacon_job.types.beacon import Beacon
from tests.places import CAPTURES, CAPTURES_LATER, CAPTURES_VERSIONS

"""Recorded after the rules were made, in other scenarios and with other timings."""
RECORDINGS, LATER, VERSIONS = (
    sorted(str(path.parent.relative_to(root)) for path in root.glob("*/*/requests.jsonl"))
    for root in (CAPTURES, CAPTURES_LATER, CAPTURES_VERSIONS)
)
T0 = 1_800_000_000_000

LETTERS = {
    "d": ("preload", "preloading"),
    "s": ("play_request", "starting"),
    "p": ("playing", "playing"),
    "r": ("stall_start", "rebuffering"),
    "w": ("stall_start", "waiting"),
    "k": ("seek_start", "seeking"),
    "a": ("pause", "paused"),
    "e": ("end", "ended"),
    "f": ("end", "failed"),
}
_END_REASONS = {"e": "ended", "f": "failed"}


def folder_of(recording: str) -> Path:
    """Where a recording lies; no name is in two places."""
    root = CAPTURES_VERSIONS if recording in VERSIONS else CAPTURES_LATER if recording in LATER else CAPTURES
    return root / recording


@cache
def recorded(recording: str) -> tuple[Beacon, ...]:
    """The beacons of a recording, in order of arrival."""
    path = folder_of(recording) / "requests.jsonl"
    errors = io.StringIO()
    with path.open(encoding="utf-8") as lines:
        beacons = tuple(beacons_of(str(path), lines, request_record, errors))
    assert not errors.getvalue()
    return beacons


def truth(recording: str) -> dict[str, Any]:
    """What the video element did: `views`, and the naive reading of the states."""
    loaded: dict[str, Any] = json.loads((folder_of(recording) / "truth.json").read_text())
    return loaded


def beacon(
    letter: str,
    at_ms: int,
    seq: int,
    *,
    session_id: str = "s",
    event: str = "",
    target: str = "state",
    **measures: Any,
) -> Beacon:
    """A CMCD record of a state change (`p`), a heartbeat or another event in a state; empty letter: no
    state."""
    name, state = LETTERS.get(letter, ("", ""))
    if letter in _END_REASONS and not event:
        measures["end_reason"] = _END_REASONS[letter]
    return Beacon(
        event=event or name,
        session_id=session_id,
        client_ms=T0 + at_ms,
        recv_at_ms=T0 + at_ms + 40,
        source="cmcd_event",
        target=target,
        seq=seq,
        state=state,
        tiebreak=max(0, seq) % 1_000_000,
        measures=measures,
        dims={"country": "DE"},
    )


def told(story: str, *, player: str = "test player", **more: Any) -> list[Beacon]:
    """A session as a short text: `s0 p400 t5000 r7000 p9000` says which state was reported when; `t` is a
    heartbeat."""
    beacons: list[Beacon] = []
    state = ""
    for seq, word in enumerate(story.split()):
        letter, at_ms = word[0], int(word[1:])
        if letter == "t":
            made = beacon(state, at_ms, seq, event="heartbeat", **more)
        else:
            state = letter
            made = beacon(letter, at_ms, seq, **more)
        beacons.append(msgspec.structs.replace(made, dims={"player": player, "country": "DE"}))
    return beacons


def arriving(beacons: Iterable[Beacon], delays: Iterable[int]) -> list[Beacon]:
    """The same beacons, each arriving so long after its client time."""
    return [
        msgspec.structs.replace(item, recv_at_ms=item.client_ms + item.correction_ms + delay)
        for item, delay in zip(beacons, delays, strict=False)
    ]


def run(beacons: Sequence[Beacon], settings: Settings | None = None) -> Outputs:
    """All at once, up to the end of time."""
    return apply(Bucket(), decode_beacons(encode_beacons(beacons)), END_OF_TIME_MS, settings or Settings())


def run_in_steps(
    beacons: Sequence[Beacon], step_ms: int, *, lag_ms: int = 0, encoded: bool = False
) -> Outputs:
    """As a stream does it: batch by batch in order of arrival, the watermark behind by `lag_ms`."""
    settings = Settings()
    bucket, total = Bucket(), Outputs()
    waiting = sorted(beacons, key=lambda item: item.recv_at_ms)
    now = waiting[0].recv_at_ms
    while waiting:
        batch = [item for item in waiting if item.recv_at_ms <= now]
        waiting = waiting[len(batch) :]
        outputs = apply(bucket, decode_beacons(encode_beacons(batch)), now - lag_ms, settings)
        add(total, outputs)
        now += step_ms
        if encoded:
            bucket = decode_bucket(encode_bucket(bucket))
    for watermark in range(now, now + 200_000, 7_000):
        add(total, advance(bucket, watermark, settings))
    add(total, advance(bucket, END_OF_TIME_MS, settings))
    return total


def add(total: Outputs, outputs: Outputs) -> None:
    """Collect what was given out."""
    total.contributions += outputs.contributions
    total.rows += outputs.rows


def given(outputs: Outputs) -> tuple[list[bytes], list[bytes]]:
    """Everything given out, in an order that does not depend on the batches."""
    return (
        sorted(msgspec.json.encode(item, order="sorted") for item in outputs.contributions),
        sorted(msgspec.json.encode(item, order="sorted") for item in outputs.rows),
    )


def rows(outputs: Outputs) -> list[SessionRow]:
    """The last row of each view."""
    return sorted(last_rows(outputs.rows), key=lambda row: (row.session_id, row.view))


def said(outputs: Outputs) -> list[dict[str, Any]]:
    """The last rows without the time at which they became known."""
    return [{**msgspec.structs.asdict(row), "version": 0} for row in rows(outputs)]


def totals(outputs: Outputs) -> Counter[tuple[int, str]]:
    """Sums over all windows of knowing, by bucket and field; what is zero is left out."""
    sums: Counter[tuple[int, str]] = Counter()
    for item in outputs.contributions:
        for name, value in item.sums.items():
            sums[item.bucket_ms, name] += value
    return Counter({key: value for key, value in sums.items() if value})


PLAYERS = ("hls.js", "dash.js", "shaka-player", "another")

_step = st.tuples(
    st.sampled_from([1, 30, 90, 249, 250, 400, 2_000, 4_999, 12_000, 40_000, 70_000]),
    st.sampled_from("dssppppprrwkkaaefttttt"),
)


_OTHERS = [("response", "p"), ("response", ""), ("heartbeat", "p"), ("rendition_change", "a")]


@st.composite
def stories(draw: st.DrawFn) -> list[Beacon]:
    """Any session that any player might report, sensible or not: with measures, losses and second loads."""
    player = draw(st.sampled_from(PLAYERS))
    beacons: list[Beacon] = []
    at_ms = 0
    for _ in range(draw(st.integers(1, 2))):
        words = []
        opening = draw(st.sampled_from(["", "d1", "s1", "r1", "t1 d1 s900", "s1 p400", "t1 r1 p400"]))
        for word in opening.split():
            words.append(f"{word[0]}{at_ms + int(word[1:])}")
        at_ms += 1_000
        for gap, letter in draw(st.lists(_step, min_size=1, max_size=18)):
            at_ms += gap
            words.append(f"{letter}{at_ms}")
        beacons += told(" ".join(words), player=player)
        at_ms += 1_000
    others = draw(st.lists(st.tuples(st.integers(0, at_ms), st.sampled_from(_OTHERS)), max_size=12))
    for seq, (when, (event, letter)) in enumerate(sorted(others)):
        made = beacon(letter, when, seq, event=event, target="bulk", response_code=200, buffer_ms=5_000)
        beacons.append(msgspec.structs.replace(made, dims=beacons[0].dims))
    lost = draw(st.sets(st.integers(1, len(beacons)), max_size=4))
    beacons = [item for position, item in enumerate(beacons) if position not in lost]
    extras = st.fixed_dictionaries(
        {},
        optional={
            "bitrate_kbps": st.sampled_from([180, 400, 800]),
            "buffer_ms": st.sampled_from([0, 2_000, 9_000]),
            "startup_hint_ms": st.sampled_from([1, 300, 4_000]),
            "rate": st.sampled_from([0.5, 1.0, 1.5]),
            "dropped_frames": st.integers(0, 50),
            "content_id": st.sampled_from(["programme", "advertisement"]),
        },
    )
    return [
        msgspec.structs.replace(item, measures={**item.measures, **draw(extras)})
        if draw(st.integers(0, 3)) == 0
        else item
        for item in beacons
    ]
