"""Our own code as it was released, kept in tests/cases/releases: this version must take up its savepoints.

`python -m tests.e2e.release` keeps the committed code there under its version.
"""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

from beacon_job import __version__
from tests.places import CASES, ROOT

RELEASES = CASES / "releases"


def keep() -> Path:
    """Write the zip of the committed `beacon_job` and return its path."""
    archive = RELEASES / f"beacon_job-{__version__}.zip"
    RELEASES.mkdir(exist_ok=True)
    command = ["git", "archive", "--format=zip", f"--output={archive}", "HEAD", "beacon_job"]
    subprocess.run(command, cwd=ROOT, check=True)
    return archive


def unpack_newest(folder: Path) -> None:
    """Unpack the newest release into `folder`; as long as there is none, the code of this checkout."""
    folder.mkdir(parents=True, exist_ok=True)
    releases = sorted(RELEASES.glob("beacon_job-*.zip"), key=_version)
    if not releases:
        releases = [_zipped(ROOT / "beacon_job", folder / "checkout.zip")]
    with zipfile.ZipFile(releases[-1]) as archive:
        archive.extractall(folder)


def properties(code: Path) -> set[tuple[str, str]]:
    """(group, key) of every property that the release in `code` knows: newer ones would stop it."""
    command = [sys.executable, "-m", "beacon_job.config"]
    done = subprocess.run(command, cwd=code, stdout=subprocess.PIPE, text=True, check=True)
    return set(re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|", done.stdout, re.MULTILINE))


def _version(archive: Path) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", archive.stem)]


def _zipped(package: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(package.rglob("*.py")):
            archive.write(path, path.relative_to(package.parent))
    return target


if __name__ == "__main__":
    print(keep().relative_to(ROOT))
