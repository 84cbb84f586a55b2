"""The files in the repository are those that the source makes."""

from pathlib import Path

import pytest

from deploy.grafana.__main__ import HERE, files


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(HERE).as_posix())
def test_a_committed_file_is_what_the_source_makes(path: Path) -> None:
    assert path.read_text() == files()[path], "run `python -m deploy.grafana`"


def test_no_other_dashboard_lies_beside_them() -> None:
    assert {path for path in HERE.rglob("*.json")} == {path for path in files() if path.suffix == ".json"}
