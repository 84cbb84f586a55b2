"""`python -m local.dead_letters`: lists the dead letters of the running stack; `show` and `reinject` them."""

import argparse
import os
import re
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from local.aws import kinesis
from local.dead_letters.actions import reinject
from local.dead_letters.entry import entry_of, whole_of
from local.dead_letters.letter import Letter
from local.dead_letters.printed import in_full, listed
from local.dead_letters.streams import MOST_LETTERS, Found, Streams
from local.processes.children import StartError
from local.stack import settings

_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line asks for; 1 when it cannot be done."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in ("-h", "--help")):
        words.insert(0, "list")
    options = _parser().parse_args(words)
    try:
        url = settings.from_environment(os.environ).kinesis_url
        return int(options.run(Streams(kinesis.client(url)), options))
    except (BotoCoreError, ClientError) as error:
        print(f"Kinesis at {url} cannot be used: {error}", file=sys.stderr)
    except StartError as error:
        print(error, file=sys.stderr)
    return 1


def _list(streams: Streams, options: argparse.Namespace) -> int:
    found = _newest(streams, options)
    entries = [entry_of(letter) for letter in found.letters]
    if options.json:
        for letter in found.letters:
            print(msgspec.json.encode(whole_of(letter)).decode())
    elif entries:
        print(listed(entries))
    if not found.all_read:
        print("There are older ones, which were not read: see --newest and --since.", file=sys.stderr)
    elif not entries:
        print("There are no dead letters.", file=sys.stderr)
    return 0


def _show(streams: Streams, options: argparse.Namespace) -> int:
    whole = whole_of(_letter(streams, options.letter))
    print(msgspec.json.encode(whole).decode() if options.json else in_full(whole))
    return 0


def _reinject(streams: Streams, options: argparse.Namespace) -> int:
    if options.letters:
        letters = [_letter(streams, number) for number in options.letters]
    else:
        found = _newest(streams, options)
        letters = found.letters
        if not found.all_read:
            print(f"These are the newest {len(letters):,}; there are older ones.", file=sys.stderr)
    if len(letters) > 1 and not options.yes and not _agreed(len(letters)):
        return 1
    outcome = reinject(streams, letters)
    for refused in outcome.refused:
        print(f"letter {refused.sequence_number}: {refused.why}", file=sys.stderr)
    print(outcome.sentence())
    return 1 if outcome.refused else 0


def _agreed(count: int) -> bool:
    if not sys.stdin.isatty():
        print(f"{count:,} dead letters would be re-injected; say --yes to do it.", file=sys.stderr)
        return False
    return input(f"Re-inject {count:,} dead letters? [y/N] ").strip().lower() in ("y", "yes")


def _newest(streams: Streams, options: argparse.Namespace) -> Found:
    def wanted(letter: Letter) -> bool:
        return not options.reason or letter.bad.reason in options.reason

    return streams.newest(options.newest, wanted, options.since)


def _letter(streams: Streams, sequence_number: str) -> Letter:
    letter = streams.letter(sequence_number)
    if letter is None:
        message = f"there is no dead letter {sequence_number}: its number stands behind 'letter' in the list"
        raise StartError(message)
    return letter


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m local.dead_letters",
        description="Dead letters of the running stack (KINESIS_PORT, KINESIS_ENDPOINT as for `make run`).",
    )
    commands = parser.add_subparsers(required=True, metavar="list | show | reinject")
    which = argparse.ArgumentParser(add_help=False)
    which.add_argument("--reason", action="append", help="only of this reason; may be given again")
    which.add_argument(
        "--since", type=_since_ms, default=0, help="only since then: 10m, 2h, 2026-11-28T20:00Z"
    )
    as_json = argparse.ArgumentParser(add_help=False)
    as_json.add_argument("--json", action="store_true", help="JSON lines, with all bytes")
    listing = commands.add_parser("list", parents=[which, as_json], help="the newest ones")
    listing.add_argument("--newest", type=_count, default=20, metavar="N", help="default: %(default)s")
    listing.set_defaults(run=_list)
    showing = commands.add_parser("show", parents=[as_json], help="one in full")
    showing.add_argument("letter", help="its sequence number")
    showing.set_defaults(run=_show)
    putting = commands.add_parser("reinject", parents=[which], help="put the records back on the stream")
    putting.add_argument(
        "letters", nargs="*", help="sequence numbers; without any, all that the options name"
    )
    putting.add_argument("--newest", type=_count, default=1_000, metavar="N", help="default: %(default)s")
    putting.add_argument("--yes", action="store_true", help="do not ask")
    putting.set_defaults(run=_reinject)
    return parser


def _count(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= MOST_LETTERS:
        return int(text)
    message = f"found {text!r}; expected a whole number from 1 to {MOST_LETTERS}"
    raise argparse.ArgumentTypeError(message)


def _since_ms(text: str) -> int:
    if found := re.fullmatch(r"(\d{1,9})([smhd])", text):
        return int((time.time() - int(found[1]) * _UNITS_S[found[2]]) * 1000)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = (
            f"found {text!r}; expected a duration such as 10m, 2h or 1d, or a time such as 2026-11-28T20:00Z"
        )
        raise argparse.ArgumentTypeError(message) from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)


if __name__ == "__main__":
    sys.exit(main())
