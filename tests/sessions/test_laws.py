"""The laws of the session machine, over made-up sessions of every kind and over the recordings of real
players."""

from itertools import pairwise
from random import Random

import msgspec
import pytest
from hypothesis import given as for_any
from hypothesis import settings
from hypothesis import strategies as st

from beacon_job.replay.offline import line_of, rows_of
from beacon_job.sessions.settings import Settings
from tests.sessions.driving import (
    RECORDINGS,
    arriving,
    beacon,
    given,
    recorded,
    rows,
    run,
    run_in_steps,
    said,
    stories,
    totals,
)

WAIT_MS = Settings().wait_ms
EXAMPLES = settings(max_examples=40, deadline=None)
MIXED = [
    name
    for name in RECORDINGS
    if name.split("/")[1] in {"b1_stall", "c3_seek_paused", "l1_second_load"}
    and not name.startswith("videojs")
]

PARTS = ("waited_ms", "play_ms", "stall_ms", "seek_ms", "pause_ms", "ended_ms", "failed_ms", "unknown_ms")
FIELD_OF = {"waited_ms": "startup_ms"}


@EXAMPLES
@for_any(stories())
def test_time_is_conserved_in_every_session(story):
    sums = totals(run(story))
    assert all(value >= 0 for value in sums.values())
    for row in rows(run(story)):
        known = [getattr(row, part) for part in PARTS]
        assert all(value is None or value >= 0 for value in known)
        assert row.startup_ms in (None, row.waited_ms)
        if row.intent_ms is not None and None not in known:
            assert sum(known) == row.end_ms - row.intent_ms


@EXAMPLES
@for_any(stories())
def test_slices_and_rows_tell_the_same(story):
    outputs = run(story)
    sums = totals(outputs)
    for part in PARTS:
        values = [getattr(row, part) for row in rows(outputs)]
        if None not in values:
            name = FIELD_OF.get(part, part)
            assert sum(count for (_, field), count in sums.items() if field == name) == sum(values), part


@EXAMPLES
@for_any(stories())
def test_the_timeline_adds_up_to_the_time_in_each_phase(story):
    for row in rows(run(story)):
        steps = [step.split() for step in row.timeline.split(";")] if row.timeline else []
        took = dict.fromkeys(PARTS, 0)
        for (begin, phase), (end, _) in pairwise(steps):
            if phase != "idle":
                took["waited_ms" if phase == "startup" else f"{phase}_ms"] += int(end) - int(begin)
        for part in PARTS:
            assert getattr(row, part) in (None, took[part]), (part, row.timeline)


@EXAMPLES
@for_any(stories())
def test_slices_and_rows_count_the_same_beacons(story):
    outputs = run(story)
    sums = totals(outputs)

    def total(name):
        return sum(count for (_, field), count in sums.items() if field == name)

    assert total("recv") == sum(row.beacons_received for row in rows(outputs))
    expected = [row.beacons_expected for row in rows(outputs)]
    assert None in expected or total("expected") == sum(expected)


@EXAMPLES
@for_any(stories(), st.data())
def test_any_order_of_arrival_within_the_wait_gives_the_same_rows(story, data):
    delays = data.draw(st.lists(st.integers(0, WAIT_MS - 1), min_size=len(story), max_size=len(story)))
    assert said(run(arriving(story, delays))) == said(run(arriving(story, [0] * len(story))))


@EXAMPLES
@for_any(stories(), st.data())
def test_any_repetition_gives_the_same_rows(story, data):
    again = data.draw(st.lists(st.sampled_from(story), max_size=20))
    delays = data.draw(st.lists(st.integers(0, WAIT_MS - 1), min_size=len(again), max_size=len(again)))
    once = arriving(story, [0] * len(story))
    assert said(run(once + arriving(again, delays))) == said(run(once))


@pytest.mark.parametrize("name", MIXED)
@settings(max_examples=8, deadline=None)
@for_any(st.integers(0, 1 << 32))
def test_recordings_may_arrive_in_any_order_and_many_times(name, seed):
    random = Random(seed)
    beacons = recorded(name)
    again = [random.choice(beacons) for _ in range(30)]
    delays = [random.randrange(WAIT_MS) for _ in range(len(beacons) + len(again))]
    shuffled = run(arriving([*beacons, *again], delays))
    straight = run(arriving(beacons, [0] * len(beacons)))
    assert said(shuffled) == said(straight)
    assert _but_repeated(totals(shuffled)) == totals(straight)


def _but_repeated(sums):
    return {key: value for key, value in sums.items() if key[1] != "dup"}


