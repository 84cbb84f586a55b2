"""What the estimates are judged by: the media requests of recordings, what a worse log makes of them, and the
truth."""

import gzip
import io
import json
import random
import re
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from beacon_job.replay.archive import envelope_record
from beacon_job.replay.offline import beacons_of, rows_of, sessions_of
from beacon_job.sessions.estimate.result import STARTUP_SLACK_MS
from beacon_job.sessions.players.rules import STALL_MIN_MS
from beacon_job.sessions.results.rows import SessionRow
from beacon_job.types.beacon import Beacon
from tests.places import CASES

Line = dict[str, Any]
"""One request, as the origin of the recordings logged it."""


class Recording(NamedTuple):
    name: str
    media: list[Line]
    views: list[dict[str, Any]]

    @property
    def true_stalls(self) -> list[int]:
        """Freezes that count, in ms."""
        return [took for view in self.views for _, took in view["stalls"] if took >= STALL_MIN_MS]


@cache
def recordings() -> tuple[Recording, ...]:
    """All of them."""
    lines = gzip.decompress((CASES / "captures_media" / "recordings.jsonl.gz").read_bytes()).splitlines()
    found = [Recording(kept["recording"], kept["media"], kept["views"]) for kept in map(json.loads, lines)]
    for path in sorted((CASES / "captures_requests").glob("*/*/media.jsonl")):
        told = json.loads((path.parent / "truth.json").read_text())["derived"]
        media = [line for line in map(json.loads, path.read_text().splitlines()) if "CMCD=" in line["query"]]
        name = f"{path.parts[-3]}-req/{path.parts[-2]}"
        found.append(Recording(name, media, told.get("views") or [told]))
    return tuple(found)


def beacons(media: list[Line]) -> list[Beacon]:
    """What decode makes of the lines of a log."""
    errors = io.StringIO()
    found = list(beacons_of("log", map(json.dumps, media), envelope_record, errors))
    assert not errors.getvalue()
    return found


def rows(media: list[Line]) -> list[SessionRow]:
    """What the machine makes of them."""
    return rows_of(sessions_of(beacons(media)))


def moved_ms(row: SessionRow) -> int | None:
    """The first movement that a row tells, epoch ms."""
    return None if row.startup_ms_high is None else row.start_ms + row.startup_ms_high - STARTUP_SLACK_MS


Worse = Callable[[random.Random, list[Line]], list[Line]]
"""What another log would hold of the same requests."""


def lose(share: float) -> Worse:
    """Lines are missing."""
    return lambda chance, media: [line for line in media if chance.random() >= share]


def jitter(most_ms: int) -> Worse:
    """Each line is late by another time."""

    def late(chance: random.Random, media: list[Line]) -> list[Line]:
        found = []
        for line in media:
            by_ms = chance.randint(0, most_ms)
            found.append(line | {"start_ms": line["start_ms"] + by_ms, "end_ms": line["end_ms"] + by_ms})
        return found

    return late


