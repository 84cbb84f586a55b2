"""Every panel over known viewers, in both stores: the figures are those of docs/metrics.md, counted here from
what was told of each viewer."""

from collections import Counter
from collections.abc import Callable, Iterable
from statistics import mean
from typing import Any

import pytest

from tests.deploy.grafana.stores import Dashboards
from tests.deploy.grafana.world import (
    BEACON_BLOG,
    BEGIN_MS,
    BLOG,
    BOUNCING,
    BROKEN,
    DELAY_MS,
    FAILING,
    LEAVING,
    MINUTE_MS,
    REQUESTS_MS,
    STALLING,
    View,
    requesting,
    views,
)

CROWD = views(BEGIN_MS)
STARTED = [view for view in CROWD if view.story.startup_ms is not None]
EXITS = [view for view in CROWD if view.story is LEAVING]
BOUNCES = [view for view in CROWD if view.story is BOUNCING]
FAILED = [view for view in CROWD if view.story is FAILING]
BEACONS = sum(len(view.story.events) for view in CROWD) + len(BLOG)
ATTEMPTS = len(CROWD) + 1
"""With the viewer of the article, who pressed play."""


def watched_ms(views: Iterable[View]) -> int:
    return sum(view.story.waited_ms + view.story.play_ms + view.story.stall_ms for view in views)


def stall_ms(views: Iterable[View]) -> int:
    return sum(view.story.stall_ms for view in views)


def rebuffer_ratio(views: list[View]) -> float:
    return stall_ms(views) / watched_ms(views)


def play_ms(views: Iterable[View]) -> int:
    return sum(view.story.play_ms for view in views)


def only(dashboards: Dashboards, name: str, id: int, **variables: Any) -> dict[str, Any]:
    (row,) = dashboards.ask(name, id, variables).rows
    return row


STATS: dict[int, tuple[str, float, float | None]] = {
    2: ("rebuffer_ratio", rebuffer_ratio(CROWD), None),
    4: ("start_failures", len(FAILED) / ATTEMPTS, ATTEMPTS),
    5: ("exits_before_start", len(EXITS) / (ATTEMPTS - len(BOUNCES)), ATTEMPTS),
    3: ("p50", 400, len(STARTED)),
}
"""Id of a panel of "Quality of experience" -> its field, its value, its n."""


@pytest.mark.parametrize("id", STATS)
def test_a_figure_of_the_period_is_what_happened(dashboards: Dashboards, id: int) -> None:
    name, value, n = STATS[id]
    row = only(dashboards, "quality", id)
    assert row[name] == pytest.approx(value)
    assert n is None or row["n"] == n
    assert row["completeness"] == 1


def test_viewers_are_those_of_the_minute_that_ended_half_a_minute_ago(dashboards: Dashboards) -> None:
    at_ms = BEGIN_MS + 4 * MINUTE_MS
    then = Dashboards(dashboards.store, BEGIN_MS, at_ms)
    begin_ms, end_ms = at_ms - 90_000, at_ms - 30_000
    active_ms = sum(
        max(0, min(end_ms, view.began_ms + view.story.events[-1][0]) - max(begin_ms, view.began_ms))
        for view in CROWD
    )
    assert only(then, "quality", 1)["active"] == pytest.approx(active_ms / 60_000)


