"""Offline replay: the same rows from files, standard input, envelopes and recordings; nothing else is
needed."""

import base64
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from beacon_job import replay
from tests.sessions import CAPTURES

B1 = CAPTURES / "hlsjs" / "b1_stall" / "requests.jsonl"
FIELDS = [
    *("session_id", "view", "player", "player_version", "intent_ms", "startup_ms", "play_ms"),
    *("stall_count", "stall_ms", "seek_count", "seek_ms", "pause_count", "pause_ms", "ended_ms", "failed_ms"),
    *("unknown_ms", "outcome", "beacons_received", "beacons_expected", "quirks", "unobservable"),
]


def lines(capsys, *arguments):
    status = replay.main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return status, captured.out.splitlines(), captured.err.splitlines()


def envelopes(path):
    """The recording as the front door would have put it into the stream."""
    for line in path.read_text().splitlines():
        request = json.loads(line)
        if request["method"] == "POST" and 200 <= request["status_sent"] < 300:
            yield json.dumps(
                {
                    "v": 1,
                    "recv_at": request["recv_ms"],
                    "path": request["path"],
                    "content_type": request["headers"]["content-type"],
                    "user_agent": request["headers"]["user-agent"],
                    "body": request["body_b64"],
                }
            )


def test_a_recording_gives_one_json_line_per_view(capsys):
    status, out, err = lines(capsys, "--format", "requests", B1)
    assert (status, len(out), err) == (0, 1, [])
    row = json.loads(out[0])
    assert list(row)[: len(FIELDS)] == FIELDS
    assert (row["stall_count"], row["stall_ms"], row["player"], row["outcome"]) == (
        1,
        5_672,
        "hls.js",
        "played",
    )


def test_an_archive_of_envelopes_gives_the_same(capsys, tmp_path):
    archive = tmp_path / "archive.jsonl"
    archive.write_text("\n".join(envelopes(B1)))
    _, recorded, _ = lines(capsys, "--format", "requests", B1)
    assert lines(capsys, archive) == (0, recorded, [])


def test_views_are_in_order_of_start_over_all_files(capsys):
    files = [CAPTURES / name / "requests.jsonl" for name in ("shakadbg/b1_stall", "hlsjs/l1_second_load")]
    _, out, _ = lines(capsys, "--format", "requests", *files)
    starts = [json.loads(line)["start_ms"] for line in out]
    assert starts == sorted(starts)
    assert len(out) == 3


def test_the_order_of_the_files_does_not_matter(capsys):
    files = [CAPTURES / name / "requests.jsonl" for name in ("shakadbg/b1_stall", "hlsjs/l1_second_load")]
    assert lines(capsys, "--format", "requests", *files) == lines(
        capsys, "--format", "requests", *reversed(files)
    )


def test_standard_input_is_read_for_a_dash(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(B1.read_text()))
    _, out, _ = lines(capsys, "--format", "requests", "-")
    assert len(out) == 1


def test_a_timeline_can_be_read(capsys):
    _, out, _ = lines(capsys, "--format", "requests", "--pretty", B1)
    assert "hls.js >=1.7, played, 100.0% of its beacons" in out[0]
    assert any(line.split() == ["19.540", "s", "STALL", "5672", "ms"] for line in out)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{nonsense", "the line is no JSON"),
        ("[1]", "the line holds list, not an object"),
        ('{"method":"POST","status_sent":"ok"}', "the line has status_sent='ok', a whole number is needed"),
        (
            '{"method":"POST","status_sent":204,"recv_ms":1,"body_b64":"§"}',
            "has a body_b64 that is no base64",
        ),
        ('{"method":"POST","status_sent":204,"recv_ms":1,"body_b64":""}', "empty: the body is empty"),
    ],
)
def test_a_bad_line_is_named_in_one_sentence_and_costs_no_other(capsys, tmp_path, line, sentence):
    mixed = tmp_path / "mixed.jsonl"
    mixed.write_text(f"{line}\n{B1.read_text()}")
    status, out, err = lines(capsys, "--format", "requests", mixed)
    assert (status, len(out), len(err)) == (0, 1, 1)
    assert err[0].startswith(f"{mixed}:1: ")
    assert sentence in err[0]


def test_a_bad_archived_record_is_named(capsys, tmp_path):
    archive = tmp_path / "archive.jsonl"
    body = base64.b64encode(b"no beacon").decode()
    archive.write_text(f'{{"v":1,"recv_at":1795455923781,"path":"/v1/cmcd/a","body":"{body}"}}\n')
    status, out, err = lines(capsys, archive)
    assert (status, out) == (0, [])
    assert err[0].startswith(f"{archive}:1: ")


def test_what_was_refused_was_not_received(capsys):
    _, out, err = lines(
        capsys, "--format", "requests", CAPTURES / "hlsjs" / "j6_preflight_denied" / "requests.jsonl"
    )
    assert (out, err) == ([], [])


def test_a_file_that_is_not_there_is_told_and_the_others_are_read(capsys, tmp_path):
    status, out, err = lines(capsys, "--format", "requests", tmp_path / "none", B1)
    assert (status, len(out)) == (1, 1)
    assert "No such file" in err[0]


def test_replay_loads_neither_flink_nor_the_aws_sdk():
    code = (
        "import sys, beacon_job.replay; "
        "print([m for m in sys.modules if m.split('.')[0] in ('pyflink', 'boto3', 'botocore', 'pandas')])"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
