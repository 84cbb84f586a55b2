"""The built zip, unpacked: what runs locally is what is uploaded."""

import shutil
import subprocess
import zipfile
from pathlib import Path

from local.processes.children import StartError
from local.project import PROJECT


def build(log: Path) -> Path:
    """Run build.sh, its output in `log`; the path of the zip. Raises StartError with the end of the log."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        done = subprocess.run(
            ["./build.sh"], cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=out, stderr=out, check=False
        )
    zips = sorted((PROJECT / "dist").glob("beacon-job-*.zip"), key=lambda path: path.stat().st_mtime)
    if done.returncode or not zips:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        message = f"build.sh failed; the end of {log}:\n{tail}"
        raise StartError(message)
    return zips[-1]


def unpack(archive: Path, folder: Path) -> Path:
    """Unpack the zip into `folder`, replacing what was there; returns `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    with zipfile.ZipFile(archive) as source:
        source.extractall(folder)
    return folder
