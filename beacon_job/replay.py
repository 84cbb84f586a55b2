"""Recompute sessions offline: `python -m beacon_job.replay [--format envelope|requests] [--pretty] FILE... |
-`.

The same pure code as in the stream, without Flink and without a network. One JSON line per session view, in
order of start (docs/metrics.md tells what the fields mean). A line that cannot be read is named on stderr,
with its file and number, and costs no other.
"""

import argparse
import base64
import binascii
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import msgspec

from beacon_job.beacon import BadRecord, Beacon, KinesisRecord
from beacon_job.decode import decode
from beacon_job.session import Outputs, Settings, finished
from beacon_job.session_bucket import Bucket, apply
from beacon_job.session_facts import decode_beacons, encode_beacons
from beacon_job.summary import Summary
from beacon_job.timeline_text import pretty, stretches_of

END_OF_TIME_MS = 1 << 52

FIELDS = (
    "session_id",
    "view",
    "player",
    "player_version",
    "intent_ms",
    "startup_ms",
    "play_ms",
    "stall_count",
    "stall_ms",
    "seek_count",
    "seek_ms",
    "pause_count",
    "pause_ms",
    "ended_ms",
    "failed_ms",
    "unknown_ms",
    "outcome",
    "beacons_received",
    "beacons_expected",
    "quirks",
    "unobservable",
    "start_ms",
    "end_ms",
    "waited_ms",
)
"""Fields of a line, in their order."""


class UnusableError(Exception):
    """A line that holds no record; the message is one clause, without place."""


def envelope_record(line: str) -> KinesisRecord | None:
    """A line of an archive: the data of one Kinesis record, as it was."""
    return KinesisRecord(line.encode(), 0)


def request_record(line: str) -> KinesisRecord | None:
    """A line of a recording (`requests.jsonl`) as the front door would have stored it; None if it was not
    received.

    Received is a POST that was answered 2xx. Raises UnusableError.
    """
    try:
        request = msgspec.json.decode(line)
    except msgspec.DecodeError as error:
        message = f"is no JSON ({error})"
        raise UnusableError(message) from None
    if not isinstance(request, dict):
        message = f"holds {type(request).__name__}, not an object with recv_ms, method, path and body_b64"
        raise UnusableError(message)
    if request.get("method") != "POST" or not 200 <= _integer(request, "status_sent") < 300:
        return None
    recv_ms = _integer(request, "recv_ms")
    body = request.get("body_b64")
    try:
        base64.b64decode(body or "", validate=True)
    except (TypeError, ValueError, binascii.Error):
        message = "has a body_b64 that is no base64"
        raise UnusableError(message) from None
    headers = request.get("headers") or {}
    envelope = {
        "v": 1,
        "recv_at": recv_ms,
        "path": request.get("path", ""),
        "content_type": headers.get("content-type", ""),
        "user_agent": headers.get("user-agent", ""),
        "body": body,
    }
    return KinesisRecord(msgspec.json.encode(envelope), recv_ms)


def _integer(request: dict[str, Any], name: str) -> int:
    value = request.get(name)
    if not isinstance(value, int):
        message = f"has {name}={value!r}, a whole number is needed"
        raise UnusableError(message)
    return value


FORMATS: dict[str, Callable[[str], KinesisRecord | None]] = {
    "envelope": envelope_record,
    "requests": request_record,
}


def beacons_of(
    name: str, lines: Iterable[str], read: Callable[[str], KinesisRecord | None], errors: TextIO
) -> Iterator[Beacon]:
    """The beacons in some lines; what cannot be read is told in one sentence each."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = read(line)
        except UnusableError as error:
            print(f"{name}:{number}: the line {error}", file=errors)
            continue
        if record is None:
            continue
        for item in decode(record):
            if isinstance(item, BadRecord):
                print(f"{name}:{number}: {item.reason}: {item.detail}", file=errors)
            else:
                yield item


def sessions_of(beacons: Iterable[Beacon]) -> Outputs:
    """Everything the machine gives out for these beacons, in any order, up to the end of time."""
    batch = decode_beacons(encode_beacons(list(beacons)))
    return apply(Bucket(), batch, END_OF_TIME_MS, Settings(max_sessions=1 << 30))


def rows_of(outputs: Outputs) -> list[Summary]:
    """The last row of each view, in order of start."""
    return sorted(finished(outputs.summaries), key=lambda row: (row.start_ms, row.session_id, row.view))


def line_of(row: Summary) -> str:
    """One view as a JSON line."""
    return msgspec.json.encode({name: getattr(row, name) for name in FIELDS}).decode()


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m beacon_job.replay", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--format",
        choices=sorted(FORMATS),
        default="envelope",
        help="envelope: archived Kinesis records, one JSON a line; requests: a recording's requests.jsonl",
    )
    parser.add_argument("--pretty", action="store_true", help="a timeline for a person instead of JSON lines")
    parser.add_argument("files", nargs="+", metavar="FILE", help="files to read; - is standard input")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """The program; 1 when a file could not be read at all."""
    arguments = _arguments(argv)
    read = FORMATS[arguments.format]
    beacons: list[Beacon] = []
    failed = False
    for name in arguments.files:
        try:
            if name == "-":
                beacons += beacons_of("-", sys.stdin, read, sys.stderr)
            else:
                with Path(name).open(encoding="utf-8", errors="replace") as lines:
                    beacons += beacons_of(name, lines, read, sys.stderr)
        except OSError as error:
            print(f"{name}: {error.strerror}", file=sys.stderr)
            failed = True
    for row in rows_of(sessions_of(beacons)):
        if arguments.pretty:
            own = (beacon for beacon in beacons if beacon.session_id == row.session_id)
            print(pretty(row, stretches_of(own, row)))
        else:
            print(line_of(row))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
