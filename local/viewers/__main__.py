"""`python -m local.viewers`: synthetic viewers into a Kinesis stream, in real time."""

import argparse
import gc
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TextIO

from local.viewers import habits, network
from local.viewers.dialects import SPEAK
from local.viewers.generate import Watching, generate
from local.viewers.live import Live, write_status
from local.viewers.stream import CannotSend, Stream
from local.viewers.truth import SessionTruth

HABITS = {"real": habits.HABITS, "short": habits.SHORT}
NETWORKS = {"real": network.REAL, "perfect": network.PERFECT}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m local.viewers", description=__doc__)
    parser.add_argument(
        "--kinesis-endpoint", help="an emulator's URL; without it, AWS and its usual credentials"
    )
    parser.add_argument("--region", default="us-east-1")
    parser.add_argument("--stream", default="beacon-blog")
    parser.add_argument(
        "--viewers", type=int, default=20, help="how many watch at once; one that leaves is replaced"
    )
    parser.add_argument(
        "--rate", type=float, help="viewers arriving per second at the beginning (default: a tenth)"
    )
    parser.add_argument("--seed", type=int, help="same seed, same stories (default: others each run)")
    parser.add_argument("--sessions", type=int, help="end when this many have come and gone")
    parser.add_argument("--duration", type=float, help="end after so many seconds")
    parser.add_argument("--habits", choices=HABITS, default="real", help="short: sessions of half a minute")
    parser.add_argument(
        "--network", choices=NETWORKS, default="real", help="perfect: nothing lost, late or broken"
    )
    parser.add_argument("--dialects", default="", help=f"only these, by commas: {', '.join(SPEAK)}")
    parser.add_argument(
        "--truth", type=Path, help="append each session's truth here, a JSON line when it is over"
    )
    parser.add_argument("--status", type=Path, help="keep counters and the truth so far in this JSON file")
    args = parser.parse_args()
    args.dialects = tuple(filter(None, args.dialects.split(",")))
    for dialect in args.dialects:
        if dialect not in SPEAK:
            parser.error(f"argument --dialects: found {dialect!r}, allowed are {', '.join(SPEAK)}")
    if args.viewers < 1:
        parser.error(f"argument --viewers: found {args.viewers}, must be 1 or more")
    if args.seed is None:
        args.seed = time.time_ns() // 1_000_000
    return args


def main() -> int:
    """Plays until told to stop; 0 when all was sent."""
    args = _arguments()
    gc.set_threshold(100_000, 20, 100)  # thousands of stories live long and hold no cycles
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    truths: TextIO | None = args.truth.open("a") if args.truth else None
    watching = Watching()

    def tell(truth: SessionTruth) -> None:
        live.told(truth)
        keep(truth)

    def keep(truth: SessionTruth) -> None:
        if truths is not None:
            truths.write(truth.line().decode())

    deliveries = generate(
        args.seed,
        args.viewers,
        time.time_ns() // 1_000_000,
        sessions=args.sessions,
        arrival_ms=1_000 / args.rate if args.rate else 10_000 / args.viewers,
        habits=HABITS[args.habits],
        network=NETWORKS[args.network],
        dialects=args.dialects,
        tell=tell,
        watching=watching,
    )

    def look(live: Live) -> None:
        if args.status:
            write_status(args.status, live.status())
        if truths is not None:
            truths.flush()

    stream = Stream(args.stream, args.kinesis_endpoint, args.region, stop)
    print(
        f"viewers: {args.viewers} with seed {args.seed} play into {args.stream} at {stream.where}", flush=True
    )
    live = Live(stream, deliveries, watching, stop, look)
    try:
        live.run(args.duration)
    except CannotSend as error:
        print(f"viewers: {error}", file=sys.stderr)
        return 1
    for session in watching.sessions.values():
        keep(session.truth())
    if truths is not None:
        truths.close()
    print(f"viewers: {live.summary()}")
    return 0 if live.not_sent == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