def whole_seconds(_: random.Random, media: list[Line]) -> list[Line]:
    """The time of the request is that of a clock of whole seconds; how long it took is in ms."""
    return [_moved(line, line["start_ms"] // 1_000 * 1_000) for line in media]


def whole_seconds_at_the_end(_: random.Random, media: list[Line]) -> list[Line]:
    """The same of the end of the response, as CloudFront's standard log has it."""
    return [
        _moved(line, line["end_ms"] // 1_000 * 1_000 - line["end_ms"] + line["start_ms"]) for line in media
    ]


def without_ends(_: random.Random, media: list[Line]) -> list[Line]:
    """Nothing tells how long a response took."""
    return [{name: value for name, value in line.items() if name != "end_ms"} for line in media]


def without_buffers(_: random.Random, media: list[Line]) -> list[Line]:
    """The player does not send `bl`."""
    return [line | {"query": line["query"].replace("bl%3D", "dl%3D")} for line in media]


def video_only(_: random.Random, media: list[Line]) -> list[Line]:
    """Audio comes from another CDN."""
    return [line for line in media if "ot%3Da" not in line["query"]]


def named(name: Callable[[int], str]) -> Worse:
    """Segments have other names, made of their numbers, and no request names the next object."""

    def renamed(_: random.Random, media: list[Line]) -> list[Line]:
        found = []
        for line in media:
            segment = re.fullmatch(r"(/media/r\d/)s(\d+)\.m4s", line["path"])
            path = segment[1] + name(int(segment[2])) if segment else line["path"]
            found.append(line | {"path": path, "query": line["query"].replace("nor%3D", "x-nor%3D")})
        return found

    return renamed


def _letters(number: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in str(zlib.crc32(b"%d" % number)))


def _moved(line: Line, start_ms: int) -> Line:
    return line | {"start_ms": start_ms, "end_ms": start_ms + line["end_ms"] - line["start_ms"]}


LOGS: dict[str, Worse | None] = {
    "complete, ms": None,
    "1 % of lines lost": lose(0.01),
    "5 % of lines lost": lose(0.05),
    "20 % of lines lost": lose(0.2),
    "50 ms of jitter a line": jitter(50),
    "100 ms of jitter a line": jitter(100),
    "whole seconds, of the request": whole_seconds,
    "whole seconds, of the end": whole_seconds_at_the_end,
    "video only": video_only,
    "names are times": named(lambda number: f"t{number * 180_000}.m4s"),
    "names have no numbers": named(lambda number: f"{_letters(number)}.m4s"),
    "one file, fetched in pieces": named(lambda _: "video_720p.mp4"),
    "no end or duration of responses": without_ends,
    "no `bl`": without_buffers,
}
"""Name of a log -> what it makes of the requests."""


class Found(NamedTuple):
    """A recording, and what was estimated of it."""

    recording: Recording
    rows: list[SessionRow]

    @property
    def is_estimated(self) -> bool:
        return any(row.stall_count_estimate is not None for row in self.rows)

    def total(self, field: str) -> int:
        return sum(getattr(row, field) or 0 for row in self.rows)

    @property
    def is_exact(self) -> bool:
        return self.total("stall_count_estimate") == len(self.recording.true_stalls)

    @property
    def is_within(self) -> bool:
        true_ms = sum(self.recording.true_stalls)
        return self.total("stall_ms_low") <= true_ms <= self.total("stall_ms_high")

    @property
    def error_ms(self) -> int:
        return abs(self.total("stall_ms_estimate") - sum(self.recording.true_stalls))


@cache
def found(log: str = "complete, ms") -> tuple[Found, ...]:
    """All recordings of which a log of `LOGS` holds anything."""
    worse = LOGS[log]
    everything = []
    for recording in recordings():
        chance = random.Random(zlib.crc32(recording.name.encode()))
        media = worse(chance, recording.media) if worse else recording.media
        if media:
            everything.append(Found(recording, rows(media)))
    return tuple(everything)


class Quality(NamedTuple):
    """How good the estimates of all recordings are."""

    sessions: int
    estimated: int
    exact: int
    error_ms: int
    true_ms: int
    missed: list[str]
    """Recordings that stalled and are said not to."""
    invented: list[str]
    within: int
    """Recordings of which the true stall time lies within the bounds."""
    startups: int
    startups_within: int
    moved_error_ms: list[int]
    """Of first movements, in order."""

    @property
    def moved_p90_ms(self) -> int:
        return self.moved_error_ms[len(self.moved_error_ms) * 9 // 10]


def quality(log: str = "complete, ms") -> Quality:
    """The figures of a log of `LOGS`, of all sessions that have an estimate."""
    everything = found(log)
    told = [item for item in everything if item.is_estimated]
    startups = [
        (view["startup_ms"], row.startup_ms_low, row.startup_ms_high)
        for item in told
        for view, row in zip(item.recording.views[:1], item.rows, strict=False)
        if view["startup_ms"] is not None and row.startup_ms_high is not None
    ]
    moved = [
        abs(at_ms - view["first_movement_ms"])
        for item in told
        for view, row in zip(item.recording.views[:1], item.rows, strict=False)
        if view["first_movement_ms"] is not None and (at_ms := moved_ms(row)) is not None
    ]
    return Quality(
        sessions=len(everything),
        estimated=len(told),
        exact=sum(item.is_exact for item in told),
        error_ms=sum(item.error_ms for item in told),
        true_ms=sum(sum(item.recording.true_stalls) for item in told),
        missed=[
            i.recording.name for i in told if i.recording.true_stalls and not i.total("stall_count_estimate")
        ],
        invented=[
            i.recording.name for i in told if not i.recording.true_stalls and i.total("stall_count_estimate")
        ],
        within=sum(item.is_within for item in told),
        startups=len(startups),
        startups_within=sum(low <= true <= high for true, low, high in startups),
        moved_error_ms=sorted(moved),
    )