def in_minute(dashboards: Dashboards, id: int, field: str, **variables: Any) -> dict[int, Any]:
    """Minute of the world -> value of a field."""
    rows = dashboards.ask("quality", id, variables).rows
    assert [row["time"] for row in rows] == sorted(row["time"] for row in rows)
    return {int(row["time"] - BEGIN_MS) // MINUTE_MS: row[field] for row in rows if row[field] is not None}


def spread(begins_ms: int, ends_ms: int) -> Counter[int]:
    """Minute -> how much of a stretch falls into it."""
    return Counter(at_ms // MINUTE_MS for at_ms in range(begins_ms - BEGIN_MS, ends_ms - BEGIN_MS, 100))


def per_minute(stretch: Callable[[View], tuple[int, int]], views: Iterable[View]) -> Counter[int]:
    """Minute -> ms of a stretch (from, until in ms after the begin) of all views."""
    total: Counter[int] = Counter()
    for view in views:
        begin_ms, end_ms = stretch(view)
        total += spread(view.began_ms + begin_ms, view.began_ms + end_ms)
    return Counter({minute: 100 * count for minute, count in total.items()})


def test_the_rebuffer_ratio_over_time_is_stalled_over_watched_time_of_each_minute(
    dashboards: Dashboards,
) -> None:
    stalled = per_minute(lambda view: (20_000, 26_000), [view for view in CROWD if view.story is STALLING])
    watched = per_minute(lambda view: (0, view.story.events[-1][0]), CROWD)
    found = in_minute(dashboards, 21, "rebuffer_ratio")
    assert found == pytest.approx({minute: stalled[minute] / watched[minute] for minute in watched})


def test_concurrency_is_the_overlap_of_viewers(dashboards: Dashboards) -> None:
    watched = per_minute(lambda view: (0, view.story.events[-1][0]), CROWD)
    found = in_minute(dashboards, 20, "active")
    assert found == pytest.approx({minute: watched[minute] / MINUTE_MS for minute in watched})


def test_starts_are_counted_in_the_minute_of_the_first_movement(dashboards: Dashboards) -> None:
    moved_ms = [view.began_ms + (view.story.startup_ms or 0) - BEGIN_MS for view in STARTED]
    found = in_minute(dashboards, 22, "starts")
    assert {minute: count for minute, count in found.items() if count} == Counter(
        at_ms // MINUTE_MS for at_ms in moved_ms
    )


def test_startup_percentiles_are_of_the_views_that_began(dashboards: Dashboards) -> None:
    by_minute: dict[int, list[int]] = {}
    for view in STARTED:
        by_minute.setdefault((view.began_ms - BEGIN_MS) // MINUTE_MS, []).append(view.story.startup_ms or 0)
    assert in_minute(dashboards, 23, "p95") == {minute: max(found) for minute, found in by_minute.items()}
    counts = in_minute(dashboards, 23, "n")
    assert {minute: counts[minute] for minute in by_minute} == {
        minute: len(found) for minute, found in by_minute.items()
    }


def test_bitrate_and_switches_are_weighted_by_play(dashboards: Dashboards) -> None:
    hour = Dashboards(dashboards.store, BEGIN_MS, BEGIN_MS + 30 * MINUTE_MS)
    (bitrate,) = hour.ask("quality", 26, interval_ms=180 * MINUTE_MS).rows
    (switches,) = hour.ask("quality", 27, interval_ms=180 * MINUTE_MS).rows
    played = play_ms(CROWD)
    assert bitrate["bitrate_kbps"] == pytest.approx(sum(view.story.kbps_ms for view in CROWD) / played)
    assert switches["switches_per_hour"] == pytest.approx(
        3.6e6 * sum(view.story.switches for view in CROWD) / played
    )


def test_stalls_and_failures_over_the_whole_time(dashboards: Dashboards) -> None:
    (stalls,) = dashboards.ask("quality", 25, interval_ms=180 * MINUTE_MS).rows
    (failures,) = dashboards.ask("quality", 24, interval_ms=180 * MINUTE_MS).rows
    assert stalls["stalls_per_hour"] == pytest.approx(
        3.6e6 * sum(view.story.stalls for view in CROWD) / play_ms(CROWD)
    )
    assert failures["playback_failures"] == 0
    assert failures["start_failures"] == pytest.approx(len(FAILED) / ATTEMPTS)


def test_a_filter_leaves_the_viewers_of_the_chosen_groups(dashboards: Dashboards) -> None:
    of_b = [view for view in CROWD if view.who.cdn == "edge-b"]
    phones = [view for view in of_b if view.who.device == "phone"]
    assert only(dashboards, "quality", 2, cdn=["edge-b"])["rebuffer_ratio"] == pytest.approx(
        rebuffer_ratio(of_b)
    )
    found = only(dashboards, "quality", 2, cdn=["edge-b", "edge-a"], device=["phone"])
    assert found["rebuffer_ratio"] == pytest.approx(rebuffer_ratio(phones))


def test_a_figure_of_nobody_is_unknown_and_no_zero(dashboards: Dashboards) -> None:
    row = only(dashboards, "quality", 2, cdn=["nobody's"])
    assert row["rebuffer_ratio"] is None
    assert row["completeness"] is None


@pytest.mark.parametrize(
    ("by", "of"),
    [
        ("cdn", lambda who: who.cdn),
        ("os", lambda who: who.os),
        ("content_id", lambda who: who.content),
        ("player_release", lambda who: f"{who.player} {who.version}"),
    ],
)
def test_groups_have_the_figures_of_their_views(
    dashboards: Dashboards, by: str, of: Callable[[Any], str]
) -> None:
    groups: dict[str, list[View]] = {}
    for view in CROWD:
        groups.setdefault(of(view.who), []).append(view)
    rows = {row["viewer_group"]: row for row in dashboards.ask("quality", 40, {"by": by}).rows}
    assert {*rows} - {"unknown", "unknown "} == {*groups}
    for name, members in groups.items():
        found = rows[name]
        bounced = sum(view in BOUNCES for view in members)
        assert found["n"] == len(members)
        assert found["rebuffer_ratio"] == pytest.approx(rebuffer_ratio(members))
        assert found["start_failures"] == pytest.approx(
            sum(view in FAILED for view in members) / len(members)
        )
        assert found["exits_before_start"] == pytest.approx(
            sum(view in EXITS for view in members) / (len(members) - bounced)
        )
        assert found["playback_failures"] == 0
        starts = sorted(view.story.startup_ms or 0 for view in members if view in STARTED)
        assert found["startup_p50"] == starts[(len(starts) - 1) // 2]


def test_impact_is_what_a_group_costs_everybody(dashboards: Dashboards) -> None:
    rows = dashboards.ask("quality", 41, {"min_n": "1"}).rows
    costs = [row["impact"] for row in rows]
    assert costs == sorted(costs, reverse=True)
    worst = rows[0]
    matches = [view for view in CROWD if view.who.content == "match"]
    others = [view for view in CROWD if view.who.content != "match"]
    assert (worst["dimension"], worst["value"], worst["n"]) == ("content_id", "match", len(matches))
    lower = rebuffer_ratio(CROWD) - (
        rebuffer_ratio(others) * watched_ms(matches) + stall_ms(others)
    ) / watched_ms(CROWD)
    assert worst["impact"] == pytest.approx(lower)
    assert worst["rebuffer_ratio_of_others"] == pytest.approx(rebuffer_ratio(others))


def test_groups_of_too_few_are_no_worst_groups(dashboards: Dashboards) -> None:
    rows = dashboards.ask("quality", 41, {"min_n": "10"}).rows
    assert min(row["n"] for row in rows) >= 10
    assert "shaka-player 5.2.12" not in {row["value"] for row in rows}


def test_errors_are_counted_by_code_and_message_and_the_sessions_they_touched(dashboards: Dashboards) -> None:
    (row,) = dashboards.ask("quality", 42, {"by": "content_id"}).rows
    assert row == {
        "error_code": "E1",
        "error_message": "no manifest",
        "viewer_group": "match",
        "errors": len(FAILED),
        "fatal": len(FAILED),
        "n": len(FAILED),
    }


def test_the_sessions_that_stalled_most_come_first_and_unknown_ones_last(dashboards: Dashboards) -> None:
    rows = dashboards.ask("quality", 43).rows
    stalling = [view for view in CROWD if view.story is STALLING]
    assert [row["stall_ms"] for row in rows[: len(stalling)]] == [6_000] * len(stalling)
    assert {row["session_id"] for row in rows[: len(stalling)]} == {view.session for view in stalling}
    assert all(row["stall_ms"] in (0, None) for row in rows[len(stalling) :])


ONE = next(view for view in CROWD if view.story is STALLING)


def test_one_session_is_told_with_what_was_measured_of_it(dashboards: Dashboards) -> None:
    row = only(dashboards, "session", 1, session=ONE.session)
    story = ONE.story
    told = ("outcome", "startup_ms", "play_ms", "stall_ms", "switches")
    assert [row[name] for name in told] == [getattr(story, name) for name in told]
    assert (row["stall_count"], row["content_id"], row["os"]) == (1, ONE.who.content, ONE.who.os)
    assert row["n"] == len(story.events)


def test_the_timeline_of_a_session_is_what_it_did(dashboards: Dashboards) -> None:
    rows = dashboards.ask("session", 2, {"session": ONE.session}).rows
    assert [(row["time"] - ONE.began_ms, row["state"]) for row in rows] == [
        (0, "startup"),
        (1_000, "play"),
        (20_000, "stall"),
        (26_000, "play"),
        (60_000, None),
    ]


def test_what_the_player_reported_stands_beside_it(dashboards: Dashboards) -> None:
    rows = dashboards.ask("session", 3, {"session": ONE.session}).rows
    assert [row["state"] for row in rows] == ["starting", "playing", "rebuffering", "playing"]


def test_samples_of_buffer_and_bitrate_are_those_that_were_sent(dashboards: Dashboards) -> None:
    smooth = CROWD[0]
    sent = [
        (smooth.began_ms + at_ms, more["buffer_ms"], more["bitrate_kbps"])
        for at_ms, _, more in smooth.story.events
        if "buffer_ms" in more
    ]
    buffer = dashboards.ask("session", 4, {"session": smooth.session}).rows
    bitrate = dashboards.ask("session", 5, {"session": smooth.session}).rows
    assert [(row["time"], row["buffer_ms"]) for row in buffer] == [(at, ms) for at, ms, _ in sent]
    assert [(row["time"], row["bitrate_kbps"]) for row in bitrate] == [(at, kbps) for at, _, kbps in sent]


def test_every_event_of_a_session_is_listed_in_order(dashboards: Dashboards) -> None:
    rows = dashboards.ask("session", 7, {"session": ONE.session}).rows
    assert [(row["time"] - ONE.began_ms, row["event"]) for row in rows] == [
        (at_ms, kind) for at_ms, kind, _ in ONE.story.events
    ]


def test_what_cannot_be_known_of_a_session_is_named_with_the_reason(dashboards: Dashboards) -> None:
    row = only(dashboards, "session", 6, session=BEACON_BLOG)
    assert "stall_ms" in row["unobservable"].split(",")
    assert "the page says only when play and pause were pressed" in row["unobservable_why"].split(" | ")


def test_a_session_of_which_all_is_known_hides_nothing(dashboards: Dashboards) -> None:
    assert dashboards.ask("session", 6, {"session": ONE.session}).rows == []


def test_a_session_nobody_knows_is_no_row(dashboards: Dashboards) -> None:
    for id in range(1, 8):
        assert dashboards.ask("session", id, {"session": "x' OR '1' = '1"}).rows == []


@pytest.mark.parametrize(("id", "event"), [(1, "started"), (2, "paused"), (3, "volume_changed")])
def test_a_panel_of_the_blog_counts_its_event_over_elapsed_time(
    dashboards: Dashboards, id: int, event: str
) -> None:
    elapsed = Counter(at_ms // 5_000 * 5 for at_ms, name in BLOG if name == event)
    rows = dashboards.ask("blog", id).rows
    assert {row["elapsed_s"]: row["events"] for row in rows} == elapsed


def test_the_pipeline_counts_beacons_their_delay_and_what_was_broken(dashboards: Dashboards) -> None:
    assert only(dashboards, "pipeline", 2)["figure"] == BEACONS
    assert only(dashboards, "pipeline", 3)["figure"] == pytest.approx(len(BROKEN) / (len(BROKEN) + BEACONS))
    assert only(dashboards, "pipeline", 4)["figure"] == DELAY_MS
    delays = [row["delay_ms"] for row in dashboards.ask("pipeline", 11).rows]
    assert mean(delays) == DELAY_MS
    rates = dashboards.ask("pipeline", 10).rows
    assert sum(row["beacons"] for row in rates) * 60 == pytest.approx(BEACONS)


def test_dead_letters_are_told_by_reason(dashboards: Dashboards) -> None:
    table = {row["reason"]: row["n"] for row in dashboards.ask("pipeline", 13).rows}
    assert table == {"not_json": 2, "empty": 1}
    rows = dashboards.ask("pipeline", 12).rows
    assert [row["not_json"] for row in rows if row["not_json"]] == [2]
    assert all(row["bad_time"] is None for row in rows)


def test_the_age_of_the_data_is_that_of_the_newest_bucket(dashboards: Dashboards) -> None:
    newest_ms = max(view.began_ms + view.story.events[-1][0] + DELAY_MS for view in CROWD) // 10_000 * 10_000
    assert only(dashboards, "pipeline", 1)["data_age_ms"] == dashboards.to_ms - newest_ms


def test_completeness_over_time_is_whole_where_nothing_was_lost(dashboards: Dashboards) -> None:
    rows = dashboards.ask("pipeline", 14).rows
    assert {row["complete"] for row in rows} == {1}
    assert {row["twice"] for row in rows} == {row["late"] for row in rows} == {0}


def test_variables_offer_the_values_of_the_period(dashboards: Dashboards) -> None:
    assert dashboards.offered("quality", "cdn") == ["edge-a", "edge-b", "unknown"]
    assert dashboards.offered("quality", "player") == ["hls.js", "shaka-player", "unknown"]


ESTIMATED = requesting(BEGIN_MS).rows[-1]


def before(dashboards: Dashboards) -> Dashboards:
    """The time of the viewer whose player tells no states."""
    return Dashboards(dashboards.store, BEGIN_MS + REQUESTS_MS - MINUTE_MS, BEGIN_MS - MINUTE_MS)


def test_estimated_stalls_are_a_band_apart_from_what_was_measured(dashboards: Dashboards) -> None:
    (estimated,) = before(dashboards).ask("quality", 30, interval_ms=180 * MINUTE_MS).rows
    watched = (ESTIMATED.stall_ms_estimate or 0) + (ESTIMATED.play_ms_estimate or 0)
    assert estimated["n"] == 1
    for name, value in (
        ("estimate", ESTIMATED.stall_ms_estimate),
        ("low", ESTIMATED.stall_ms_low),
        ("high", ESTIMATED.stall_ms_high),
    ):
        assert estimated[name] == pytest.approx((value or 0) / watched)
    assert 0 < estimated["low"] < estimated["estimate"] < estimated["high"]
    assert only(before(dashboards), "quality", 2)["rebuffer_ratio"] is None


def test_bounds_of_the_startup_are_those_of_the_view(dashboards: Dashboards) -> None:
    (bounds,) = before(dashboards).ask("quality", 31, interval_ms=180 * MINUTE_MS).rows
    assert (bounds["low"], bounds["high"]) == (ESTIMATED.startup_ms_low, ESTIMATED.startup_ms_high)


def test_estimates_of_a_session_stand_beside_the_reason_why_nothing_was_measured(
    dashboards: Dashboards,
) -> None:
    row = only(before(dashboards), "session", 6, session=ESTIMATED.session_id)
    names = ("stall_count_estimate", "stall_ms_estimate", "stall_ms_low", "stall_ms_high", "play_ms_estimate")
    assert [row[name] for name in names] == [getattr(ESTIMATED, name) for name in names]
    assert "the player sends no states" in row["unobservable_why"].split(" | ")
