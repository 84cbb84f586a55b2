"""`python -m bench [section …] [--against FILE] [--repeat N] [--quick]`: what a beacon costs here."""

import argparse
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench import machine
from bench.lab import Lab
from bench.report import plain
from bench.sections import FULL, QUICK, SECTIONS, Bench
from bench.versions import other_version, this_version
from local.flink.conf import EMULATOR_ENVIRONMENT


def main() -> int:
    """Measure what was asked for; 1 when a section could not be measured, 0 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sections", nargs="*", help=f"only these: {', '.join(SECTIONS)}")
    parser.add_argument(
        "--against",
        type=Path,
        metavar="FILE",
        help="another version, run in turn with this one where CPU is measured: a checkout, "
        "or the zip that `git archive --format=zip COMMIT` makes of one",
    )
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="runs of each job (default: 1)")
    parser.add_argument("--quick", action="store_true", help="a tenth of the traffic: to see that it works")
    args = parser.parse_args()
    unknown = [name for name in args.sections if name not in SECTIONS]
    if unknown:
        parser.error(f"found {', '.join(unknown)}; sections are {', '.join(SECTIONS)}")
    if args.repeat < 1:
        parser.error(f"--repeat: found {args.repeat}; expected 1 or more")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    os.environ.update(EMULATOR_ENVIRONMENT)  # never somebody's real credentials
    print(machine.describe(machine.load()), flush=True)
    began_s = time.monotonic()

    def say(what: str) -> None:
        print(f"[{time.monotonic() - began_s:4.0f} s] {what}", file=sys.stderr, flush=True)

    with Lab(say) as lab:
        try:
            versions = [this_version(lab.home)]
            if args.against:
                versions.append(other_version(args.against, versions[0], lab.home))
        except ValueError as error:
            parser.error(str(error))
        bench = Bench(lab, tuple(versions), args.repeat, QUICK if args.quick else FULL, say)
        failed = measure(bench, args.sections or list(SECTIONS))
    for name, why in failed.items():
        print(f"{name} could not be measured: {why}", file=sys.stderr)
    return 1 if failed else 0


def measure(bench: Bench, names: Sequence[str]) -> dict[str, str]:
    """Print each section when it is done; answers the ones that failed, each with the reason."""
    failed = {}
    for name in names:
        bench.say(f"{name}: begins")
        try:
            tables = SECTIONS[name](bench)
        except Exception as error:  # whatever ended this one, the others are still worth their figures
            failed[name] = str(error) or type(error).__name__
            bench.say(f"{name} failed: {failed[name]}")
            continue
        for table in tables:
            print(f"\n{plain(table)}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
