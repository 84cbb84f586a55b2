"""Runs Node for the tests of the player."""

import shutil
import subprocess

import pytest

from tests.places import ROOT

NODE = shutil.which("node")


def node(*arguments: str) -> str:
    """What Node prints; fails the test with it when Node does not end well. Skips where there is none."""
    if not NODE:
        pytest.skip("there is no `node` on the path; on Debian and Ubuntu: apt-get install nodejs npm")
    if not (ROOT / "node_modules").is_dir():
        pytest.skip("node_modules is missing: npm ci")
    done = subprocess.run([NODE, *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout[-6_000:]}\n{done.stderr[-2_000:]}"
    return done.stdout
