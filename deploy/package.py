"""Builds the zip that Managed Flink runs; `python -m deploy.package` prints its path.

main.py                     what the service starts
lib/beacon-job-deps.jar     the one jar
dep/                        pyFiles: beacon_job and the libraries of requirements.txt
"""

import hashlib
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import beacon_job

ROOT = Path(__file__).parent.parent
JAR = ROOT / "jars" / "beacon-job-deps.jar"
REQUIREMENTS = ROOT / "requirements.txt"
WHEELS = ROOT / "build" / "wheels"
PLATFORM = (
    "--platform=manylinux2014_x86_64", "--implementation=cp", "--python-version=3.11", "--only-binary=:all:"
)  # fmt: skip
"""What Managed Flink's FLINK-1_20 runs on."""

AWS_SERVICES = frozenset({"timestream-write", "secretsmanager", "rds", "sts", "sso", "sso-oidc"})
"""The service models of botocore that travel: what the job calls, and what finding credentials may call.
All of them would be 1,900 files more, which Flink copies for every worker."""

FIXED_TIME = (2024, 1, 1, 0, 0, 0)


class PackageError(RuntimeError):
    """The zip cannot be built; the message says why, in words."""


def build(target: Path) -> Path:
    """Write the zip of this checkout to `target` and return it; the same input gives the same bytes."""
    if not JAR.exists():
        message = "jars/beacon-job-deps.jar is missing; jars/build.sh makes it"
        raise PackageError(message)
    files = {"main.py": (ROOT / "main.py").read_bytes(), "LICENSE": (ROOT / "LICENSE").read_bytes()}
    files["lib/beacon-job-deps.jar"] = JAR.read_bytes()
    for name, content in [*_own_files(), *_library_files(wheels())]:
        if files.setdefault(f"dep/{name}", content) != content:
            message = f"two libraries of requirements.txt both bring {name}, with different content"
            raise PackageError(message)
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(files):
            archive.writestr(*_entry(name, files[name]))
    return target


def _entry(name: str, content: bytes) -> tuple[zipfile.ZipInfo, bytes, int, int]:
    info = zipfile.ZipInfo(name, FIXED_TIME)
    info.create_system, info.external_attr = 3, 0o100644 << 16
    method = zipfile.ZIP_STORED if name.endswith(".jar") else zipfile.ZIP_DEFLATED
    return info, content, method, 9


def _own_files() -> Iterator[tuple[str, bytes]]:
    for path in (ROOT / "beacon_job").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(ROOT).as_posix(), path.read_bytes()


def _library_files(wheels: list[Path]) -> Iterator[tuple[str, bytes]]:
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if not name.endswith("/") and _travels(name, wheel):
                    yield name, archive.read(name)


def _travels(name: str, wheel: Path) -> bool:
    kind = re.match(r"[^/]+\.data/(\w+)/", name)
    if kind and kind[1] != "scripts":
        message = f"{wheel.name} wants {name} outside the library folder, which the zip does not have"
        raise PackageError(message)
    model = re.match(r"botocore/data/([^/]+)/", name)
    return not kind and (not model or model[1] in AWS_SERVICES)


def wheels() -> list[Path]:
    """The wheels of requirements.txt for the service's platform; downloaded once for each of its contents."""
    folder = WHEELS / hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:16]
    complete = folder / "complete"
    if not complete.exists():
        command = (
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--disable-pip-version-check",
            *PLATFORM,
        )
        done = subprocess.run([*command, "-r", REQUIREMENTS, "-d", folder], check=False, stdout=sys.stderr)
        if done.returncode:
            message = (
                "pip could not download the wheels of requirements.txt for Managed Flink's platform (above)"
            )
            raise PackageError(message)
        complete.touch()
    wheels = sorted(folder.glob("*.whl"))
    refuse_unpinned(wheels)
    return wheels


def refuse_unpinned(wheels: list[Path]) -> None:
    lines = (line.partition("#")[0].strip() for line in REQUIREMENTS.read_text().splitlines())
    pins = {re.sub(r"[-_.]+", "-", line).lower() for line in lines if line}
    for wheel in wheels:
        name, version = wheel.name.split("-")[:2]
        if re.sub(r"[-_.]+", "-", f"{name}=={version}").lower() not in pins:
            message = (
                f"requirements.txt does not pin {name}, which another library needs; add {name}=={version}"
            )
            raise PackageError(message)


def main() -> int:
    """Build into dist/; returns the exit code."""
    try:
        print(build(ROOT / "dist" / f"beacon-job-{beacon_job.__version__}.zip").relative_to(ROOT))
    except PackageError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
