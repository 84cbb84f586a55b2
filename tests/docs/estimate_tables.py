"""Renders the tables of docs/estimates.md: `python -m tests.docs.estimate_tables` writes them."""

from tests.places import ROOT
from tests.sessions.estimate.recordings import LOGS, Found, Quality, found, quality

PAGE = ROOT / "docs" / "estimates.md"
MARK = "<!-- {} -->"

PLAYERS = (
    ("hls.js 1.6.19, 1.7.4", ("hlsjs",)),
    ("dash.js 5.1.1, 5.2.1", ("dashjs",)),
    ("Shaka 5.2, which tells no states", ("shaka/", "shaka-5.2")),
    ("Shaka 4.16 to 5.2, others", ("shakadbg", "shaka-5.1")),
    ("RxPlayer 4.5.0", ("rx",)),
)


def tables() -> dict[str, list[str]]:
    """Name -> lines of a table."""
    return {"players": _players(), "logs": _logs()}


def render() -> str:
    """The page with fresh tables."""
    page = PAGE.read_text()
    for name, lines in tables().items():
        mark = MARK.format(name)
        before, _, rest = page.partition(mark)
        _, _, after = rest.partition(mark)
        page = "".join((before, mark, "\n\n", "\n".join(lines), "\n\n", mark, after))
    return page


def _players() -> list[str]:
    lines = [
        "| player | sessions | stalled | count exact | stall ms error / true | bounds hold | missed"
        " | invented |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, prefixes in (*PLAYERS, ("**all**", ("",))):
        told = [item for item in found() if item.is_estimated and item.recording.name.startswith(prefixes)]
        stalled = [item for item in told if item.recording.true_stalls]
        missed = sum(not item.total("stall_count_estimate") for item in stalled)
        invented = sum(
            bool(item.total("stall_count_estimate")) for item in told if not item.recording.true_stalls
        )
        lines.append(
            f"| {name} | {len(told)} | {len(stalled)} | {_of(sum(i.is_exact for i in told), len(told))}"
            f" | {_error(told)} | {_of(sum(i.is_within for i in told), len(told))} | {missed} | {invented} |"
        )
    return lines


def _error(told: list[Found]) -> str:
    return f"{sum(item.error_ms for item in told)} / {sum(sum(item.recording.true_stalls) for item in told)}"


def _logs() -> list[str]:
    lines = [
        "| the log | null | count exact | stall ms error | bounds hold | missed, invented | first movement:"
        " median, p90 (ms) | startup bound holds |",
        "|---|---|---|---|---|---|---|---|",
    ]
    return lines + [_log(name, quality(name)) for name in LOGS]


def _log(name: str, told: Quality) -> str:
    null = told.sessions - told.estimated
    if not told.true_ms:
        return f"| {name} | {null} of {told.sessions} | | | | | | |"
    moved = told.moved_error_ms
    return (
        f"| {name} | {null} | {_of(told.exact, told.estimated)} | {told.error_ms / told.true_ms:.1%}"
        f" | {_of(told.within, told.estimated)} | {len(told.missed)}, {len(told.invented)}"
        f" | {moved[len(moved) // 2]}, {told.moved_p90_ms} | {_of(told.startups_within, told.startups)} |"
    )


def _of(count: int, total: int) -> str:
    return f"{count / total:.1%}" if total else ""


if __name__ == "__main__":
    PAGE.write_text(render())
