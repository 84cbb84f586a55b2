"""`python -m local.front_door --port 8090 --kinesis-endpoint URL`: runs until SIGTERM or Ctrl-C."""

import argparse
import asyncio
import logging
import signal
import sys
from pathlib import Path

from deploy.openapi import DocumentError
from local.front_door.definition import Definition, load
from local.front_door.server import listen

FILE = Path(__file__).resolve().parents[2] / "deploy" / "openapi.yaml"
CANNOT_START = 2
"""Exit code when the port is busy or the file cannot be served."""


def main() -> int:
    """Parse the command line, serve, return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m local.front_door", description=__doc__)
    parser.add_argument("--port", type=int, default=8090, help="default: %(default)s")
    parser.add_argument("--host", default="127.0.0.1", help="default: %(default)s, this machine only")
    parser.add_argument("--kinesis-endpoint", required=True, help="where records go")
    parser.add_argument(
        "--file", type=Path, default=FILE, help="what is served (default: deploy/openapi.yaml)"
    )
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s front door %(levelname)s %(message)s")
    try:
        definition = load(options.file)
        asyncio.run(_serve(definition, options))
    except (DocumentError, OSError) as error:
        print(f"The front door cannot start: {error}.", file=sys.stderr)
        return CANNOT_START
    return 0


async def _serve(definition: Definition, options: argparse.Namespace) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with listen(definition, options.kinesis_endpoint, options.host, options.port) as port:
        print(f"front door on http://{options.host}:{port}/{definition.stage}", flush=True)
        await stop.wait()


if __name__ == "__main__":
    sys.exit(main())
