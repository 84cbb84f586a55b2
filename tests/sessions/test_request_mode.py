"""Recordings of request mode: what nobody was told is unknown, and a session still has its length."""

import json
import sys
from pathlib import Path

import pytest

from beacon_job.replay.archive import envelope_record
from beacon_job.replay.offline import beacons_of, rows_of, sessions_of
from beacon_job.sessions import SessionRow
from tests.places import CASES

RECORDINGS = sorted((CASES / "captures_requests").glob("*/*"))
UNTOLD = (
    *("intent_ms", "startup_ms", "play_ms", "stall_count", "stall_ms", "seek_count", "seek_ms"),
    *("pause_count", "pause_ms", "ended_ms", "failed_ms", "media_ms", "ad_ms", "hidden_ms", "dropped_frames"),
)


def session(recording: Path) -> SessionRow:
    lines = (recording / "media.jsonl").read_text().splitlines()
    (row,) = rows_of(sessions_of(beacons_of("media.jsonl", lines, envelope_record, sys.stderr)))
    return row


def name(recording: Path) -> str:
    return f"{recording.parent.name}/{recording.name}"


@pytest.mark.parametrize("recording", RECORDINGS, ids=name)
def test_nothing_is_claimed_of_a_session_that_only_requests(recording: Path) -> None:
    row = session(recording)
    assert {field: getattr(row, field) for field in UNTOLD} == dict.fromkeys(UNTOLD)
    assert (row.outcome, row.quirks) == ("unknown", ())


@pytest.mark.parametrize("recording", RECORDINGS, ids=name)
def test_a_session_that_only_requests_lasts_from_its_first_request_to_its_last(recording: Path) -> None:
    log = [json.loads(line) for line in (recording / "media.jsonl").read_text().splitlines()]
    row = session(recording)
    starts = [line["start_ms"] for line in log if "CMCD=" in line["query"]]
    assert row.start_ms == min(starts)
    assert max(starts) <= row.end_ms <= max(line["end_ms"] for line in log)
    assert row.unknown_ms == row.end_ms - row.start_ms
