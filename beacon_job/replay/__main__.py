"""Recompute sessions offline: `python -m beacon_job.replay [--format envelope|requests] [--pretty] FILE...`
(no file or `-`: standard input).

The same pure code as in the stream, without Flink and without a network. One JSON line per session view, in
order of start (docs/metrics.md tells what the fields mean). A line that cannot be read is named on stderr,
with its file and number, and costs no other.
"""

import argparse
import gzip
import io
import os
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterator

from beacon_job.replay.archive import FORMATS
from beacon_job.replay.offline import beacons_of, line_of, rows_of, sessions_of
from beacon_job.replay.timeline import pretty
from beacon_job.sessions import stretches_of
from beacon_job.types.beacon import Beacon
from beacon_job.types.settings import REAL_TIME_FIELDS


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m beacon_job.replay", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--format",
        choices=sorted(FORMATS),
        default="envelope",
        help="envelope: archived Kinesis records, one a line, as Firehose joins them or the AWS CLI prints"
        " them; requests: a recording's requests.jsonl",
    )
    parser.add_argument(
        "--log-fields",
        type=_names,
        default=REAL_TIME_FIELDS,
        metavar="NAMES",
        help="fields of a CDN's log between tabs that does not name them, with commas between; those that the"
        " job's property log.fields has if it is not set",
    )
    parser.add_argument("--pretty", action="store_true", help="a timeline for a person instead of JSON lines")
    parser.add_argument(
        "files",
        nargs="*",
        metavar="FILE",
        help="files to read, gzip or plain; - is standard input, as is no file",
    )
    arguments = parser.parse_args(argv)
    if not arguments.files:
        if sys.stdin is None or sys.stdin.isatty():
            parser.error("name a FILE to read, or - for standard input")
        arguments.files = ["-"]
    return arguments


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split(",")))


def _lines(name: str) -> Iterator[str]:
    """The lines of a file or of standard input; what is no UTF-8 is replaced. Raises what opening raises."""
    with open(0 if name == "-" else name, "rb", closefd=name != "-") as file:
        packed = file.peek(2)[:2] == b"\x1f\x8b"
        source = gzip.GzipFile(fileobj=file) if packed else file
        with io.TextIOWrapper(source, encoding="utf-8-sig", errors="replace") as lines:
            yield from lines


def _beacons_in(name: str, form: str, log_fields: tuple[str, ...]) -> tuple[list[Beacon], bool]:
    """The beacons in a file, and whether it could be read; what could not is told on stderr."""
    beacons: list[Beacon] = []
    told = io.StringIO()
    fault = ""
    try:
        beacons.extend(beacons_of(name, _lines(name), FORMATS[form], told, log_fields))
    except (OSError, EOFError, zlib.error) as error:
        fault = f"{name}: {getattr(error, 'strerror', None) or error}"
    problems = told.getvalue().splitlines()
    if problems and not beacons and not fault:
        fault = f"{name}: nothing in it could be read as --format {form}"
        problems = problems[:1]
    for sentence in problems + [fault] * bool(fault):
        print(sentence, file=sys.stderr)
    return beacons, not fault


def main(argv: list[str] | None = None) -> int:
    """The program; 1 when nothing of a file could be read."""
    arguments = _arguments(argv)
    beacons: list[Beacon] = []
    failed = False
    for name in arguments.files:
        found, is_read = _beacons_in(name, arguments.format, arguments.log_fields)
        beacons += found
        failed |= not is_read
    by_session: dict[str, list[Beacon]] = defaultdict(list)
    for beacon in beacons if arguments.pretty else ():
        by_session[beacon.session_id].append(beacon)
    for row in rows_of(sessions_of(beacons)):
        if arguments.pretty:
            print(pretty(row, stretches_of(by_session[row.session_id], row)))
        else:
            print(line_of(row))
    return int(failed)


def _program() -> int:
    """`main`, ended by Ctrl-C or by a reader that has seen enough, as other programs end."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        status = main()
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # What is still buffered has no reader; the interpreter would complain when it flushes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return status


if __name__ == "__main__":
    sys.exit(_program())