@EXAMPLES
@for_any(stories(), st.sampled_from([1_000, 3_700, 10_000, 61_000]), st.sampled_from([0, 5_000]))
def test_batches_and_steps_of_the_watermark_change_nothing(story, step_ms, lag_ms):
    delayed = arriving(story, [n * 7_919 % 14_000 for n in range(len(story))])
    assert given(run_in_steps(delayed, step_ms, lag_ms=lag_ms)) == given(run(delayed))


@EXAMPLES
@for_any(stories())
def test_storing_the_state_between_any_two_inputs_changes_nothing(story):
    delayed = arriving(story, [n * 7_919 % 14_000 for n in range(len(story))])
    assert given(run_in_steps(delayed, 2_500, encoded=True)) == given(run(delayed))


@pytest.mark.parametrize("name", MIXED)
def test_a_recording_gives_the_same_in_one_batch_and_in_many_stored_ones(name):
    assert given(run_in_steps(recorded(name), 500, lag_ms=5_000, encoded=True)) == given(run(recorded(name)))


@EXAMPLES
@for_any(stories(), st.data())
def test_noise_changes_no_durations(story, data):
    zero = beacon("", 0, 0).client_ms
    told_at = [item.client_ms - zero for item in story]
    times = data.draw(st.lists(st.integers(min(told_at), max(told_at)), max_size=12))
    player = story[0].dims
    noise = [
        msgspec.structs.replace(
            beacon("", at, seq, event=data.draw(st.sampled_from(_NOISE)), target="noise"), dims=player
        )
        for seq, at in enumerate(sorted(times))
    ]
    quiet, noisy = run(story), run([*story, *noise])
    assert _durations(noisy) == _durations(quiet)


_NOISE = ("heartbeat", "response", "rendition_change", "custom", "volume_change", "request")
_COUNTED = ("intent_ms", "startup_ms", "stall_count", "seek_count", "pause_count", "outcome", *PARTS)


def _durations(outputs):
    """Of a view that tells no states all is unknown, for as long as something is heard of it: noise, too."""
    return [
        {name: getattr(row, name) for name in _COUNTED if name != "unknown_ms" or row.play_ms is not None}
        for row in rows(outputs)
    ]


@pytest.mark.parametrize("name", MIXED)
def test_replaying_twice_gives_the_same_bytes(name):
    def once():
        return "\n".join(line_of(row) for row in rows_of(run(recorded(name)))).encode()

    assert once() == once()


_SNAPSHOTS = ("heartbeat", "response", "request", "rendition_change", "custom")
_NEEDS_STATES = ("play_ms", "stall_count", "stall_ms", "seek_count", "seek_ms", "pause_count", "pause_ms")


@st.composite
def snapshots(draw, most=12):
    """Records that show a state and tell no change of one, on targets of their own."""
    told = draw(
        st.lists(
            st.tuples(st.integers(0, 90_000), st.sampled_from(_SNAPSHOTS), st.sampled_from("dspkraef")),
            min_size=1,
            max_size=most,
        )
    )
    return [
        beacon(sta, at_ms, seq, event=event, target=f"snapshots of {event}")
        for seq, (at_ms, event, sta) in enumerate(sorted(told))
    ]


@EXAMPLES
@for_any(snapshots())
def test_of_a_session_that_tells_no_change_of_state_nothing_is_known_that_needs_them(shown):
    outputs = run(shown)
    (row,) = rows(outputs)
    assert [getattr(row, name) for name in _NEEDS_STATES] == [None] * len(_NEEDS_STATES)
    assert row.unknown_ms == row.end_ms - row.start_ms
    assert "views_stall_known" not in {name for _, name in totals(outputs)}


@EXAMPLES
@for_any(stories(), snapshots())
def test_more_records_that_tell_no_change_never_turn_null_into_a_figure(story, shown):
    # Of another sender: a trace of the player would be more than a state in passing.
    shown = [msgspec.structs.replace(item, source="sdk", dims=story[0].dims) for item in shown]
    # Nor by a player that is taken for one without states, because it tells its startup before any.
    story = [msgspec.structs.replace(item, measures=_without_hint(item.measures)) for item in story]
    within = [item for item in shown if story[0].client_ms <= item.client_ms <= story[-1].client_ms]
    before, after = rows(run(story)), rows(run([*story, *within]))
    if len(before) == len(after):
        for one, more in zip(before, after, strict=True):
            for name in _NEEDS_STATES:
                assert getattr(one, name) is not None or getattr(more, name) is None, name


def _without_hint(measures):
    return {name: value for name, value in measures.items() if name != "startup_hint_ms"}
