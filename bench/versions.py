"""Which job is measured: this checkout's, and another version of it to compare with.

Another version is run as the job it is: by its own main.py, with its own properties file, into the
stand-in of its own time, whose rules go with the names it writes. Nothing of it is imported here. The
libraries and the jar are those of this checkout for both.
"""

import json
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from deploy import package
from local.flink import bundle

ROOT = Path(__file__).parent.parent
PROPERTIES = "application_properties.json"
PARTS = ("beacon_job", "local/timestream", "main.py", PROPERTIES)
"""What a checkout must hold to be run."""


class Version(msgspec.Struct, frozen=True):
    """A job that can be submitted."""

    name: str
    checkout: Path
    folder: Path
    """main.py, dep/ and lib/, as Managed Flink unpacks them."""


def this_version(home: Path) -> Version:
    """The job of this checkout, from the zip that would be uploaded."""
    archive = package.build(home / "beacon-job.zip")
    return Version("this job", ROOT, bundle.unpack(archive, home / "this"))


def other_version(source: Path, this: Version, home: Path) -> Version:
    """The job in `source`, a checkout or a zip of one. Raises ValueError when there is none."""
    found = source if source.is_dir() else _unpacked(source, home / "archive")
    missing = [name for name in PARTS if not (found / name).exists()]
    if missing:
        message = (
            f"{source}: found no {', '.join(missing)}; expected a checkout, or `git archive --format=zip`"
        )
        raise ValueError(message)
    folder = home / "other"
    shutil.copytree(this.folder, folder)
    shutil.rmtree(folder / "dep" / "beacon_job")
    shutil.copytree(found / "beacon_job", folder / "dep" / "beacon_job")
    shutil.copy(found / "main.py", folder / "main.py")
    return Version(source.resolve().name.removesuffix(".zip"), found, folder)


def _unpacked(source: Path, folder: Path) -> Path:
    if not zipfile.is_zipfile(source):
        message = f"{source}: found {'no zip' if source.exists() else 'nothing'}; expected a folder or a zip"
        raise ValueError(message)
    return bundle.unpack(source, folder)


def groups(version: Version, stream: str, kinesis_url: str, store_url: str) -> list[Mapping[str, Any]]:
    """The version's own properties, reading `stream` of the emulator and writing to the stand-in."""
    found: list[Mapping[str, Any]] = json.loads((version.checkout / PROPERTIES).read_text())
    changes = {
        "beacon.source": {"stream": stream, "aws.endpoint": kinesis_url},
        "beacon.dead.letter": {"aws.endpoint": kinesis_url},
        "beacon.store": {"aws.endpoint": store_url},
    }
    return [
        {**group, "PropertyMap": group["PropertyMap"] | changes.get(group["PropertyGroupId"], {})}
        for group in found
    ]
