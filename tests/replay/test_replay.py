"""Offline replay: the same rows from files, standard input, envelopes and recordings; nothing else is
needed."""

import base64
import gzip
import json
import subprocess
import sys
from urllib.parse import quote

import pytest

from beacon_job.replay import __main__ as replay
from beacon_job.replay.offline import rows_of, sessions_of
from beacon_job.sessions import session_point
from tests.places import ROOT
from tests.sessions.driving import CAPTURES, recorded

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


def test_a_line_holds_every_field_of_the_row_that_would_be_stored(capsys):
    _, out, _ = lines(capsys, "--format", "requests", B1)
    row = json.loads(out[0])
    (stored,) = map(session_point, rows_of(sessions_of(recorded("hlsjs/b1_stall"))))
    told = {
        **row["dims"],
        **row,
        "quirks": ",".join(row["quirks"]),
        "unobservable": ",".join(sorted(row["unobservable"])),
        "unobservable_why": " | ".join(sorted({*row["unobservable"].values()})),
        "known_ms": row["version"],
    }
    assert {name: told[name] for name in stored.measures} == stored.measures
    assert {"media_ok", "media_failed", "bitrate_avg_kbps", "ad_ms", "completeness"} <= stored.measures.keys()


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


def program(*arguments, **more):
    """The program as a user starts it."""
    command = [sys.executable, "-m", "beacon_job.replay", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False, **more)


