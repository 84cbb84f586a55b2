"""Where a server is found, and what is said when there is none or it may not run."""

from pathlib import Path

import pytest

from local.postgres import programs
from local.processes.children import StartError


def folder_of(root: Path, version: str) -> Path:
    folder = root / version / "bin"
    folder.mkdir(parents=True)
    (folder / "initdb").touch()
    return folder


def test_the_newest_installation_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs.shutil, "which", lambda name: None)
    monkeypatch.setattr(programs, "PLACES", (f"{tmp_path}/*/bin",))
    folder_of(tmp_path, "13")
    newest = folder_of(tmp_path, "17")
    folder_of(tmp_path, "15")
    assert programs.programs() == newest


def test_without_an_installation_one_sentence_says_how_to_get_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs.shutil, "which", lambda name: None)
    monkeypatch.setattr(programs, "PLACES", (f"{tmp_path}/*/bin",))
    with pytest.raises(StartError, match="apt-get install postgresql"):
        programs.programs()


def test_root_lends_the_server_to_somebody_who_can_enter_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs.os, "geteuid", lambda: 0)
    tmp_path.chmod(0o700)
    with pytest.raises(StartError, match=f"may not enter .*{tmp_path.parent.name}.*BEACON_HOME="):
        programs.owner(tmp_path / "data")
    shared = Path("/tmp/some/folder")
    assert programs.owner(shared) is not None


def test_anybody_else_runs_it_himself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs.os, "geteuid", lambda: 1_000)
    assert programs.owner(tmp_path) is None
