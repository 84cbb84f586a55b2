"""`python -m bench [section …] [--quick] [--write]`: what a beacon costs, measured on this machine."""

import argparse
import os
import signal
import sys
import time
from pathlib import Path

from bench import machine
from bench.lab import Lab
from bench.report import Section, page, terminal
from bench.runs import Runs
from bench.sections import SECTIONS
from bench.sizes import FULL, QUICK
from local.flink.conf import EMULATOR_ENVIRONMENT

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"


def main() -> int:
    """Measure what was asked for; 1 when something could not be measured, 0 otherwise, goals met or not."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sections", nargs="*", help=f"only these: {', '.join(SECTIONS)}")
    parser.add_argument("--quick", action="store_true", help="a tenth of the traffic: to see that it works")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md; needs all sections")
    args = parser.parse_args()
    unknown = [name for name in args.sections if name not in SECTIONS]
    if unknown:
        parser.error(f"found {', '.join(unknown)}; sections are {', '.join(SECTIONS)}")
    if args.write and (args.sections or args.quick):
        parser.error("--write goes with a full run of all sections")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    os.environ.update(EMULATOR_ENVIRONMENT)  # never somebody's real credentials
    load = machine.load()
    about = machine.describe(load)
    print(about, flush=True)
    wanted = args.sections or list(SECTIONS)
    found = _measure(wanted, args.quick)
    if args.write and len(found) == len(wanted):
        PAGE.write_text(page(found, about, "python -m bench --write"))
    return 0 if len(found) == len(wanted) else 1


def _measure(names: list[str], quick: bool) -> list[Section]:
    """The sections that could be measured; of the others it says why not."""
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"[{time.monotonic() - began:4.0f} s] {what}", file=sys.stderr, flush=True)

    found = []
    with Lab(say) as lab:
        runs = Runs(lab, QUICK if quick else FULL, say)
        for name in names:
            say(f"{name}: begins")
            try:
                section = SECTIONS[name](runs)
            except (RuntimeError, ValueError) as error:
                say(f"{name} cannot be measured: {error}")
                continue
            print("\n" + terminal(section), flush=True)
            found.append(section)
    return found


if __name__ == "__main__":
    sys.exit(main())
