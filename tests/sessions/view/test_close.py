"""How a view ends: its outcome, and what is counted of it once nothing more is expected."""

import msgspec
import pytest

from tests.sessions.driving import T0, beacon, rows, run, run_in_steps, told, totals


def only(story, player="another"):
    (row,) = rows(run(told(story, player=player)))
    return row


def summed(story, name):
    return sum(
        value for (_, field), value in totals(run(told(story, player="another"))).items() if field == name
    )


@pytest.mark.parametrize(
    ("story", "outcome"),
    [
        ("d0 t5000", "unknown"),
        ("s0 t5000", "abandoned"),
        ("s0 f3000 t5000", "start_failed"),
        ("d0 f3000 t5000", "start_failed"),
        ("s0 p400 t5000", "played"),
        ("s0 p400 e5000 t6000", "ended"),
        ("s0 p400 f5000 t6000", "playback_failed"),
        ("s0 p400 f5000 p6000 t7000", "played"),
        ("s0 p400 e5000 p6000 t7000", "ended"),
    ],
)
def test_the_outcome_is_what_became_of_the_view(story, outcome):
    assert only(story).outcome == outcome


@pytest.mark.parametrize(
    ("story", "counts"),
    [
        ("s0 t999", (1, 0, 0, 0)),
        ("s0 t1000", (1, 1, 0, 0)),
        ("s0 f3000 t5000", (0, 0, 1, 0)),
        ("s0 p400 f5000 t6000", (0, 0, 0, 1)),
        ("d0 t5000", (0, 0, 0, 0)),
        ("s0 p400 t5000", (0, 0, 0, 0)),
    ],
)
def test_a_view_counts_where_its_outcome_belongs(story, counts):
    assert tuple(summed(story, name) for name in ("ebvs", "ebvs_ge1s", "vsf", "vpf")) == counts
    assert summed(story, "views_closed") == 1


@pytest.mark.parametrize(
    ("story", "known", "free"),
    [
        ("s0 p400 t5000", 1, 1),
        ("s0 p400 r5000 p7000 t9000", 1, 0),
        ("s0 t5000", 0, 0),
        ("s0 p400 r5000 t5100", 0, 0),
    ],
)
def test_a_started_view_whose_stalls_are_known_counts_as_such(story, known, free):
    assert (summed(story, "views_stall_known"), summed(story, "views_stall_free")) == (known, free)


def test_as_long_as_more_is_expected_nobody_has_given_up():
    beats = " ".join(f"t{at}" for at in range(5_000, 200_000, 5_000))
    outputs = run_in_steps(told(f"s0 {beats}", player="another"), 5_000)
    assert {row.outcome for row in outputs.rows if not row.final} == {"unknown"}
    assert {row.outcome for row in outputs.rows if row.final} == {"abandoned"}


def test_a_load_that_fails_waits_as_long_as_it_was_asked_for():
    error = beacon("s", 3_000, 1, event="error")
    story = [*told("s0", player="another"), error, beacon("s", 5_000, 2, event="heartbeat")]
    (row,) = rows(run([msgspec.structs.replace(item, dims=story[0].dims) for item in story]))
    assert (row.outcome, row.waited_ms, row.failed_ms) == ("start_failed", 3_000, 2_000)


def test_a_player_that_tells_its_load_only_was_perhaps_never_asked():
    row = only("s0 t5000", player="dash.js")
    assert (row.outcome, row.intent_ms) == ("unknown", None)
    assert "not whether playback was asked for" in row.unobservable["outcome"]
    assert row.end_ms - T0 == 5_000
