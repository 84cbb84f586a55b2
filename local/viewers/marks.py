"""What happens besides: renditions, sound, rate, screen, warnings, an advertisement now and then."""

from random import Random

from local.viewers.habits import LADDER_KBPS, Habits
from local.viewers.script import Interval, Kind, Mark


def marks(rng: Random, habits: Habits, intervals: list[Interval]) -> tuple[Mark, ...]:
    """The marks of a story, in order of time; all lie within play."""
    plays = [interval for interval in intervals if interval.kind is Kind.PLAY]
    total_ms = sum(play.end_ms - play.start_ms for play in plays)
    found: list[Mark] = []
    if not plays:
        return ()

    def moments(per_hour: float) -> list[int]:
        count = int(per_hour * total_ms / 3.6e6 + rng.random())
        chosen = rng.choices(plays, [play.end_ms - play.start_ms for play in plays], k=count)
        return sorted(int(rng.uniform(play.start_ms + 1, play.end_ms - 1)) for play in chosen)

    for at_ms in moments(habits.renditions_per_hour):
        found.append(Mark(at_ms, "rendition", rng.choice(LADDER_KBPS)))
    muted = False
    for at_ms in moments(habits.sounds_per_hour):
        if rng.random() < 0.4:
            muted = not muted
            found.append(Mark(at_ms, "mute" if muted else "unmute", 0.0))
        else:
            found.append(Mark(at_ms, "volume", round(rng.random(), 2)))
    for at_ms in moments(habits.rates_per_hour):
        found.append(Mark(at_ms, "rate", rng.choice((0.75, 1, 1.25, 1.5, 2))))
    found += [Mark(at_ms, "screen", n % 2) for n, at_ms in enumerate(moments(habits.screens_per_hour), 1)]
    found += [Mark(at_ms, "warning", rng.choice((1, 2, 3))) for at_ms in moments(habits.warnings_per_hour)]
    longest = max(plays, key=lambda play: play.end_ms - play.start_ms)
    if longest.end_ms - longest.start_ms > 40_000 and rng.random() < habits.ad_break_share:
        found.append(Mark(longest.start_ms + 2_000, "ad_start", 0.0))
        found.append(Mark(longest.start_ms + 2_000 + int(rng.uniform(6_000, 30_000)), "ad_end", 0.0))
    return tuple(sorted(found, key=lambda mark: mark.at_ms))
