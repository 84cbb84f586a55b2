"""Synthetic viewers: same seed same bytes, an exact account, stories that conserve time."""

import base64
import json
from collections import Counter, defaultdict
from itertools import islice, pairwise

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beacon_job.decode import decode
from beacon_job.types.beacon import BadRecord, Beacon, KinesisRecord
from local.viewers.account import Account
from local.viewers.broken import BREAKAGES
from local.viewers.concurrency import watching
from local.viewers.dialects import SPEAK
from local.viewers.generate import LEFT_MS, Watching, generate
from local.viewers.habits import HABITS, SHORT, Habits
from local.viewers.network import PERFECT, REAL, Network
from local.viewers.script import Kind
from local.viewers.session import Delivery
from local.viewers.totals import Totals
from local.viewers.truth import SessionTruth, session_truth
from local.viewers.writer import MIN_PLAY_MS, write_script
from tests.places import ROOT

START_MS = 1_795_000_000_000
ROUGH = Network(
    broken_share=0.1, spoilt_share=0.1, duplicate_share=0.05, outage_sessions=0.3, gap_sessions=0.2
)
"""A bad day: everything that can happen on the way happens often."""


def run(seed: int, sessions: int, network: Network = ROUGH) -> tuple[list[Delivery], list[SessionTruth]]:
    truths: list[SessionTruth] = []
    deliveries = generate(
        seed, 10, START_MS, sessions=sessions, habits=SHORT, network=network, tell=truths.append
    )
    return list(deliveries), truths


def read(delivery: Delivery) -> tuple[list[Beacon], list[BadRecord]]:
    items = decode(KinesisRecord(delivery.data, delivery.recv_ms))
    good = [item for item in items if isinstance(item, Beacon)]
    return good, [item for item in items if isinstance(item, BadRecord)]


@pytest.fixture(scope="module")
def rough() -> tuple[list[Delivery], list[SessionTruth]]:
    return run(5, 150)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_sessions() -> None:
    first, again, other = run(1, 20), run(1, 20), run(2, 20)
    assert first == again
    assert [d.data for d in first[0]] == [d.data for d in again[0]]
    assert not {t.session_id for t in first[1]} & {t.session_id for t in other[1]}


def test_the_same_seed_at_another_time_gives_the_same_stories_of_other_sessions() -> None:
    def told(start_ms: int) -> list[SessionTruth]:
        truths: list[SessionTruth] = []
        list(generate(1, 5, start_ms, sessions=20, habits=SHORT, network=PERFECT, tell=truths.append))
        return truths

    first, later = told(START_MS), told(START_MS + 86_400_000)
    assert [t.play_ms for t in first] == [t.play_ms for t in later]
    assert not {t.session_id for t in first} & {t.session_id for t in later}


def test_what_players_post_keeps_to_the_schema() -> None:
    schema = json.loads((ROOT / "schema" / "beacon.schema.json").read_text())
    validator = jsonschema.Draft202012Validator(schema)
    checked = 0
    for delivery in generate(2, 10, START_MS, sessions=25, habits=SHORT, network=PERFECT):
        envelope = json.loads(delivery.data)
        validator.validate(envelope)
        if envelope["content_type"] == "application/json":
            validator.validate(json.loads(base64.b64decode(envelope["body"])))
            checked += 1
    assert checked > 20


def test_no_two_viewers_share_a_session_id(rough: tuple[list[Delivery], list[SessionTruth]]) -> None:
    ids = [truth.session_id for truth in rough[1]]
    assert len(ids) == len(set(ids)) == 150


def test_deliveries_come_in_order_of_arrival(rough: tuple[list[Delivery], list[SessionTruth]]) -> None:
    assert all(before.recv_ms <= after.recv_ms for before, after in pairwise(rough[0]))


def test_every_record_yields_as_many_beacons_and_bad_records_as_the_account_says(
    rough: tuple[list[Delivery], list[SessionTruth]],
) -> None:
    for delivery in rough[0]:
        good, bad = read(delivery)
        assert (len(good), len(bad)) == (delivery.good_events, delivery.bad_records), delivery


def test_every_kind_of_breakage_occurs_and_is_broken_for_its_reason(
    rough: tuple[list[Delivery], list[SessionTruth]],
) -> None:
    seen = {delivery.kind: read(delivery)[1] for delivery in rough[0] if delivery.broken}
    assert {kind: bad[0].reason for kind, bad in seen.items()} == {
        kind: breakage.reason for kind, breakage in BREAKAGES.items()
    }


