"""`python -m local.postgres --port 5433 --data-dir DIR`: PostgreSQL until SIGTERM or Ctrl-C."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from local.postgres.server import READER, Server, url
from local.processes.children import StartError


def main() -> int:
    """Parse the command line, serve, return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m local.postgres", description=__doc__)
    parser.add_argument("--port", type=int, default=5433, help="default: %(default)s, on 127.0.0.1 only")
    parser.add_argument("--data-dir", type=Path, required=True, help="where what is written is kept")
    options = parser.parse_args()
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    server = Server(options.data_dir, options.port)
    try:
        server.start()
        server.prepare()
        print(f"PostgreSQL is ready: psql {url(options.port, READER)}", flush=True)
        while server.exit_code() is None and not stop.wait(0.5):
            pass
    except StartError as error:
        print(f"PostgreSQL cannot start: {error}", file=sys.stderr)
        return 2
    finally:
        server.stop()
    return server.exit_code() or 0


if __name__ == "__main__":
    sys.exit(main())
