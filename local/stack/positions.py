"""Where a new run of the job goes on: the savepoint or checkpoint to start from."""

import shutil
from pathlib import Path


def last_savepoint(home: Path) -> str | None:
    """The savepoint taken when the stack was last stopped, or None."""
    try:
        return _file(home).read_text().strip() or None
    except FileNotFoundError:
        return None


def remember(home: Path, savepoint: str) -> None:
    """Keep the savepoint's location for the next run."""
    _file(home).write_text(savepoint + "\n")


def newest_snapshot(home: Path) -> str | None:
    """The savepoint of the last stop, or a retained checkpoint if one is younger (the run was killed)."""
    savepoint = last_savepoint(home)
    found = [path.parent for path in (home / "checkpoints").glob("*/chk-*/_metadata")]
    if savepoint:
        path = Path(savepoint.removeprefix("file://").removeprefix("file:"))
        if (path / "_metadata").exists():
            found.append(path)
    newest = max(found, key=lambda path: (path / "_metadata").stat().st_mtime_ns, default=None)
    return newest.resolve().as_uri() if newest else None


def forget(home: Path) -> None:
    """Drop the positions and the checkpoints they could come from."""
    _file(home).unlink(missing_ok=True)
    shutil.rmtree(home / "checkpoints", ignore_errors=True)


def _file(home: Path) -> Path:
    return home / "last-savepoint"
