"""Rows that make every column known: which are made, and that nothing a table may hold is forgotten."""

from beacon_job.gather.gatherer import PIPELINE_SUMS
from beacon_job.rollup import columns
from beacon_job.sessions.results.ledger import SUMS
from beacon_job.sessions.results.rows import SessionRow
from beacon_job.stores.timestream.requests import plan

GROUP = ("player", "cdn")


def test_windows_of_whole_minutes_have_a_row_for_each_table() -> None:
    made = columns.rows([70_000, 120_000, 120_000, 130_000], GROUP)
    assert {(point.table, point.time_ns) for point in made} == {
        (table, 120_000 * 10**6) for table in ("events", "qoe", "sessions")
    }


def test_every_sum_has_a_column() -> None:
    qoe = next(point for point in columns.rows([0], GROUP) if point.table == "qoe")
    missing = {*SUMS, *PIPELINE_SUMS} - qoe.measures.keys()
    assert missing == {"idle_ms", "startup_hidden", "ad_ms", "hidden_ms"}


def test_every_field_of_a_session_has_a_column_of_its_type() -> None:
    sessions = next(point for point in columns.rows([0], GROUP) if point.table == "sessions")
    missing = {*SessionRow.__struct_fields__} - sessions.measures.keys()
    assert missing == {
        "session_id",
        "view",
        "version",
        "dims",
        "start_ms",
        "ad_ms",
        "hidden_ms",
        "clock_steps",
        "offset_ms",
    }


def test_the_store_takes_them() -> None:
    assert plan(columns.rows([0], GROUP)).refused == []
