"""Another version of the job beside this one."""

import json
import zipfile
from pathlib import Path

import pytest

from bench.versions import Version, groups, other_version


def checkout(folder: Path, says: str) -> Path:
    """What `git archive` gives of a version whose parts say something."""
    for name in ("beacon_job/__init__.py", "local/timestream/__init__.py", "main.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(says)
    properties = [
        {"PropertyGroupId": "beacon.source", "PropertyMap": {"stream": says, "kept": says}},
        {"PropertyGroupId": "beacon.stream", "PropertyMap": {"session.buckets": says}},
    ]
    (folder / "application_properties.json").write_text(json.dumps(properties))
    return folder


@pytest.fixture
def this(tmp_path: Path) -> Version:
    """The job of this checkout, unpacked."""
    for name in ("main.py", "dep/beacon_job/__init__.py", "dep/library.py", "lib/beacon-job-deps.jar"):
        path = tmp_path / "this" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("this")
    return Version("this job", tmp_path, tmp_path / "this")


@pytest.mark.parametrize("zipped", [False, True])
def test_another_version_is_its_own_code_on_the_libraries_of_this_one(
    this: Version, tmp_path: Path, zipped: bool
) -> None:
    source = checkout(tmp_path / "beacon-0.3", "old")
    if zipped:
        with zipfile.ZipFile(tmp_path / "beacon-0.3.zip", "w") as archive:
            for path in source.rglob("*.*"):
                archive.write(path, path.relative_to(source))
        source = tmp_path / "beacon-0.3.zip"
    found = other_version(source, this, tmp_path / "home")
    assert found.name == "beacon-0.3"
    content = {
        path.relative_to(found.folder).as_posix(): path.read_text()
        for path in found.folder.rglob("*")
        if path.is_file()
    }
    assert content == {
        "main.py": "old",
        "dep/beacon_job/__init__.py": "old",
        "dep/library.py": "this",
        "lib/beacon-job-deps.jar": "this",
    }


def test_a_version_runs_with_its_own_properties_but_for_where_it_reads_and_writes(tmp_path: Path) -> None:
    version = Version("old", checkout(tmp_path, "old"), tmp_path)
    assert groups(version, "bench-live", "http://kinesis", "http://store") == [
        {
            "PropertyGroupId": "beacon.source",
            "PropertyMap": {"stream": "bench-live", "kept": "old", "aws.endpoint": "http://kinesis"},
        },
        {"PropertyGroupId": "beacon.stream", "PropertyMap": {"session.buckets": "old"}},
    ]


def test_what_is_no_version_of_the_job_is_refused_in_a_sentence(this: Version, tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("text")
    (tmp_path / "empty").mkdir()
    for name, sentence in {
        "nowhere.zip": "found nothing; expected a folder or a zip",
        "text.zip": "found no zip; expected a folder or a zip",
        "empty": "found no beacon_job, local/timestream, main.py, application_properties.json; expected a",
    }.items():
        with pytest.raises(ValueError, match=sentence):
            other_version(tmp_path / name, this, tmp_path / "home")