def test_what_arrives_of_each_session_is_what_its_truth_says_was_stored(
    rough: tuple[list[Delivery], list[SessionTruth]],
) -> None:
    arrived: dict[tuple[str, str], Counter[object]] = defaultdict(Counter)
    for delivery in rough[0]:
        for beacon in read(delivery)[0]:
            key = beacon.seq if beacon.seq >= 0 else (beacon.client_ms, beacon.event)
            arrived[beacon.session_id, beacon.target][key] += 1
    for truth in rough[1]:
        for target, account in truth.targets.items():
            found = arrived[truth.session_id, target]
            assert account.stored + account.repeated == found.total()
            if truth.dialect != "page":
                assert account.stored == len(found)
                assert account.last_seq_stored == max(found, default=-1)
            assert account.sent >= account.stored


def test_a_rough_way_loses_repeats_and_reorders_and_a_perfect_one_does_not(
    rough: tuple[list[Delivery], list[SessionTruth]],
) -> None:
    def reordered(deliveries: list[Delivery]) -> int:
        last: dict[tuple[str, str], int] = {}
        found = 0
        for delivery in deliveries:
            for beacon in read(delivery)[0]:
                place = (beacon.session_id, beacon.target)
                found += beacon.seq < last.get(place, -1)
                last[place] = max(beacon.seq, last.get(place, -1))
        return found

    deliveries, truths = run(5, 40, PERFECT)
    assert (
        sum(t.lost for t in truths) == 0 == sum(d.kind != "good" for d in deliveries) == reordered(deliveries)
    )
    assert sum(t.lost for t in rough[1]) > 0
    assert {"good", "repeated", "spoilt"} <= {d.kind for d in rough[0]}
    assert reordered(rough[0]) > 0


@given(st.integers(0, 2**31), st.integers(0, 2**31), st.sampled_from([HABITS, SHORT]))
@settings(max_examples=200, deadline=None)
def test_a_story_is_without_gaps_from_the_play_request_to_the_end(
    seed: int, index: int, habits: Habits
) -> None:
    script = write_script(seed, index, habits)
    if script.intent_ms is None:
        assert script.intervals == () and script.outcome == "unknown"
        return
    assert script.intervals[0].kind is Kind.STARTUP
    assert script.intervals[0].start_ms == script.intent_ms
    assert script.intervals[-1].end_ms == script.leave_ms
    for before, after in pairwise(script.intervals):
        assert before.end_ms == after.start_ms
        assert before.kind is not after.kind
    assert all(interval.end_ms > interval.start_ms for interval in script.intervals)
    assert all(
        interval.end_ms - interval.start_ms >= 250
        for interval in script.intervals
        if interval.kind is Kind.STALL
    )
    plays = [interval for interval in script.intervals if interval.kind is Kind.PLAY]
    assert all(interval.end_ms - interval.start_ms >= MIN_PLAY_MS for interval in plays)
    assert all(any(p.start_ms < mark.at_ms < p.end_ms for p in plays) for mark in script.marks)


@pytest.mark.parametrize("dialect", SPEAK)
def test_a_player_posts_in_order_of_time_and_numbers_its_events_without_holes(dialect: str) -> None:
    for index in range(400):
        script = write_script(7, index, SHORT if index % 2 else HABITS, (dialect,))
        posts = list(SPEAK[dialect](script, START_MS))
        times = [0, *(post.send_ms for post in posts), script.leave_ms]
        assert times == sorted(times)
        for target in {post.target for post in posts}:
            sent = [post for post in posts if post.target == target and post.first_seq >= 0]
            ends = [0, *(post.first_seq + post.events for post in sent)]
            assert [post.first_seq for post in sent] == ends[:-1]


def test_every_player_every_outcome_and_every_kind_of_interval_occurs() -> None:
    scripts = [write_script(1, index) for index in range(3_000)]
    assert {script.viewer.player.dialect for script in scripts} == set(SPEAK)
    outcomes = {script.outcome for script in scripts}
    assert outcomes == {"played", "ended", "abandoned", "start_failed", "playback_failed", "unknown"}
    assert {interval.kind for script in scripts for interval in script.intervals} == set(Kind)
    marks = {mark.name for script in scripts for mark in script.marks}
    assert {
        "rendition",
        "mute",
        "unmute",
        "volume",
        "rate",
        "screen",
        "warning",
        "ad_start",
        "ad_end",
    } == marks


