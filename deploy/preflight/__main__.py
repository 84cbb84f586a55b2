"""The command line: exit code 0 when nothing is wrong, 1 when something is, 2 for a wrong call."""

import argparse
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from deploy.preflight import contract
from deploy.preflight.imports import import_problems, skipped_here
from deploy.preflight.layout import layout_problems
from deploy.preflight.properties import group_problems, local_addresses, read_groups
from deploy.preflight.zip_contents import archive_problems, size_notes

DEFAULT_PROPERTIES = Path(__file__).parent.parent.parent / "application_properties.json"


def check(path: Path, properties: Path) -> tuple[list[str], list[str]]:
    """Problems, each a sentence, and notes of a zip and its property groups."""
    groups, problems = read_groups(properties)
    problems += group_problems(groups)
    notes = list(local_addresses(groups))
    options = groups.get(contract.RUN_OPTIONS, {})
    try:
        with zipfile.ZipFile(path) as archive:
            problems += archive_problems(path, archive)
            problems += layout_problems(archive, options)
            notes += size_notes(path)
            skipped = skipped_here()
            if skipped:
                notes.append(skipped)
            elif not problems:
                # With the wrong layout every import fails, and says nothing new.
                problems += import_problems(archive, options)
    except FileNotFoundError:
        problems.append(f"{path} does not exist; ./build.sh makes it")
    except zipfile.BadZipFile as error:
        problems.append(f"{path} is not a zip: {error}")
    return problems, notes


def main(arguments: Sequence[str] | None = None) -> int:
    """Check and print; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m deploy.preflight", description="Check a zip for Managed Flink."
    )
    parser.add_argument("file", type=Path, help="the zip")
    parser.add_argument("--properties", type=Path, default=DEFAULT_PROPERTIES, help="property groups (JSON)")
    options = parser.parse_args(arguments)
    problems, notes = check(options.file, options.properties)
    for note in notes:
        print(f"note: {note}")
    for problem in problems:
        print(f"problem: {problem}", file=sys.stderr)
    size = f", {options.file.stat().st_size / 1024 / 1024:.1f} MiB" if options.file.exists() else ""
    print(f"{options.file}{size}: {len(problems)} problem(s), {len(notes)} note(s)")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
