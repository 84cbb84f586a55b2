"""Renders docs/players.md: `python -m tests.docs.report_card` writes it, a test keeps it fresh."""

from beacon_job.sessions.players.fingerprint import SIGNS
from beacon_job.sessions.players.quirk import DECODE, MACHINE
from beacon_job.sessions.players.registry import ENTRIES
from beacon_job.sessions.players.rules import STALL_MIN_MS
from tests.places import ROOT
from tests.sessions.golden import PLAYERS, TELLING, VERSIONS_OF, Accuracy, accuracy, naive_accuracy, pairs

PAGE = ROOT / "docs" / "players.md"

_HEADER = (
    "| player | reading | views | stalls observable | count exact | stall ms error / true | startups"
    " | error: median, p90 (ms) | seeks exact | pauses exact |",
    "|---|---|---|---|---|---|---|---|---|---|",
)
_WHERE = {MACHINE: "session machine", DECODE: "decode"}


def render() -> str:
    """The page, from the registry and a fresh reading of all recordings."""
    parts = (
        _head(),
        _table(),
        _later(),
        _table(later=True),
        _versions(),
        _unobservable(),
        _signs(),
        _quirks(),
    )
    return "\n".join(line for part in parts for line in part)


def _head() -> list[str]:
    found = [pair for player in TELLING for pair in pairs(player)]
    known = [pair for pair in found if pair.row.stall_count is not None]
    exact = sum(pair.row.stall_count == len(pair.true_stalls) for pair in known)
    error_ms = sum(accuracy(player).stall_error_ms for player in TELLING)
    true_ms = sum(accuracy(player).stall_true_ms for player in TELLING)
    return [
        "# Player report card",
        "",
        "What players say is not always what happened. This page is made of `beacon_job/sessions/players`",
        "and of the recordings in `tests/cases/captures`, real builds in a real browser beside a record of",
        "what the video element did; `python -m tests.docs.report_card` writes it, a test keeps it fresh.",
        "",
        "## Accuracy",
        "",
        f"Of the {len(found)} views of players that report states, stalls are observable in {len(known)}"
        f" ({len(known) / len(found):.0%}) and their number is exact in {exact} of these. Stall time is off"
        f" by {error_ms} ms of {true_ms} ms in sum ({error_ms / true_ms:.1%}).",
        "",
        f"A stall is a freeze of at least {STALL_MIN_MS} ms. *Face value* takes the states as they are sent:"
        " `r` is a stall, `k` a seek, `a` a pause, and startup lies between the first `s` and the first `p`."
        " What the beacons cannot tell is null with a reason, and not counted as right or wrong.",
        "",
    ]


def _later() -> list[str]:
    return [
        "### Recorded later",
        "",
        "The rules were made with the recordings above. `tests/cases/captures_later` was recorded",
        "afterwards, in two waves, with the same players in other scenarios and with other timings.",
        "",
        "- The first wave (a to q, x), read blind by the rules of 0.2.0: stalls exact in 100 of 106",
        "  observable views (94 %), stall time off by 13.3 % in sum. Eight faults were found and mended.",
        "- The second wave (v, w), read blind by the mended rules: stalls exact in 72 of 72, every count of",
        "  seeks and pauses exact, stall time off by 1.8 %. Startup at the 90th percentile was off by 340 ms",
        "  (dash.js) and 302 ms (Shaka); three faults of startup and pause were found and mended.",
        "",
        "The table below is of the rules of today, so it is no longer blind. Where a count differs from the",
        "truth, `tests/sessions/test_golden.py` lists it with the reason.",
        "",
    ]


def _table(*, later: bool = False) -> list[str]:
    lines = [*_HEADER]
    for player, name in PLAYERS.items():
        lines.append(_line(name, "**ours**", accuracy(player, later=later)))
        lines.append(_line("", "face value", naive_accuracy(player, later=later)))
    return [*lines, ""]


def _versions() -> list[str]:
    return [
        "### Other versions",
        "",
        "`tests/cases/captures_versions` holds other builds. Shaka before 5.2 has a row of its own below;",
        "5.2.4 says nothing at all of a second load, which is therefore missing.",
        "",
        *_HEADER,
        *(_line(name, "**ours**", accuracy(player)) for player, name in VERSIONS_OF.items()),
        "",
    ]


def _line(name: str, reading: str, figures: Accuracy) -> str:
    startup = "none"
    if figures.startup_median_ms is not None:
        startup = f"{figures.startup_median_ms:.0f}, {figures.startup_p90_ms:.0f}"
    cells = [
        name,
        reading,
        str(figures.views),
        str(figures.stalls_known),
        _share(figures.stalls_exact, figures.stalls_known),
        f"{figures.stall_error_ms} / {figures.stall_true_ms}" if figures.stalls_known else "none",
        str(figures.startups),
        startup,
        _share(figures.seeks_exact, figures.seeks_known),
        _share(figures.pauses_exact, figures.pauses_known),
    ]
    return f"| {' | '.join(cells)} |"


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({part / whole:.0%})" if whole else "none"


def _unobservable() -> list[str]:
    """Which figures of which recordings are null, by reason."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for player in PLAYERS:
        for pair in pairs(player):
            for field, reason in pair.row.unobservable.items():
                if field in ("startup_ms", "stall_count", "pause_ms", "outcome"):
                    reasons.setdefault((field, reason), []).append(pair.recording)
    lines = [
        "## What the beacons do not tell",
        "",
        "| figure | reason | views |",
        "|---|---|---|",
    ]
    for (field, reason), names in sorted(reasons.items()):
        counts = {player: sum(name.startswith(f"{player}/") for name in names) for player in PLAYERS}
        told = ", ".join(f"{player} {count}" for player, count in counts.items() if count)
        lines.append(f"| {field} | {reason} | {told} |")
    return [*lines, ""]


def _signs() -> list[str]:
    lines = [
        "## How a player is recognised",
        "",
        "A player that the sender names wins. Otherwise the first row that fits what a session shows;",
        "sureness as judged from the recordings. A player that fits none is read by the standard.",
        "",
        "| player | versions | sign | sure |",
        "|---|---|---|---|",
    ]
    lines += [f"| {sign.player} | {sign.versions} | {sign.why} | {sign.certainty} % |" for sign in SIGNS]
    return [*lines, ""]


def _quirks() -> list[str]:
    lines = [
        "## Quirks",
        "",
        "R: known from the players' sources. N: found in the recordings.",
        "",
        "| id | player | version | it | taken at face value | made of it | where | seen in |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for entry in ENTRIES:
        cells = [
            entry.id,
            entry.player,
            entry.versions or "all",
            entry.does,
            entry.if_trusted,
            entry.made_of_it,
            _WHERE.get(entry.where, "none"),
            ", ".join(entry.seen_in) or "other recordings",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, ""]


if __name__ == "__main__":
    PAGE.write_text(render())
