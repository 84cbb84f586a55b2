"""The owner's commands: `migrate` makes and changes the tables, `maintain` makes and drops their days.

The connection is a URL of libpq's kind, or what the environment says (PGHOST, PGUSER, PGPASSWORD, …).
"""

import argparse
import sys

import psycopg

from beacon_job.stores.postgres.migrate import TABLES, maintain, migrate

KEEP_DAYS = {"events": 7, "qoe": 400, "sessions": 400}


def main(arguments: list[str] | None = None) -> int:
    """Do what was asked for, a line for each thing done; 1 when PostgreSQL refuses."""
    options = _parser().parse_args(arguments)
    try:
        with psycopg.connect(options.url, autocommit=True, connect_timeout=10) as connection:
            if options.command == "migrate":
                done = [f"{name}: applied" for name in migrate(connection, options.schema)]
            else:
                done = [
                    line
                    for table in TABLES
                    for line in maintain(
                        connection, options.schema, table, getattr(options, table), options.ahead
                    )
                ]
    except psycopg.Error as error:
        said = error.diag.message_primary or " ".join(str(error).split())
        print(f"{options.command}: {said}", file=sys.stderr)
        return 1
    print("\n".join(done or ["nothing to do"]))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m beacon_job.stores.postgres", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("url", nargs="?", default="", help="postgresql://owner@host/database?sslmode=…")
    common.add_argument("--schema", default="public", help="default: %(default)s")
    commands.add_parser("migrate", parents=[common], help="apply what is missing of the schema")
    days = commands.add_parser("maintain", parents=[common], help="make days ahead, drop old ones")
    days.add_argument("--ahead", type=_days, default=7, metavar="DAYS", help="default: %(default)s")
    for table, keep in KEEP_DAYS.items():
        text = f"how long rows of {table} are kept (default: %(default)s)"
        days.add_argument(f"--{table}", type=_days, default=keep, metavar="DAYS", help=text)
    return parser


def _days(text: str) -> int:
    if text.isdecimal() and 1 <= int(text) <= 36_500:
        return int(text)
    message = f"found {text!r}; expected a whole number of days from 1 to 36500"
    raise argparse.ArgumentTypeError(message)


if __name__ == "__main__":
    sys.exit(main())
