"""The pre-flight check: a good zip passes, and each way to break one is named in a sentence."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.preflight import contract
from deploy.preflight.__main__ import DEFAULT_PROPERTIES, check, main

Files = dict[str, bytes]
Groups = list[dict[str, dict[str, str]]]
FACTORIES = "META-INF/services/org.apache.flink.table.factories.Factory"
ELF_X86_64 = b"\x7fELF" + bytes(14) + b"\x3e\x00" + bytes(40)
ELF_ARM = b"\x7fELF" + bytes(14) + b"\xb7\x00" + bytes(40)


def jar(*names: str) -> bytes:
    """A jar with empty entries."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, b"")
    return content.getvalue()


def good_files() -> Files:
    """The smallest zip that passes."""
    return {
        "main.py": b"from player_job.main import main\n",
        "lib/beacon-job-deps.jar": jar(FACTORIES),
        "dep/player_job/__init__.py": b"",
        "dep/player_job/main.py": b"import tinylib\ndef main(): ...\n",
        "dep/tinylib.py": b"",
    }


def run_options(groups: Groups) -> dict[str, str]:
    """The service's own group among the project's."""
    return next(g["PropertyMap"] for g in groups if g["PropertyGroupId"] == contract.RUN_OPTIONS)


def problems_of(folder: Path, files: Files, groups: Groups) -> list[str]:
    """What the check says about a zip of these files with these property groups."""
    archive = folder / "job.zip"
    with zipfile.ZipFile(archive, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)
    properties = folder / "properties.json"
    properties.write_text(json.dumps(groups))
    return check(archive, properties)[0]


@pytest.fixture
def groups() -> Groups:
    """The project's own property groups."""
    return json.loads(DEFAULT_PROPERTIES.read_text())


def test_a_zip_in_the_services_layout_has_no_problems(tmp_path: Path, groups: Groups) -> None:
    assert problems_of(tmp_path, good_files(), groups) == []


ZIP_CASES: dict[str, tuple[Files, str]] = {
    "second jar": ({"lib/more.jar": jar(FACTORIES)}, "found 2 jars"),
    "jar without connectors": ({"lib/beacon-job-deps.jar": jar()}, "registers no Flink table connector"),
    "signed jar": (
        {"lib/beacon-job-deps.jar": jar(FACTORIES, "META-INF/AWS.SF")},
        "META-INF/AWS.SF, a signature",
    ),
    "jar with Flink's own": (
        {"lib/beacon-job-deps.jar": jar(FACTORIES, "org/slf4j/Logger.class")},
        "holds org/slf4j/, which Flink brings itself",
    ),
    "no jar at all": ({"lib/beacon-job-deps.jar": b"not a zip"}, "is not a jar"),
    "pyflink": ({"dep/pyflink/__init__.py": b""}, "pyflink comes with the service"),
    "numpy": ({"dep/numpy/__init__.py": b""}, "numpy comes with the service"),
    "pandas": ({"dep/pandas/__init__.py": b""}, "pandas comes with the service"),
    "pyarrow": ({"dep/pyarrow/__init__.py": b""}, "pyarrow comes with the service"),
    "bytecode": ({"dep/player_job/__pycache__/main.pyc": b""}, "is compiled Python"),
    "tests": ({"dep/tests/test_job.py": b""}, "is a test"),
    "Finder": ({"__MACOSX/main.py": b""}, "was left by a file manager"),
    "Explorer": ({"dep\\player_job\\x.py": b""}, "no relative path"),
    "path upwards": ({"../main.py": b""}, "no relative path"),
    "wheel for another Python": (
        {"dep/fast.cpython-312-x86_64-linux-gnu.so": ELF_X86_64},
        "is for another Python; the service runs CPython 3.11",
    ),
    "wheel for ARM": (
        {"dep/fast.cpython-311-x86_64-linux-gnu.so": ELF_ARM},
        "is not built for Linux on x86_64",
    ),
    "wheel for macOS": ({"dep/fast.cpython-311-darwin.so": ELF_X86_64}, "is for another operating system"),
    "driver is no Python": ({"main.py": b"def ("}, "main.py is not valid Python"),
    "package beside the driver": (
        {"main.py": b"import beside\n", "beside/__init__.py": b""},
        "imports beside, which the workers do not see",
    ),
    "broken module": (
        {"dep/player_job/broken.py": b"import no_such_library"},
        "player_job.broken cannot be imported: ModuleNotFoundError: No module named 'no_such_library'",
    ),
    "library of this machine": (
        {"dep/player_job/needs.py": b"import hypothesis"},
        "imports hypothesis, neither in the zip nor part of PyFlink",
    ),
    "writes when imported": (
        {"dep/player_job/cache.py": b"open(__file__ + '.cache', 'w')"},
        "cache.py.cache; on the service only /tmp is writable",
    ),
    "exits when imported": ({"dep/player_job/quits.py": b"raise SystemExit(3)"}, "ends the interpreter"),
}


@pytest.mark.parametrize(("change", "sentence"), ZIP_CASES.values(), ids=ZIP_CASES)
def test_what_is_wrong_with_a_zip_is_said_in_words(
    tmp_path: Path, groups: Groups, change: Files, sentence: str
) -> None:
    found = problems_of(tmp_path, good_files() | change, groups)
    assert any(sentence in problem for problem in found), found