@pytest.mark.parametrize("dash", [["-"], []], ids=["dash", "no file"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_standard_input_is_read_for_a_dash_and_for_no_file(dash, pack):
    done = program("--format", "requests", *dash, input=pack(B1.read_bytes()))
    assert (done.returncode, len(done.stdout.splitlines()), done.stderr) == (0, 1, b"")


@pytest.mark.parametrize("form", ["requests", "envelope"])
def test_binary_input_is_one_clear_sentence_and_a_failure(form):
    done = program("--format", form, "-", input=bytes(range(256)) * 20)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().splitlines()[1:] == [f"-: nothing in it could be read as --format {form}"]


def test_a_reader_that_has_seen_enough_ends_the_program_silently(tmp_path):
    many = tmp_path / "many.jsonl"
    template = '{{"event":"play","session":"{}","timestamp":1795455923781}}\n'
    many.write_text("".join(template.format(n) for n in range(500)))
    command = f"'{sys.executable}' -m beacon_job.replay '{many}' | head -n 1"
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, check=True)
    assert (len(done.stdout.splitlines()), done.stderr) == (1, b"")


def test_ctrl_c_ends_the_program_silently(monkeypatch):
    def interrupted():
        raise KeyboardInterrupt

    monkeypatch.setattr(replay, "main", interrupted)
    assert replay._program() == 130


def test_a_timeline_can_be_read(capsys):
    _, out, _ = lines(capsys, "--format", "requests", "--pretty", B1)
    assert "hls.js >=1.7, played, 100.0% of its beacons" in out[0]
    assert any(line.split() == ["19.540", "s", "STALL", "5672", "ms"] for line in out)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{nonsense", "the line is no JSON"),
        ("[1]", "the line holds list, not an object"),
        ('{"method":"POST","status_sent":"ok"}', "the line has status_sent='ok', a number is needed"),
        (
            '{"method":"POST","status_sent":204,"recv_ms":1,"body_b64":"§"}',
            "has a body_b64 that is no base64",
        ),
        ('{"method":"POST","status_sent":204,"recv_ms":1,"body_b64":""}', "empty: the body is empty"),
        ('{"method":"POST","status_sent":204,"recv_ms":1,"headers":[]}', "empty: the body is empty"),
        ('{"method":"POST","status_sent":204,"recv_ms":1' + "0" * 30 + "}", "a number is needed"),
        (
            '{"v":1,"recv_at":1795455923781,"body":""}',
            "it has no status_sent (an archived record is --format envelope)",
        ),
        ("[" * 100_000, "the line is no JSON"),
        ("{", "the line is no JSON"),
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
    assert (status, out) == (1, [])
    assert err[0].startswith(f"{archive}:1: ")


@pytest.mark.parametrize(("form", "other"), [("envelope", "requests"), ("requests", "envelope")])
def test_a_file_of_another_format_is_a_failure_and_not_hundreds_of_sentences(capsys, tmp_path, form, other):
    kept = tmp_path / "kept.jsonl"
    kept.write_text(B1.read_text() if other == "requests" else "\n".join(envelopes(B1)))
    status, out, err = lines(capsys, "--format", form, kept)
    assert (status, out, len(err)) == (1, [], 2)
    assert err[1] == f"{kept}: nothing in it could be read as --format {form}"


def kept_by_the_cli(path):
    """The recording as `aws kinesis get-records` prints it."""
    return [
        {
            "SequenceNumber": str(number),
            "ApproximateArrivalTimestamp": "2026-11-23T17:45:23.781000+00:00",
            "Data": base64.b64encode(line.encode()).decode(),
            "PartitionKey": "p",
        }
        for number, line in enumerate(envelopes(path))
    ]


@pytest.mark.parametrize(
    "write",
    [
        lambda path: "".join(envelopes(path)),
        lambda path: " ".join(envelopes(path)),
        lambda path: "\ufeff" + "\r\n\r\n".join(envelopes(path)),
        lambda path: "\n".join(map(json.dumps, kept_by_the_cli(path))),
        lambda path: json.dumps({"Records": kept_by_the_cli(path), "NextShardIterator": "x"}),
        lambda path: json.dumps({"Records": kept_by_the_cli(path)}, indent=4),
        lambda path: json.dumps(kept_by_the_cli(path), indent=4),
    ],
    ids=["firehose", "blanks", "bom and crlf", "lines of the cli", "cli", "cli, printed", "cli, a query"],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_an_archive_may_be_kept_in_any_way_that_operators_have(capsys, tmp_path, write, pack):
    archive = tmp_path / "archive"
    archive.write_bytes(pack(write(B1).encode()))
    _, recorded, _ = lines(capsys, "--format", "requests", B1)
    assert lines(capsys, archive) == (0, recorded, [])


def test_a_packed_file_that_is_cut_off_is_told_and_what_it_holds_is_used(capsys, tmp_path):
    cut = tmp_path / "cut.gz"
    cut.write_bytes(gzip.compress(B1.read_bytes())[:-2_000])
    status, out, err = lines(capsys, "--format", "requests", cut)
    assert (status, len(out), len(err)) == (1, 1, 1)
    assert err[0].startswith(f"{cut}: Compressed file ended")


def test_a_bare_beacon_without_arrival_lies_at_its_own_time(capsys, tmp_path):
    archive = tmp_path / "archive.jsonl"
    archive.write_text('{"event":"beacon:started","session":"66454545556","timestamp":1795456010000}\n')
    _, out, _ = lines(capsys, archive)
    assert json.loads(out[0])["start_ms"] == 1_795_456_010_000


def test_a_recording_of_another_collector_needs_no_method_and_writes_headers_and_times_as_it_likes(
    capsys, tmp_path
):
    other = tmp_path / "other.jsonl"
    with other.open("w") as file:
        for line in B1.read_text().splitlines():
            request = json.loads(line)
            del request["method"]
            request["headers"] = {name.title(): text for name, text in request["headers"].items()}
            request["recv_ms"] += 0.25
            file.write(json.dumps(request) + "\n")
    assert lines(capsys, "--format", "requests", other) == lines(capsys, "--format", "requests", B1)


def test_events_that_came_by_get_are_the_same_session(capsys, tmp_path):
    asked = tmp_path / "asked.jsonl"
    with asked.open("w") as file:
        for line in B1.read_text().splitlines():
            request = json.loads(line)
            for event in base64.b64decode(request["body_b64"]).decode().split("\n"):
                said = {"method": "GET", "query": f"CMCD={quote(event)}", "body_b64": ""} if event else {}
                file.write(json.dumps(request | said) + "\n")
        file.write('{"method":"GET","path":"/player.js","status_sent":200,"recv_ms":1}\n')
    assert lines(capsys, "--format", "requests", asked) == lines(capsys, "--format", "requests", B1)


def test_a_real_time_log_is_read_by_the_columns_that_the_job_has_by_default(capsys, tmp_path):
    values = ["1795458894.084", "0.012", "206", "88123", "cdn.example", "/v/s04.m4s", "0.084", "Mozilla/5.0"]
    log = tmp_path / "log.tsv"
    log.write_text("\t".join([*values, "CMCD=bl%3D9800%2Cot%3Dv%2Csid%3D%22s-1%22", "DE"]) + "\n")
    status, (row,), err = lines(capsys, log)
    assert (status, err) == (0, [])
    found = json.loads(row)
    assert (found["session_id"], found["start_ms"], found["media_ok"]) == ("s-1", 1_795_458_894_000, 1)


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
        "import sys, beacon_job.replay.__main__; "
        "print([m for m in sys.modules if m.split('.')[0] in ('pyflink', 'boto3', 'botocore', 'pandas')])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
