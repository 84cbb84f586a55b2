"""The benchmarks' arithmetic, traffic and report. What they measure is not tested here."""

import base64
import json
import urllib.request
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beacon_job.config import parse
from beacon_job.decode import decode
from beacon_job.sessions.facts import decode_beacons
from beacon_job.stores import open_store
from beacon_job.types.beacon import Beacon, KinesisRecord
from beacon_job.types.parts import SESSIONS, WATERMARK, unpack
from beacon_job.types.point import Point
from bench import crowd, naive, traffic
from bench.accounting import Ledger, Sample, part_means, percentile, rate_per_s, slope_us
from bench.in_process import STAGES, InProcess
from bench.report import Goal, Section, Table, markdown, number, page, plain
from bench.sections import SECTIONS
from local.aws.tables import DATABASE, ensure_tables
from local.flink.conf import EMULATOR_ENVIRONMENT
from local.timestream.testing import TimestreamServer
from tests.places import ROOT

NOW_MS = 1_795_500_000_000


def samples(*points: tuple[float, int, float]) -> list[Sample]:
    """(seconds, done, CPU seconds) each."""
    return [Sample(at_s, done, {"jvm": cpu_s}) for at_s, done, cpu_s in points]


@given(
    cost_us=st.floats(1, 1_000),
    start_s=st.floats(0, 100),
    steps=st.lists(st.integers(1, 50_000), min_size=4, max_size=30),
)
def test_a_slope_is_what_one_more_beacon_costs_whatever_the_start_cost(
    cost_us: float, start_s: float, steps: list[int]
) -> None:
    done = [sum(steps[:n]) for n in range(1, len(steps) + 1)]
    found = slope_us(samples(*((n, d, start_s + d * cost_us / 1e6) for n, d in enumerate(done))), from_done=0)
    assert found["jvm"] == pytest.approx(cost_us, rel=1e-6, abs=1e-6)


def test_what_was_used_before_the_warm_up_ended_is_not_in_the_slope() -> None:
    run = samples((0, 0, 0), (1, 10, 50), (2, 1_000, 60), (3, 2_000, 61), (4, 3_000, 62))
    assert slope_us(run, from_done=1_000)["jvm"] == pytest.approx(1_000)


def test_idling_after_the_end_costs_no_beacon_anything() -> None:
    run = samples((1, 1_000, 1), (2, 2_000, 2), (3, 3_000, 3), (4, 3_000, 9), (5, 3_000, 20))
    assert slope_us(run, from_done=0)["jvm"] == pytest.approx(1_000)
    assert rate_per_s(run, from_done=0) == pytest.approx(1_000)


def test_a_slope_counts_per_beacon_sent_where_another_unit_was_watched() -> None:
    run = samples((1, 1_000, 1), (2, 2_000, 2), (3, 3_000, 3))
    assert slope_us(run, from_done=0, per=0.5)["jvm"] == pytest.approx(500)


def test_too_little_progress_is_no_slope() -> None:
    with pytest.raises(ValueError, match="2 samples of progress after 0 beacons"):
        slope_us(samples((1, 1_000, 1), (2, 2_000, 2)), from_done=0)


def test_a_worker_that_has_ended_stays_in_the_account_and_its_pid_may_come_again() -> None:
    ledger = Ledger()
    ledger.note(7, 100.0, "python", 1.5)
    ledger.note(7, 100.0, "python", 2.0)
    ledger.note(7, 300.0, "python", 0.25)
    ledger.note(8, 100.0, "jvm", 4.0)
    assert ledger.totals() == {"python": 2.25, "jvm": 4.0}


@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_the_least_value_that_enough_values_do_not_exceed(
    values: list[float], share: float
) -> None:
    found = percentile(values, share)
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
    assert sum(value < found for value in values) < share * len(values) + 1e-9


def test_parts_of_a_run_are_cut_by_progress_not_by_time() -> None:
    run = [
        Sample(n, done, {}, {"jvm": rss})
        for n, (done, rss) in enumerate([(0, 1), (10, 3), (40, 5), (80, 7), (90, 9)])
    ]
    assert [part["jvm"] for part in part_means(run)] == [2, 5, 8]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.01234, "0.0123"),
        (0.5, "0.500"),
        (1.234, "1.23"),
        (12.34, "12.3"),
        (1234.5, "1,234"),
        (3, "3"),
        ("x", "x"),
    ],
)
def test_a_figure_shows_three_digits_that_count(value: float | str, shown: str) -> None:
    assert number(value) == shown


def test_a_table_reads_the_same_in_markdown_and_on_the_terminal() -> None:
    table = Table(("stage", "µs"), (("decode", 12.345), ("write", 8)))
    assert markdown(table) == "| stage | µs |\n| --- | ---: |\n| decode | 12.3 |\n| write | 8 |"
    assert plain(table) == "  stage     µs\n  decode  12.3\n  write      8"


