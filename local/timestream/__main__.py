"""`python -m local.timestream --port 8087 --data-dir DIR`: runs until SIGTERM or Ctrl-C."""

import argparse
import asyncio
import errno
import logging
import signal
import sys
from pathlib import Path

from local.timestream.serving import listen
from local.timestream.storage.sqlite import DataDirInUse, Storage

CANNOT_START = 2
"""Exit code when the port is busy or the data directory is in use."""


def main() -> int:
    """Parse the command line, serve, return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m local.timestream", description="A stand-in for Amazon Timestream, both sides."
    )
    parser.add_argument("--port", type=int, default=8087, help="0 takes a free one (default: %(default)s)")
    parser.add_argument("--data-dir", type=Path, required=True, help="where what is written is kept")
    parser.add_argument("--host", default="127.0.0.1", help="default: %(default)s, this machine only")
    parser.add_argument("--max-mb", type=int, help="refuse to grow beyond this, as a full disk would")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s timestream %(levelname)s %(message)s")
    try:
        max_bytes = options.max_mb * 2**20 if options.max_mb else None
        asyncio.run(_serve(options.host, options.port, Storage(options.data_dir, max_bytes)))
    except DataDirInUse:
        return _cannot(
            f"{options.data_dir} is in use by another stand-in: stop it, or choose another directory"
        )
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            return _cannot(str(error))
        return _cannot(
            f"port {options.port} is busy: stop what listens there, or choose another one with --port"
        )
    return 0


async def _serve(host: str, port: int, storage: Storage) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with listen(storage, host, port) as server:
        print(f"Timestream stand-in on {server.address}, data in {storage.path}", flush=True)
        await stop.wait()


def _cannot(sentence: str) -> int:
    print(f"The Timestream stand-in cannot start: {sentence}.", file=sys.stderr)
    return CANNOT_START


if __name__ == "__main__":
    sys.exit(main())
