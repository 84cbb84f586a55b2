"""Sums add up: whatever the buckets, and in whatever order they are merged."""

import copy

from hypothesis import given, settings
from hypothesis import strategies as st

from beacon_job.sessions.results import ledger
from beacon_job.sessions.results.histogram import (
    STARTUP_BOUNDS_MS,
    bucket_name,
    startup_bucket,
    startup_quantile,
)
from beacon_job.sessions.results.ledger import SUMS, Ledger, contributions, merge
from beacon_job.sessions.state import PAUSE, PLAY, STALL, STARTUP
from tests.sessions.driving import run, told, totals

UNHURRIED = settings(deadline=None)

stretches = st.lists(
    st.tuples(
        st.sampled_from([STARTUP, PLAY, STALL, PAUSE]),
        st.integers(0, 100_000),
        st.integers(0, 60_000),
        st.sampled_from([-1, 180, 801]),
        st.sampled_from([500, 1_000, 1_333]),
        st.booleans(),
        st.booleans(),
    ),
    max_size=12,
)
sums = st.dictionaries(
    st.integers(0, 5),
    st.dictionaries(st.integers(0, 6), st.integers(-50, 50).filter(bool), min_size=1, max_size=4),
    max_size=4,
)


def entered(items, bucket_ms):
    entered = Ledger(bucket_ms=bucket_ms)
    for phase, begin, took, kbps, rate, ad, hidden in items:
        entered.stretch(0, phase, begin, begin + took, kbps, rate, ad, hidden)
    return entered.sums


def total(by_bucket):
    added = {}
    for fields in by_bucket.values():
        for field, value in fields.items():
            added[field] = added.get(field, 0) + value
    return {field: value for field, value in added.items() if value}


@UNHURRIED
@given(stretches, st.integers(50, 20_000))
def test_splitting_at_any_edge_changes_no_sum(items, bucket_ms):
    assert total(entered(items, bucket_ms)) == total(entered(items, 1 << 40))


@UNHURRIED
@given(stretches)
def test_a_bucket_holds_no_more_time_than_it_lasts(items):
    for item in items:
        for fields in entered([item], 10_000).values():
            assert fields.get(item[0], 0) <= 10_000


@UNHURRIED
@given(
    st.integers(0, 50_000),
    st.integers(0, 50_000),
    st.integers(0, 50_000),
    st.sampled_from([500, 1_000, 1_250]),
)
def test_media_of_parts_is_media_of_the_whole(begin, first, second, rate):
    middle, end = begin + first, begin + first + second
    parts = ledger.media_ms(begin, middle, rate) + ledger.media_ms(middle, end, rate)
    assert parts == ledger.media_ms(begin, end, rate)


def merged(*parts):
    into = {}
    for part in parts:
        merge(into, copy.deepcopy(part))
    return into


@UNHURRIED
@given(sums, sums, sums)
def test_merging_is_associative_and_commutative(one, two, three):
    assert merged(one, two) == merged(two, one)
    assert merged(merged(one, two), three) == merged(one, merged(two, three))


@UNHURRIED
@given(sums)
def test_what_is_taken_away_leaves_no_trace(one):
    into = copy.deepcopy(one)
    merge(into, one, -1)
    assert into == {}


def test_a_stall_over_an_edge_is_split_there_and_counted_where_it_began():
    by_field = totals(run(told("s0 p1000 r9400 p12000 t15000")))
    at = min(bucket for bucket, _ in by_field)
    assert (by_field[at, "stall_ms"], by_field[at + 10_000, "stall_ms"]) == (600, 2_000)
    assert (by_field[at, "stalls"], by_field[at + 10_000, "stalls"]) == (1, 0)


def test_active_time_is_all_but_pause_end_failure_and_the_unknown():
    by_field = totals(run(told("s0 p1000 r3000 p4000 k5000 p6000 a7000 t9000")))
    at = min(bucket for bucket, _ in by_field)
    assert by_field[at, "active_ms"] == 7_000
    assert by_field[at, "pause_ms"] == 2_000


def test_only_what_is_not_zero_is_given_out_and_under_the_names_of_the_fields():
    (item,) = contributions({3: {ledger.STALLS: 2, startup_bucket(120): 1}}, 49_999, ("hls.js",))
    assert item.sums == {"stalls": 2, bucket_name(startup_bucket(120)): 1}
    assert (item.measure_name, item.bucket_ms, item.emit_ms, item.group) == (
        "sessions",
        30_000,
        49_999,
        ("hls.js",),
    )


def test_fields_have_one_name_each():
    assert len(set(SUMS)) == len(SUMS) == ledger.UNNUMBERED + 1


@UNHURRIED
@given(st.integers(100, STARTUP_BOUNDS_MS[-1]))
def test_a_startup_percentile_is_within_5_percent(startup_ms):
    found = startup_quantile({bucket_name(startup_bucket(startup_ms)): 1}, 0.5)
    assert abs(found - startup_ms) <= 0.05 * startup_ms + 1


def test_percentiles_are_read_off_summed_histograms():
    added = {bucket_name(startup_bucket(ms)): 1 for ms in (200, 400, 800, 1_600)}
    assert 190 <= startup_quantile(added, 0.25) <= 210
    assert 1_520 <= startup_quantile(added, 0.99) <= 1_680
    assert startup_quantile({}, 0.5) is None
