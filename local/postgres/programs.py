"""Where PostgreSQL's server programs are on this machine, and as whom they may run."""

import os
import pwd
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from local.processes.children import StartError

PLACES = (
    "/usr/lib/postgresql/*/bin",  # Debian and Ubuntu
    "/usr/pgsql-*/bin",  # the project's own packages for Red Hat and its kin
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
OLDEST = 14
"""Major version; older ones are out of support."""
USERS = ("postgres", "nobody")
"""Who may run the server when we are root, which it refuses."""


def programs() -> Path:
    """The folder of `initdb` and `postgres`, the newest that is found; raises StartError."""
    found = shutil.which("postgres")
    folders = [Path(found).resolve().parent] if found else []
    folders += [path for place in PLACES for path in Path("/").glob(place.lstrip("/"))]
    usable = [folder for folder in folders if (folder / "initdb").exists() and _major(folder) >= OLDEST]
    if not usable:
        message = (
            f"no PostgreSQL server of version {OLDEST} or newer is installed here; install one (Debian:"
            " `apt-get install postgresql`, macOS: `brew install postgresql`), or run without STORE=postgres"
        )
        raise StartError(message)
    return max(usable, key=_major)


def _major(folder: Path) -> int:
    """The newest version that the folder's path names; one that names none is taken for new."""
    return max((int(number) for number in re.findall(r"(?<![\d.])(\d{2})(?!\d)", str(folder))), default=99)


class Owner(NamedTuple):
    """As whom the server runs and who owns its files."""

    name: str
    uid: int
    gid: int


def owner(folder: Path) -> Owner | None:
    """Who runs the server over `folder`, or None for ourselves; raises StartError when that cannot be.

    PostgreSQL refuses to run as root. Somebody else then does, who must be able to enter the folder.
    """
    if os.geteuid():
        return None
    chosen = next(_known(USERS), None)
    if chosen is None:
        message = f"PostgreSQL does not run as root, and this machine knows no user {' or '.join(USERS)}"
        raise StartError(message)
    for parent in folder.resolve().parents:
        if parent.exists() and not _may_enter(parent, chosen):
            message = (
                f"PostgreSQL does not run as root, and the user {chosen.name} may not enter {parent};"
                " choose another work folder with BEACON_HOME="
            )
            raise StartError(message)
    return chosen


def _known(names: Iterable[str]) -> Iterable[Owner]:
    for name in names:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        yield Owner(name, entry.pw_uid, entry.pw_gid)


def _may_enter(folder: Path, who: Owner) -> bool:
    found = folder.stat()
    if found.st_uid == who.uid:
        return bool(found.st_mode & 0o100)
    if found.st_gid == who.gid:
        return bool(found.st_mode & 0o010)
    return bool(found.st_mode & 0o001)
