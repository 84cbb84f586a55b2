"""Builds jars/beacon-job-deps.jar and checks what went into it; run by build.sh.

`--lock` writes checksums.sha256 anew instead of checking against it.
"""

import hashlib
import os
import signal
import sys
from pathlib import Path

from jars.maven import run_maven
from jars.trouble import Trouble

HERE = Path(__file__).parent
TARGET = HERE / "target"
JAR = "beacon-job-deps.jar"
CHECKSUMS = HERE / "checksums.sha256"
DIFFERENCE = "run jars/build.sh --lock and review the difference"


def main(lock: bool) -> None:
    """Build the jar; it appears whole, or not at all. Raises Trouble."""
    run_maven("clean", "package")
    resolved = {path.name: _sha256(path) for path in sorted((TARGET / "resolved").glob("*.jar"))}
    if lock:
        CHECKSUMS.write_text("".join(f"{digest}  ./{name}\n" for name, digest in resolved.items()))
    else:
        check(resolved, locked())
    os.replace(TARGET / JAR, HERE / JAR)
    # Newer than its recipe: its own time is fixed by Maven, as everything in it.
    (HERE / JAR).touch()


def locked() -> dict[str, str]:
    """The artifacts that checksums.sha256 names: file name -> SHA-256."""
    lines = (line.split() for line in CHECKSUMS.read_text().splitlines())
    return {name.removeprefix("./"): digest for digest, name in lines}


def check(resolved: dict[str, str], wanted: dict[str, str]) -> None:
    """Raise Trouble unless exactly the locked artifacts were resolved, byte for byte."""
    for name, digest in wanted.items():
        if name in resolved and resolved[name] != digest:
            message = (
                f"{name} was downloaded with SHA-256 {resolved[name]}, jars/checksums.sha256 names {digest};"
                f" if pom.xml was changed on purpose, {DIFFERENCE}"
            )
            raise Trouble(message)
    if strange := sorted(resolved.keys() ^ wanted.keys()):
        message = (
            f"pom.xml and jars/checksums.sha256 do not name the same artifacts ({', '.join(strange)});"
            f" {DIFFERENCE}"
        )
        raise Trouble(message)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    # setup.sh ends a build by SIGTERM; an exception also ends Maven and removes what is half made.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        main(lock="--lock" in sys.argv[1:])
    except Trouble as trouble:
        sys.exit(str(trouble))
    except OSError as error:
        sys.exit(f"cannot build jars/{JAR}: {error}")
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