def test_the_page_says_of_each_goal_whether_it_is_met() -> None:
    goals = (Goal("CPU", 31.0, "µs", 30.0), Goal("times cheaper", 4.2, "times", 4.0, at_least=True))
    written = page([Section("CPU", "How.", (), goals)], "This machine.", "python -m bench --write")
    assert "| CPU | 31 | at most 30 µs | not met |" in written
    assert "| times cheaper | 4.20 | at least 4 times | met |" in written


def test_recorded_bodies_are_told_again_as_other_sessions_at_other_times() -> None:
    records = traffic.recordings(2_000, NOW_MS)
    items = [item for record in records for item in decode(KinesisRecord(record.data, record.recv_ms))]
    beacons = [item for item in items if isinstance(item, Beacon)]
    assert len(beacons) == traffic.beacons_in(records) >= 2_000
    assert len({beacon.session_id for beacon in beacons}) == len({record.partition_key for record in records})
    assert all(beacon.correction_ms == 0 for beacon in beacons)
    assert max(record.recv_ms for record in records) == NOW_MS


def test_viewers_end_when_they_are_told_to() -> None:
    records = traffic.viewers(2_000, 50, NOW_MS)
    assert abs(records[-1].recv_ms - NOW_MS) < 60_000
    assert traffic.beacons_in(records) >= 1_990


def test_a_crowd_has_as_many_sessions_as_asked_for() -> None:
    records = traffic.crowd(2_000, NOW_MS)
    sessions = Counter(
        item.session_id
        for record in records
        for item in decode(KinesisRecord(record.data, record.recv_ms))
        if isinstance(item, Beacon)
    )
    assert 1_900 <= len(sessions) <= 2_000
    assert len({record.partition_key for record in records}) == len(sessions)


def test_a_copied_session_says_what_the_original_says_under_another_id() -> None:
    said = crowd.said_by(traffic.viewers(500, 20, NOW_MS))
    batches = list(crowd.batches(said, copies=3))
    arrivals = [a for batch in batches for text in batch.buckets.values() for a in decode_beacons(text)]
    told = Counter((a.session_id.rpartition("-")[0], bytes(a.chunk)) for a in arrivals)
    original = Counter((one.session_id, one.chunk.encode()) for one in said)
    assert told == Counter({key: 3 * count for key, count in original.items()})
    assert sum(batch.beacons for batch in batches) == 3 * sum(one.beacons for one in said)


def test_the_elements_of_a_batch_end_with_its_watermark() -> None:
    batch = next(crowd.batches(crowd.said_by(traffic.viewers(500, 20, NOW_MS)), copies=1))
    elements = [unpack(text) for text in batch.elements()]
    assert {element.kind for element in elements[:-1]} == {SESSIONS}
    assert (elements[-1].kind, elements[-1].time_ms) == (WATERMARK, batch.watermark_ms)


def point(**measures: object) -> Point:
    return Point("events", "beacon:x", NOW_MS * 1_000_000, {"a": "12345"}, measures)  # type: ignore[arg-type]


def test_the_naive_mapping_repeats_everything_and_rounds_up_each_50_records() -> None:
    # time 8, dimensions a=12345 and state=playing 18, measure name 8, value 8
    assert naive.units([point(seq=1, state="playing")] * 50) == -(-50 * 42 // 1024)
    assert naive.units([point(seq=1, state="playing")] * 51) == -(-50 * 42 // 1024) + 1


def test_all_stages_run_in_this_process_and_store_every_beacon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in EMULATOR_ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    records = traffic.viewers(1_000, 30, traffic.now_ms())
    unique = {
        (item.session_id, item.target, item.placed_ms, item.tiebreak, item.event)
        for record in records
        for item in decode(KinesisRecord(record.data, record.recv_ms))
        if isinstance(item, Beacon)
    }
    with TimestreamServer(tmp_path / "data") as server:
        ensure_tables(server.url)
        groups = json.loads((ROOT / "application_properties.json").read_text())
        properties = {group["PropertyGroupId"]: group["PropertyMap"] for group in groups}
        properties["beacon.store"]["aws.endpoint"] = server.url
        process = InProcess(parse(properties), open_store)
        for start in range(0, len(records), 100):
            process.batch(records[start : start + 100])
        with urllib.request.urlopen(f"{server.url}/inspect/{DATABASE}/beacon-blog-table") as answer:
            stored = len(answer.read().splitlines())
    assert stored == len(unique)
    assert set(process.cpu_s) == set(STAGES)


def test_every_section_is_a_module_that_can_be_run_alone() -> None:
    modules = {path.stem for path in (ROOT / "bench" / "sections").glob("*.py")} - {"__init__"}
    assert set(SECTIONS) == modules


def test_the_recorded_envelopes_are_the_front_doors() -> None:
    record = traffic.recordings(100, NOW_MS)[0]
    envelope = json.loads(record.data)
    assert (envelope["v"], envelope["recv_at"]) == (1, record.recv_ms)
    assert b"sid=" in base64.b64decode(envelope["body"])
