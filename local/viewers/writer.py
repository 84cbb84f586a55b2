"""Writes a viewer's story: a pure function of (seed, index)."""

import math
from hashlib import sha256
from random import Random

from local.viewers.habits import (
    CDNS,
    CHANNELS,
    CONTENTS,
    COUNTRIES,
    DEVICES,
    HABITS,
    LADDER_KBPS,
    PLAYERS,
    Habits,
)
from local.viewers.marks import marks
from local.viewers.script import PRELOADED_MS, Interval, Kind, Script, Viewer

MIN_PLAY_MS = 2_600
"""Shortest play between two incidents: seeks less than 2 s apart would be one."""
MIN_LEAVING_MS = 12_000
"""A stall or pause in which the viewer leaves lasts at least this: a player with a heartbeat speaks in it."""
GRID_MS = 10_000
"""Every player's heartbeat falls on multiples of this; a device falls asleep on one, so that its last word
coincides with the beginning of the silence."""
DAY_MS = 86_400_000


def write_script(
    seed: int, index: int, habits: Habits = HABITS, dialects: tuple[str, ...] = (), run_ms: int = 0
) -> Script:
    """The story of viewer `index`; `dialects` restricts the players (default: all, by their shares).

    The session id depends on `run_ms` as well: the same stories told in another run are other sessions.
    """
    rng = Random(f"script {seed} {index}")
    return _Writer(rng, habits, _viewer(rng, habits, dialects)).write(seed, index, run_ms)


def _viewer(rng: Random, habits: Habits, dialects: tuple[str, ...]) -> Viewer:
    players = [player for player in PLAYERS if not dialects or player.dialect in dialects]
    player = rng.choices(players, [player.share for player in players])[0]
    live = rng.random() < habits.live_share
    return Viewer(
        player=player,
        country=rng.choices(COUNTRIES, [c.share for c in COUNTRIES])[0],
        cdn=rng.choices(CDNS, [c.share for c in CDNS])[0],
        device=rng.choices(DEVICES, [d.share for d in DEVICES])[0],
        stream_type="live" if live else "vod",
        content_id=rng.choice(CHANNELS if live else CONTENTS),
        autoplay=rng.random() < habits.autoplay_share or player.dialect in ("dashjs", "shaka"),
        clock_offset_ms=_clock_offset_ms(rng, habits),
    )


def _clock_offset_ms(rng: Random, habits: Habits) -> int:
    if rng.random() >= habits.clock_wrong_share:
        return int(rng.gauss(0, 150))
    sign = rng.choice((-1, 1))
    span_ms = rng.choices((60_000, 3_600_000, DAY_MS, 365 * DAY_MS), (70, 20, 7, 3))[0]
    return sign * int(span_ms * rng.uniform(0.3, 9.5))