def _option(key: str, value: str) -> Callable[[Groups], None]:
    return lambda groups: run_options(groups).update({key: value})


def _add(group: str, values: dict[str, str]) -> Callable[[Groups], None]:
    return lambda groups: groups.append({"PropertyGroupId": group, "PropertyMap": values})


def _source(key: str, value: object) -> Callable[[Groups], None]:
    def change(groups: Groups) -> None:
        next(g["PropertyMap"] for g in groups if g["PropertyGroupId"] == "beacon.source").update({key: value})

    return change


PROPERTY_CASES: dict[str, tuple[Callable[[Groups], None], str]] = {
    "script that is not there": (
        _option("python", "start.py"),
        "python names start.py, which is not in the zip",
    ),
    "jar that is not there": (_option("jarfile", "lib/x.jar"), "jarfile names lib/x.jar, which is not in"),
    "jar without suffix": (_option("jarfile", "lib/beacon-job-deps"), "wants a file ending in .jar"),
    "folder that is not there": (_option("pyFiles", "deps/"), "pyFiles names deps, which is not in the zip"),
    "pyFiles names the package": (
        _option("pyFiles", "dep/player_job"),
        "names the package dep/player_job itself",
    ),
    "two entries of one name": (_option("pyFiles", "dep/,lib/dep/"), "two entries called dep"),
    "archive that is not there": (_option("pyArchives", "data.zip"), "pyArchives names data.zip"),
    "pyModule": (
        _option("pyModule", "player_job.main"),
        "pyModule: Flink knows it, the service does not support",
    ),
    "pyExecutable": (_option("pyExecutable", "python3"), "pyExecutable: Flink knows it"),
    "pyRequirements": (_option("pyRequirements", "r.txt"), "pyRequirements: Flink knows it"),
    "unknown run option": (_option("jarFile", "lib/x.jar"), "key jarFile is not known"),
    "no run options": (lambda groups: groups.pop(0), "is missing; without it the application does not start"),
    "no script": (lambda groups: run_options(groups).pop("python"), "lacks python"),
    "blank value": (_source("stream", " "), "the value is blank; leave the key out"),
    "number instead of text": (_source("get.records.interval.ms", 200), "found a number 200"),
    "value too long": (_source("stream", "x" * 2049), "the value has 2049 characters; allowed are 2048"),
    "key too long": (_source("k" * 2049, "x"), "the key has 2049 characters"),
    "empty key": (_source("", "x"), "the key has 0 characters"),
    "51 keys": (_add("more", {f"k{n}": "x" for n in range(51)}), "has 51 keys; the service allows 1 to 50"),
    "no keys": (_add("more", {}), "has 0 keys"),
    "bad group name": (_add("more groups", {"k": "x"}), "a name has 1 to 50 letters"),
    "group twice": (_add("beacon.source", {"stream": "x"}), "group beacon.source is there twice"),
    "a key the job does not know": (_source("strem", "x"), "key strem is not known"),
    "a value the job refuses": (_source("initial.position", "FIRST"), "expected one of LATEST, TRIM_HORIZON"),
}


@pytest.mark.parametrize(("change", "sentence"), PROPERTY_CASES.values(), ids=PROPERTY_CASES)
def test_what_is_wrong_with_the_properties_is_said_in_words(
    tmp_path: Path, groups: Groups, change: Callable[[Groups], None], sentence: str
) -> None:
    change(groups)
    found = problems_of(tmp_path, good_files(), groups)
    assert any(sentence in problem for problem in found), found


def test_51_groups_are_one_too_many(tmp_path: Path, groups: Groups) -> None:
    groups += [{"PropertyGroupId": f"g{n}", "PropertyMap": {"k": "x"}} for n in range(51 - len(groups))]
    assert "51 property groups; the service allows 50" in problems_of(tmp_path, good_files(), groups)


def test_all_problems_are_told_at_once(tmp_path: Path, groups: Groups) -> None:
    _option("pyModule", "x")(groups)
    _source("stream", "")(groups)
    found = problems_of(tmp_path, good_files() | {"dep/numpy/__init__.py": b""}, groups)
    assert [any(word in problem for problem in found) for word in ("pyModule", "blank", "numpy")] == [
        True
    ] * 3


def test_a_key_said_twice_in_the_json_is_found(tmp_path: Path) -> None:
    properties = tmp_path / "properties.json"
    properties.write_text('[{"PropertyGroupId": "g", "PropertyMap": {"k": "1", "k": "2"}}]')
    assert any("key 'k' is there twice" in problem for problem in check(tmp_path / "x.zip", properties)[0])


@pytest.mark.parametrize("content", ["", "{}", "null", "[1]", '[{"PropertyGroupId": 1, "PropertyMap": {}}]'])
def test_a_file_of_another_shape_is_a_problem_not_a_crash(tmp_path: Path, content: str) -> None:
    properties = tmp_path / "properties.json"
    properties.write_text(content)
    assert check(tmp_path / "x.zip", properties)[0]


def test_the_exit_code_tells_a_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.zip")]) == 1
    assert "does not exist" in capsys.readouterr().err
    (tmp_path / "no.zip").write_bytes(b"no zip")
    assert main([str(tmp_path / "no.zip")]) == 1
    assert "is not a zip" in capsys.readouterr().err
