"""`python -m local.front_door --port 8090 --kinesis-endpoint URL`: runs until SIGTERM or Ctrl-C."""

import argparse
import logging
import resource
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from deploy.openapi import DocumentError
from local.front_door.definition import load
from local.front_door.server import listen
from local.front_door.workers import run
from local.processes.children import StartError
from local.processes.ports import HOST, refuse_busy_port

FILE = Path(__file__).resolve().parents[2] / "deploy" / "openapi.yaml"
WORKERS = 2
CANNOT_START = 2
"""Exit code when the port is busy or the file cannot be served."""


def main() -> int:
    """Parse the command line, serve, return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m local.front_door", description=__doc__)
    parser.add_argument("--port", type=int, default=8090, help="default: %(default)s")
    parser.add_argument("--kinesis-endpoint", required=True, metavar="URL", help="where records go")
    parser.add_argument(
        "--file", type=Path, default=FILE, help="what is served (default: deploy/openapi.yaml)"
    )
    parser.add_argument(
        "--variable", action="append", default=[], metavar="NAME=VALUE", help="a stage variable, as kill=on"
    )
    parser.add_argument(
        "--api-key", action="append", default=[], metavar="KEY", help="beacons need this key, or another one"
    )
    parser.add_argument("--workers", type=int, default=WORKERS, help="processes (default: %(default)s)")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s front door %(levelname)s %(message)s")
    try:
        _check(options)
        keys = frozenset(options.api_key)
        variables = dict(pair.partition("=")[::2] for pair in options.variable)
        definition = load(options.file, variables, key_required=bool(keys))
        share = replace(
            definition,
            rate_limit=definition.rate_limit / options.workers,
            burst_limit=definition.burst_limit / options.workers,
        )
        refuse_busy_port(options.port, "--port", "the front door")
    except (DocumentError, StartError) as error:
        print(f"The front door cannot start: {error}.", file=sys.stderr)
        return CANNOT_START
    _allow_many_connections()
    print(f"front door on http://{HOST}:{options.port}/{definition.stage}", flush=True)
    run(options.workers, partial(listen, share, options.kinesis_endpoint, HOST, options.port, keys))
    return 0


def _check(options: argparse.Namespace) -> None:
    """Raise StartError for an option that is no good."""
    parts = urlsplit(options.kinesis_endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        message = f"--kinesis-endpoint: found {options.kinesis_endpoint!r}; expected http://host:port"
        raise StartError(message)
    if options.workers < 1:
        message = f"--workers: found {options.workers}; expected 1 or more"
        raise StartError(message)
    for pair in options.variable:
        if "=" not in pair:
            message = f"--variable: found {pair!r}; expected NAME=VALUE"
            raise StartError(message)


def _allow_many_connections() -> None:
    """As many open files as this user may have: idle clients shall not lock others out."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


if __name__ == "__main__":
    sys.exit(main())