@given(st.integers(0, 2**31), st.integers(0, 5_000), st.floats(0, 1))
@settings(max_examples=200, deadline=None)
def test_the_truth_conserves_time_wherever_it_is_cut(seed: int, index: int, share: float) -> None:
    script = write_script(seed, index, SHORT)
    cut_ms = int(script.leave_ms * share)
    truth = session_truth(script, START_MS, cut_ms, Account())
    spent_ms = (
        (truth.startup_ms or 0)
        + truth.waited_ms
        + truth.play_ms
        + truth.stall_ms
        + truth.seek_ms
        + truth.pause_ms
        + truth.ended_ms
        + truth.failed_ms
        + truth.unknown_ms
    )
    asked = script.intent_ms is not None and script.intent_ms <= cut_ms
    assert spent_ms == (cut_ms - script.intent_ms if asked else 0)
    assert (truth.intent_ms is None) == (not asked)


def test_ending_a_run_leaves_every_open_session_with_a_truth_that_ends_at_its_last_word() -> None:
    watching = Watching()
    deliveries = generate(9, 10, START_MS, habits=SHORT, network=PERFECT, watching=watching)
    seen = list(islice(deliveries, 400))
    watching.closing = True
    seen += deliveries
    last_ms: dict[str, int] = {}
    for delivery in seen:
        for beacon in read(delivery)[0]:
            last_ms[beacon.session_id] = max(beacon.client_ms, last_ms.get(beacon.session_id, 0))
    truths = [session.truth() for session in watching.sessions.values()]
    assert truths
    for truth in truths:
        if truth.open and truth.dialect in ("sdk", "page"):
            assert truth.heard_ms == last_ms[truth.session_id] - truth.clock_offset_ms


def test_leaving_viewers_are_replaced_for_ever() -> None:
    truths: list[SessionTruth] = []
    watching = Watching()
    for _ in generate(3, 4, START_MS, habits=SHORT, network=REAL, tell=truths.append, watching=watching):
        assert len(watching.sessions) <= 8
        if len(truths) > 40:
            break
    assert len({truth.index for truth in truths}) == len(truths) > 40


def test_totals_are_sums_and_their_ratios_ratios_of_sums() -> None:
    _, truths = run(4, 60, PERFECT)
    totals = Totals()
    for truth in truths:
        totals.add(truth)
    figures = totals.figures()
    starts = sorted(truth.startup_ms for truth in truths if truth.startup_ms is not None)
    watched_ms = sum((t.startup_ms or 0) + t.waited_ms + t.play_ms + t.stall_ms + t.seek_ms for t in truths)
    assert figures["rebuffer_ratio"] == round(sum(t.stall_ms for t in truths) / watched_ms, 6)
    assert figures["starts"] == len(starts)
    assert figures["startup_p50_ms"] == pytest.approx(starts[(len(starts) - 1) // 2], rel=0.011)


def test_viewers_at_a_time_add_up_to_the_time_that_is_known_to_have_been_watched() -> None:
    watchers, truths = Watching(), []
    for _ in generate(
        3,
        20,
        START_MS,
        sessions=40,
        habits=SHORT,
        dialects=("sdk", "page"),
        tell=truths.append,
        watching=watchers,
    ):
        pass
    kept = list(watchers.left)
    ended_ms = max(truth.left_ms for truth in truths)
    told = {truth.session_id: truth for truth in truths}
    known = [told[session.script.session_id] for session in kept]
    watched_ms = sum(
        (truth.startup_ms or truth.waited_ms) + truth.play_ms + truth.stall_ms + truth.seek_ms
        for truth in known
        if truth.dialect != "page"
    )
    buckets = range(START_MS // 10_000, ended_ms // 10_000 + 1)
    assert len(kept) > 5
    assert sum(watching(kept, buckets, 10_000).values()) * 10_000 == pytest.approx(watched_ms)


def test_who_left_is_kept_for_three_minutes_and_no_longer() -> None:
    watchers = Watching()
    for _ in generate(3, 20, START_MS, sessions=200, habits=SHORT, watching=watchers):
        if watchers.left:
            assert watchers.left[-1].over_ms - watchers.left[0].over_ms <= LEFT_MS
    assert 1 < len(watchers.left) < 200
