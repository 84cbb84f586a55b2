"""What was measured beside what is true: the same sessions, the same fields on both sides."""

from local.screen.proof import compare

TRUTH = {
    "session_id": "a", "open": False, "startup_ms": 500, "waited_ms": 0, "play_ms": 8_500, "stall_ms": 1_000,
    "stall_count": 1, "seek_ms": 0, "outcome": "played",
}  # fmt: skip
ROW = {**TRUTH, "waited_ms": 500}


def told(rows: list[dict[str, object]], truths: list[dict[str, object]]) -> dict[str, tuple[str, str]]:
    return {line.metric: (line.measured, line.true) for line in compare(rows, truths)}


def test_equal_sessions_give_equal_figures() -> None:
    found = told([ROW], [TRUTH])
    assert found["rebuffer ratio"] == ("10.00 %", "10.00 %")
    assert found["startup p50"] == ("500 ms", "500 ms")
    assert all(measured == true for measured, true in found.values())


def test_a_wrong_measurement_shows() -> None:
    assert told([ROW | {"stall_ms": 2_000}], [TRUTH])["rebuffer ratio"] == ("18.18 %", "10.00 %")


def test_what_a_player_hides_is_left_out_of_both_sides() -> None:
    shaka = {name: value for name, value in ROW.items() if name != "startup_ms"} | {"session_id": "b"}
    found = told([ROW, shaka], [TRUTH, TRUTH | {"session_id": "b", "startup_ms": 9_000}])
    assert found["startup p95"] == ("500 ms", "500 ms")
    assert found["sessions compared"] == ("2", "2")


def test_an_outcome_that_cannot_be_told_is_left_out_of_both_sides() -> None:
    found = told([ROW | {"outcome": "unknown"}], [TRUTH | {"outcome": "abandoned"}])
    assert found["exits before start"] == ("0", "0")


def test_sessions_that_only_one_side_knows_to_be_over_are_not_compared() -> None:
    assert told([ROW], [TRUTH | {"open": True}]) == {}
    assert told([ROW | {"session_id": "z"}], [TRUTH]) == {}
