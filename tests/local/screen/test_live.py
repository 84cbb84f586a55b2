"""The terminal's view of the stack."""

import io

import pytest
from rich.console import Console

from local.screen.groups import GroupLine
from local.screen.live import Flow, lines, panel
from local.screen.proof import METRICS, Line

URLS = {name: f"http://127.0.0.1:{port}/somewhere" for port, name in enumerate("abcdef", 8080)}
GROUPS = [GroupLine(f"player-{n}", "cdn-a", "2.1 min", "8", "0", "0.00 %") for n in range(12)]
PROOF = [Line(name, "1", "1") for name in ("sessions compared", *METRICS, "watching a minute ago")]
TOLD = lines(
    Flow(
        job="RUNNING",
        records=316_000,
        beacons=540_000,
        bad={"bad_time": 1, "not_json": 12, "unknown_form": 7},
        rows={"beacon-blog-table": 539_000, "qoe": 18_200, "sessions": 1_234},
    ),
    Flow(job="RUNNING"),
    1.0,
    {},
)


def shown(width: int, height: int) -> list[str]:
    console = Console(file=io.StringIO(), force_terminal=True, width=width, height=height)
    rows = console.render_lines(panel(console, TOLD, PROOF, GROUPS, URLS), pad=False)
    return ["".join(part.text for part in row) for row in rows]


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (200, 60)])
def test_the_view_fits_the_terminal_and_always_shows_what_was_measured_beside_what_is_true(
    size: tuple[int, int],
) -> None:
    rows = shown(*size)
    assert len(rows) <= size[1]
    text = "\n".join(rows)
    assert all(line.metric in text for line in PROOF)
    assert all(name in text for name in TOLD)


def test_the_most_watched_groups_are_worth_more_than_the_addresses() -> None:
    small, high = "\n".join(shown(100, 30)), "\n".join(shown(120, 60))
    assert "player-0" in small and "player-11" not in small and URLS["a"] not in small
    assert "player-11" in high and URLS["a"] in high
