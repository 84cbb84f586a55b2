"""Stalls by player and CDN: ratios of sums over all rows of a group."""

from local.screen.groups import by_player_and_cdn, watching


def row(player: str, time_ms: int = 0, **sums: int) -> dict[str, object]:
    dims = {"player": player, "cdn": "a", "country": "DE"}
    return {"dimensions": dims, "time": time_ms * 1_000_000, "measures": sums}


def test_the_rows_of_a_group_are_added_up_before_a_ratio_is_made() -> None:
    rows = [
        row("hls.js", play_ms=9_000, stall_ms=1_000, stalls=1, starts=1),
        row("hls.js", play_ms=30_000, stalls=0),
        row("dash.js", play_ms=1_000),
    ]
    lines = by_player_and_cdn(rows)
    assert [line.player for line in lines] == ["hls.js", "dash.js"]
    assert (lines[0].watched_last_hour, lines[0].starts, lines[0].stalls) == ("0.7 min", "1", "1")
    assert lines[0].rebuffer_ratio == "2.50 %"


def test_a_correction_takes_back_what_was_counted() -> None:
    rows = [row("hls.js", play_ms=10_000, stall_ms=5_000), row("hls.js", stall_ms=-5_000)]
    assert by_player_and_cdn(rows)[0].rebuffer_ratio == "0.00 %"


def test_viewers_at_a_time_are_the_active_time_of_its_bucket() -> None:
    rows = [
        row("a", 10_000, active_ms=10_000),
        row("b", 10_001, active_ms=5_000),
        row("a", 20_000, active_ms=1),
    ]
    assert watching(rows, 1, 10_000) == 1.5
