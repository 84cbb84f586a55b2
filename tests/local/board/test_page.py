"""The page's modules: their own tests, and their types."""

import shutil
import subprocess

import pytest

from tests.places import ROOT

PAGE = ROOT / "local" / "board" / "page"
TESTS = ROOT / "tests" / "local" / "board" / "page"
NODE = shutil.which("node")
TSC = ROOT / "node_modules" / "typescript" / "bin" / "tsc"


@pytest.mark.skipif(not NODE, reason="there is no `node` on the path")
def test_the_pure_modules_do_what_their_tests_say() -> None:
    done = subprocess.run(
        ["node", "--test", *sorted(map(str, TESTS.glob("*.test.js")))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not (NODE and TSC.exists()), reason="TypeScript is not installed: npm ci")
def test_the_modules_keep_to_their_types() -> None:
    done = subprocess.run(
        ["node", str(TSC), "--project", str(TESTS / "tsconfig.json")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_a_module_holds_one_idea_and_fits_a_few_screens() -> None:
    lengths = {path.name: len(path.read_text().splitlines()) for path in PAGE.rglob("*.js")}
    assert {name: lines for name, lines in lengths.items() if lines > 200} == {}
