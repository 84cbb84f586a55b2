"""The zip: the same bytes each time, and complete without anything of this machine."""

import ast
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from deploy import package
from deploy.preflight.__main__ import DEFAULT_PROPERTIES, check

pytestmark = pytest.mark.skipif(not package.JAR.exists(), reason="no jar yet: jars/build.sh makes it")

CLIENT_FROM_THE_ZIP_ALONE = """
import sys
sys.path[:] = [path for path in sys.path if "site-packages" not in path] + [sys.argv[1]]
import boto3
session = boto3.Session("a", "b", region_name="eu-west-1")
for service in sys.argv[2:]:
    print(session.client(service, endpoint_url="http://127.0.0.1:1").meta.service_model.service_name)
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip of this checkout."""
    return package.build(tmp_path_factory.mktemp("dist") / "job.zip")


@pytest.fixture(scope="module")
def unpacked(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip's content in a folder."""
    folder = tmp_path_factory.mktemp("unpacked")
    shutil.unpack_archive(built, folder)
    return folder


def test_the_zip_passes_the_preflight_check(built: Path) -> None:
    assert check(built, DEFAULT_PROPERTIES)[0] == []


def test_the_same_input_gives_the_same_bytes(built: Path, tmp_path: Path) -> None:
    copy = tmp_path / "checkout"
    shutil.copytree(package.ROOT / "beacon_job", copy / "beacon_job", copy_function=shutil.copyfile)
    os.utime(copy / "beacon_job" / "__init__.py", (1, 1))
    for name in ("main.py", "LICENSE"):
        shutil.copyfile(package.ROOT / name, copy / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(package, "ROOT", copy)
        again = package.build(tmp_path / "again.zip")
    assert again.read_bytes() == built.read_bytes()


def test_the_entries_are_sorted_and_carry_nothing_of_this_machine(built: Path) -> None:
    with zipfile.ZipFile(built) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {(entry.date_time, entry.external_attr, entry.create_system) for entry in entries} == {
        (package.FIXED_TIME, 0o100644 << 16, 3)
    }


def test_every_file_of_the_job_travels(built: Path) -> None:
    with zipfile.ZipFile(built) as archive:
        packed = {
            name.removeprefix("dep/") for name in archive.namelist() if name.startswith("dep/beacon_job/")
        }
    here = {
        path.relative_to(package.ROOT).as_posix()
        for path in (package.ROOT / "beacon_job").rglob("*.*")
        if path.suffix != ".pyc"
    }
    assert packed == here


def test_the_models_of_all_aws_services_that_the_job_calls_travel() -> None:
    called = set()
    for path in (package.ROOT / "beacon_job").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("client", "create_client"):
                called |= {argument.value for argument in node.args[:1] if isinstance(argument, ast.Constant)}
    assert called
    assert called <= package.AWS_SERVICES


def test_aws_clients_can_be_made_from_the_zips_libraries_alone(unpacked: Path) -> None:
    services = sorted(package.AWS_SERVICES)
    command = [sys.executable, "-I", "-c", CLIENT_FROM_THE_ZIP_ALONE, str(unpacked / "dep"), *services]
    done = subprocess.run(command, capture_output=True, text=True, cwd=unpacked, check=True)
    assert done.stdout.split() == services


def test_the_run_options_name_what_the_zip_holds(unpacked: Path) -> None:
    groups = json.loads(DEFAULT_PROPERTIES.read_text())
    options = groups[0]["PropertyMap"]
    assert [(unpacked / options[key]).exists() for key in ("python", "jarfile", "pyFiles")] == [True] * 3


def test_a_library_without_a_pin_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = package.REQUIREMENTS.read_text().splitlines(keepends=True)
    (tmp_path / "requirements.txt").write_text("".join(line for line in lines if not line.startswith("six")))
    wheels = package.wheels()
    monkeypatch.setattr(package, "REQUIREMENTS", tmp_path / "requirements.txt")
    with pytest.raises(package.PackageError, match=r"does not pin six, .* add six==[\d.]+"):
        package.refuse_unpinned(wheels)
