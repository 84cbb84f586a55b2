"""The zip: its size, its names, its one jar, its Python libraries."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from deploy.preflight import contract

X86_64 = 0x3E
"""ELF machine number, at byte 18 of a shared object."""
FLINKS_OWN = ("org/slf4j/", "org/apache/logging/log4j/", "org/apache/commons/cli/")
"""Packages that clash when a second copy lies on the Python driver's parent class path."""


def archive_problems(path: Path, archive: zipfile.ZipFile) -> Iterator[str]:
    """What the service would refuse, or stumble over, in the zip as such."""
    size = path.stat().st_size
    if size > contract.MAX_ZIP_BYTES:
        yield f"the zip has {_mib(size)}; the service allows {_mib(contract.MAX_ZIP_BYTES)}"
    names = archive.namelist()
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{name} is in the zip twice"
    for name in names:
        yield from _name_problems(name)
        if name.endswith(".so"):
            yield from _extension_problems(name, archive.read(name))
    yield from _jar_problems(archive)


def size_notes(path: Path) -> Iterator[str]:
    """A note when the zip is larger than AWS advises."""
    size = path.stat().st_size
    if contract.ADVISED_ZIP_BYTES < size <= contract.MAX_ZIP_BYTES:
        yield f"the zip has {_mib(size)}; AWS advises at most {_mib(contract.ADVISED_ZIP_BYTES)}"


def _name_problems(name: str) -> Iterator[str]:
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or "\\" in name:
        yield f"{name} is no relative path with '/' in it"
    if "__MACOSX" in parts or parts[-1] in (".DS_Store", "Thumbs.db"):
        yield f"{name} was left by a file manager; the service calls such a zip an invalid code package"
    if "__pycache__" in parts or name.endswith(".pyc"):
        yield f"{name} is compiled Python; only sources belong in the zip"
    if any(part in ("tests", "test") for part in parts[:2]):
        yield f"{name} is a test; tests do not belong in the zip"
    provided = next((part for part in parts[:2] if part.split(".")[0] in contract.PROVIDED), None)
    if provided:
        yield f"{name}: {provided} comes with the service and must not be in the zip"
    if name.endswith((".pyd", ".dylib", ".dll")) or re.search(r"\.cpython-.*-darwin\.so$", name):
        yield f"{name} is for another operating system; the service runs Linux on x86_64"


def _extension_problems(name: str, content: bytes) -> Iterator[str]:
    if not name.endswith(contract.EXTENSION_SUFFIXES) and re.search(r"\.cpython-\d+", name):
        yield f"{name} is for another Python; the service runs CPython 3.11 (cp311) on x86_64"
    machine = int.from_bytes(content[18:20], "little")
    if content[:4] != b"\x7fELF" or machine != X86_64:
        yield f"{name} is not built for Linux on x86_64, which the service runs"


def _jar_problems(archive: zipfile.ZipFile) -> Iterator[str]:
    jars = [name for name in archive.namelist() if name.endswith(".jar")]
    if len(jars) != 1:
        yield f"found {len(jars)} jars ({', '.join(jars) or 'none'}); the service takes exactly one"
    for name in jars:
        try:
            jar = zipfile.ZipFile(io.BytesIO(archive.read(name)))
        except zipfile.BadZipFile:
            yield f"{name} is not a jar (no zip)"
            continue
        inside = jar.namelist()
        signed = [entry for entry in inside if re.fullmatch(r"META-INF/[^/]+\.(SF|DSA|RSA)", entry)]
        if signed:
            yield f"{name} holds {signed[0]}, a signature that does not fit a merged jar; Java refuses it"
        for package in FLINKS_OWN:
            if any(entry.startswith(package) for entry in inside):
                yield f"{name} holds {package}, which Flink brings itself; leave it out or relocate it"
        if "META-INF/services/org.apache.flink.table.factories.Factory" not in inside:
            yield f"{name} registers no Flink table connector (META-INF/services lacks the factories)"


def _mib(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MiB"
