"""How many posts a viewer-hour makes, by way of sending, and what they cost. Pure but for the files it reads.

A viewer-hour is three sessions of twenty minutes, each with what happens in one of the recorded scenarios: a
clean start, a stall, two seeks, a pause with changes of volume. What is sent all the time (signs of life, a
response for each media request, playlists) is counted at its steady rate.
"""

import json
import re
from base64 import b64decode
from collections.abc import Iterator, Sequence, Set
from pathlib import Path

import msgspec

from bench.traffic import CAPTURES

MEASURED = Path(__file__).parent / "cases" / "posts.json"
SCENARIOS = ("a1_clean_click", "b1_stall", "c1_seeks", "d1_pause_volume")
PLAYERS = {"hlsjs": "hls.js", "dashjs": "dash.js", "shakadbg": "Shaka"}
SESSIONS, HOUR_S = 3, 3_600
SEGMENT_S = 6
"""Of usual streams; the recorded ones have 2 s."""
RECORDED_SEGMENT_S = 2
DEFAULT_INTERVAL_S, RECOMMENDED_INTERVAL_S = 30, 40
"""Of CMCD's `t`: by the standard, and by player/cmcd.js."""
DEFAULTS = frozenset({"ps", "e", "rr"})
"""What every CMCD player has (CTA-5004-B), beside `t`; one record a post is the players' default."""
RECOMMENDED = frozenset({"ps", "e", "bc", "pr", "b", "m", "um"})
"""Those of player/cmcd.js, beside `t`."""
_KIND = re.compile(r"(?:^|,)e=(\w+)")

ENVELOPE_BYTES = 480
"""Of the front door's envelope around a body, with a usual user agent."""
USD_PER_REQUEST = 3.50e-6
USD_PER_GB_IN, USD_PER_GB_OUT = 0.08, 0.04
USD_PER_WRITE = 0.50e-6
USD_PER_KPU_HOUR = 0.11
"""us-east-1 list prices: REST API, Kinesis on demand, Timestream, Managed Flink. What does not grow with
viewers is left out: 0.04 an hour for the stream, and 0.22 for the two KPUs that are billed in any case."""
WRITES_PER_BEACON, CPU_S_PER_BEACON = 0.30, 143e-6
"""Of docs/performance.md, live."""


class Way(msgspec.Struct, frozen=True):
    """One way of sending, per viewer-hour."""

    name: str
    player: str
    posts: float
    beacons: float
    body_bytes: float
    """Of one post, on average."""


class Cost(msgspec.Struct, frozen=True):
    """US dollars per 1,000 viewer-hours."""

    door: float
    stream: float
    writes: float
    compute: float

    @property
    def together(self) -> float:
        """The sum."""
        return self.door + self.stream + self.writes + self.compute


def cost(way: Way) -> Cost:
    """What 1,000 viewer-hours cost, sent in this way."""
    posts, beacons = 1_000 * way.posts, 1_000 * way.beacons
    record_kb = -(-(ENVELOPE_BYTES + way.body_bytes * 4 / 3) // 1024)  # Kinesis bills started KB
    return Cost(
        door=posts * USD_PER_REQUEST,
        stream=posts * record_kb / 2**20 * (USD_PER_GB_IN + USD_PER_GB_OUT),
        writes=beacons * WRITES_PER_BEACON * USD_PER_WRITE,
        compute=beacons * CPU_S_PER_BEACON / 3_600 * USD_PER_KPU_HOUR,
    )


def ways() -> list[Way]:
    """All that are compared, the dearest first of each kind."""
    found = [_origin("on demand", 0), _origin("live, a playlist each 6 s", HOUR_S / SEGMENT_S)]
    for folder, player in PLAYERS.items():
        found.append(_cmcd("CMCD, defaults", player, folder, DEFAULTS, DEFAULT_INTERVAL_S))
    for folder, player in PLAYERS.items():
        found.append(_cmcd("CMCD, recommended", player, folder, RECOMMENDED, RECOMMENDED_INTERVAL_S))
    return found + measured()


def measured() -> list[Way]:
    """What was counted where there is no recording: posts, beacons and bytes of so many seconds watched."""
    found = []
    for run in json.loads(MEASURED.read_text()):
        per_hour = HOUR_S / run["watched_s"]
        found.append(
            Way(
                run["way"],
                run["player"],
                run["posts"] * per_hour,
                run["beacons"] * per_hour,
                run["body_bytes"] / run["posts"],
            )
        )
    return found


def _origin(what: str, playlists_per_hour: float) -> Way:
    """A post for each event, as the origin's page sends them; a playlist that is loaded again is one."""
    lines = list(_lines("seed", ("s1_seed",)))
    posts = SESSIONS * len(lines) + playlists_per_hour
    return Way("a post for each event", what, posts, posts, _mean(len(line) for line in lines))


def _cmcd(name: str, player: str, folder: str, kinds: Set[str], interval_s: int) -> Way:
    """CMCD of these kinds and `t`, one record a post."""
    lines = [line for line in _lines(folder, SCENARIOS) if _kind(line) in kinds | {"t"}]
    changes = sum(_kind(line) not in ("t", "rr") for line in lines)
    segments = _played_s(folder) / RECORDED_SEGMENT_S
    responses = sum(_kind(line) == "rr" for line in _lines(folder, SCENARIOS[:1])) if "rr" in kinds else 0
    posts = (
        SESSIONS * changes / len(SCENARIOS) + HOUR_S / interval_s + responses / segments * HOUR_S / SEGMENT_S
    )
    return Way(name, player, posts, posts, _mean(len(line) for line in lines))


def _lines(folder: str, scenarios: Sequence[str]) -> Iterator[str]:
    """Records of a player's recordings, each once, though it is sent to two targets."""
    for scenario in scenarios:
        seen = set()
        for text in (CAPTURES / folder / scenario / "requests.jsonl").read_text().splitlines():
            request = json.loads(text)
            if request["method"] == "POST" and request["status_sent"] < 300:
                for line in b64decode(request["body_b64"]).decode().splitlines():
                    kind = _kind(line)
                    # Both targets get `rr` and `t`; the batched one is the one for them.
                    if kind in ("rr", "t") and request["path"].endswith("/state"):
                        continue
                    if line not in seen:
                        seen.add(line)
                        yield line


def _kind(line: str) -> str:
    match = _KIND.search(line)
    return match[1] if match else ""


def _played_s(folder: str) -> float:
    truth = json.loads((CAPTURES / folder / SCENARIOS[0] / "truth.json").read_text())
    return float(sum(view["play_ms"] for view in truth["views"]) / 1_000)


def _mean(numbers: Iterator[int]) -> float:
    found = list(numbers)
    return sum(found) / len(found)