class _Writer:
    """Writes one story from its beginning to its end; `self.now` is where it has come to."""

    def __init__(self, rng: Random, habits: Habits, viewer: Viewer) -> None:
        self.rng, self.habits, self.viewer = rng, habits, viewer
        self.now = 0
        self.intervals: list[Interval] = []
        self.slept = False
        self.outcome = ""

    def write(self, seed: int, index: int, run_ms: int) -> Script:
        rng, habits = self.rng, self.habits
        intent_ms: int | None = None
        if rng.random() < habits.never_asks_share and not self.viewer.autoplay:
            self.now, self.outcome = int(rng.uniform(5_000, 60_000)), "unknown"
        else:
            self.now = intent_ms = (
                0 if self.viewer.autoplay else 400 + int(rng.lognormvariate(math.log(2_000), 0.8))
            )
            self.start()
        return Script(
            seed=seed,
            index=index,
            session_id=_session_id(seed, index, run_ms),
            viewer=self.viewer,
            intent_ms=intent_ms,
            intervals=tuple(self.intervals),
            marks=marks(rng, habits, self.intervals),
            leave_ms=self.now,
            outcome=self.outcome,
            kbps=rng.choice(LADDER_KBPS[2:5]),
        )

    def add(self, kind: Kind, ms: float, **more: object) -> None:
        end_ms = self.now + max(1, int(ms))
        start_ms = self.now
        if kind is Kind.PLAY and self.intervals and self.intervals[-1].kind is kind:
            start_ms = self.intervals.pop().start_ms
        self.intervals.append(Interval(kind, start_ms, end_ms, **more))  # type: ignore[arg-type]
        self.now = end_ms

    def log_normal(self, median_ms: float, sigma: float) -> float:
        return self.rng.lognormvariate(math.log(median_ms), sigma)

    def start(self) -> None:
        rng, habits, cdn = self.rng, self.habits, self.viewer.cdn
        startup_ms = 40 + self.log_normal(habits.startup_median_ms * cdn.startup_factor, habits.startup_sigma)
        if not self.viewer.autoplay and rng.random() < habits.preloaded_share:
            startup_ms = rng.uniform(3, PRELOADED_MS)
        patience_ms = 300 + rng.expovariate(1 / habits.patience_mean_ms)
        if rng.random() < habits.start_failure_share * cdn.stall_factor:
            self.add(Kind.STARTUP, min(startup_ms * 2, patience_ms))
            self.add(Kind.FAILED, MIN_LEAVING_MS + rng.uniform(0, 10_000))
            self.outcome = "start_failed"
        elif patience_ms < startup_ms:
            self.add(Kind.STARTUP, patience_ms)
            self.outcome = "abandoned"
        else:
            self.add(Kind.STARTUP, startup_ms)
            self.outcome = "played"
            self.watch()

    def watch(self) -> None:
        """Play, interrupted by whatever comes first, until the viewer has seen what he wanted to see."""
        rng, habits = self.rng, self.habits
        left_ms = (
            min(habits.watch_max_ms, self.log_normal(habits.watch_median_ms, habits.watch_sigma))
            + MIN_PLAY_MS
        )
        flow = self.viewer.cdn.stall_factor
        hazards = (
            (self.stall, habits.stalls_per_hour * flow),
            (self.pause, habits.pauses_per_hour),
            (self.seek, habits.seeks_per_hour if self.viewer.stream_type == "vod" else 0),
            (self.sleep, habits.sleeps_per_hour),
            (self.fail, habits.failures_per_hour * flow),
        )
        while True:
            waits = [(rng.expovariate(rate / 3.6e6), n) for n, (_, rate) in enumerate(hazards) if rate > 0]
            wait_ms, chosen = min(waits)
            play_ms = max(MIN_PLAY_MS, int(wait_ms))
            if play_ms >= left_ms:
                self.add(Kind.PLAY, left_ms)
                return self.finish()
            self.add(Kind.PLAY, play_ms)
            left_ms -= play_ms
            if hazards[chosen][0]():
                return None
            left_ms = max(left_ms, MIN_PLAY_MS)

    def finish(self) -> None:
        if self.viewer.stream_type == "vod" and self.rng.random() < self.habits.finishes_share:
            self.add(Kind.ENDED, self.rng.uniform(500, 25_000))
            self.outcome = "ended"
        elif self.rng.random() < self.habits.leaves_paused_share:
            self.add(Kind.PAUSE, MIN_LEAVING_MS + self.log_normal(20_000, 1.0))

    def stall(self) -> bool:
        if self.rng.random() < self.habits.leaves_stalled_share:
            self.add(Kind.STALL, MIN_LEAVING_MS + self.rng.uniform(0, 20_000))
            return True
        self.add(Kind.STALL, 300 + self.log_normal(1_800, 0.9))
        return False

    def pause(self) -> bool:
        rng = self.rng
        median_ms = 900_000 if rng.random() < self.habits.long_pause_share else 9_000
        self.add(Kind.PAUSE, 400 + self.log_normal(median_ms, 0.8))
        if rng.random() < 0.15 and self.viewer.stream_type == "vod":
            self.jump(paused=True)
            self.add(Kind.PAUSE, 400 + self.log_normal(3_000, 0.6))
        return False

    def seek(self) -> bool:
        self.jump(paused=False)
        return False

    def jump(self, *, paused: bool) -> None:
        rng = self.rng
        buffered = rng.random() < 0.4
        self.add(
            Kind.SEEK,
            rng.uniform(30, 160) if buffered else 250 + self.log_normal(700, 0.6),
            paused=paused,
            scrubs=0 if buffered or paused or rng.random() < 0.7 else rng.randint(1, 4),
            to_ms=int(rng.uniform(-15_000, 15_000) if buffered else rng.uniform(-120_000, 300_000)),
        )

    def sleep(self) -> bool:
        if self.slept:
            return False
        self.slept = True
        to_grid_ms = -self.now % GRID_MS
        if to_grid_ms:
            self.add(Kind.PLAY, to_grid_ms)
        self.add(Kind.SLEEP, 150_000 + self.log_normal(240_000, 0.7))
        return False

    def fail(self) -> bool:
        self.add(Kind.FAILED, MIN_LEAVING_MS + self.rng.uniform(0, 20_000))
        self.outcome = "playback_failed"
        return True


def _session_id(seed: int, index: int, run_ms: int) -> str:
    digits = sha256(f"session {seed} {index} {run_ms}".encode()).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"
