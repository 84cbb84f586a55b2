"""House rules: what may import what, and how long a file may be. Lists are compared for equality, so that
none of them can go stale."""

import ast
import inspect
import subprocess
import sys
from functools import cache

import pytest

from tests.places import ROOT

TOPS = ("beacon_job", "deploy", "local", "bench")
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for top in TOPS
    for path in sorted((ROOT / top).rglob("*.py"))
}
"""Dotted name -> file."""

ROOMS = {
    "types": set(),
    "decode": {"types"},
    "gather": {"decode", "sessions", "types"},
    "sessions": {"types"},
    "rollup": {"types"},
    "stores": {"types"},
    "replay": {"decode", "sessions", "types"},
    "config": {"gather", "rollup", "sessions", "stores", "types"},
    "flink": {"config", "gather", "rollup", "sessions", "stores", "types"},
    "main": {"config", "flink"},
}
"""Room of the job -> the rooms it imports."""

PUBLIC = {
    "flink": {"job"},  # its face loads no pyflink
    "gather": {"settings"},
    "rollup": {"settings"},
    "sessions": {"settings"},
}
"""Room of the job -> modules of it, beside its face and those of `types`, that other rooms import."""

LIBRARIES = {
    "pyflink": {"flink", "main"},
    "pandas": {"flink"},
    "botocore": {
        "stores.postgres.connection",
        "stores.postgres.passwords",
        "stores.timestream.endpoint",
        "stores.timestream.store",
    },
    "urllib3": {"stores.timestream.store"},
    "psycopg": {f"stores.postgres.{name}" for name in ("__main__", "connection", "migrate", "store")},
}
"""Library -> the modules of the job that name it, or their room where the whole of it may."""

NEVER = {
    "beacon_job.decode.cmcd": {"beacon_job.decode.json_forms"},
    "beacon_job.sessions.view": {
        f"beacon_job.sessions.{name}" for name in ("evaluate", "reorder", "sequence")
    },
    "beacon_job.stores.delivery": {"beacon_job.stores.postgres", "beacon_job.stores.timestream"},
    "beacon_job": {"bench", "deploy", "local", "tests"},
    "deploy": {"bench", "local", "tests"},
    "local": {"bench", "tests"},
    "bench": {"tests"},
}
"""Folder or file -> what nothing in it imports."""

ALONE = ("local.timestream", "local.viewers")
"""Folders that import nothing else of the folder they stand in."""

MAX_LINES = 240
"""About 200, and room for what the formatter makes of a table."""


@cache
def imports(module: str) -> frozenset[str]:
    """Everything a module names in an import, wherever it stands, in full dotted names."""
    found = set()
    for node in ast.walk(ast.parse(FILES[module].read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} uses a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


@cache
def neighbours(module: str) -> frozenset[str]:
    """The modules of this project that a module imports."""
    # `from package import name` is a module, or what the package itself defines.
    return frozenset(
        name if name in FILES else parent
        for name in imports(module)
        for parent in [name.rpartition(".")[0]]
        if name in FILES or parent in FILES
    ) - {module}


def within(module: str, folder: str) -> bool:
    """Whether a module is that folder, or lies in it."""
    return module == folder or module.startswith(f"{folder}.")


def room(module: str) -> str:
    """The room of a module of the job: `beacon_job.decode.cmcd.line` -> `decode`."""
    return module.split(".")[1] if "." in module else ""


JOB = [module for module in FILES if within(module, "beacon_job") and module != "beacon_job"]


def circle(arrows: dict[str, set[str]]) -> list[str]:
    """Names that reach themselves."""

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        queue = [*arrows[start]]
        while queue:
            name = queue.pop()
            if name not in seen:
                seen.add(name)
                queue += arrows.get(name, ())
        return seen

    return [name for name in arrows if name in reached(name)]


def test_rooms_of_the_job_import_what_is_drawn_and_nothing_else() -> None:
    found: dict[str, set[str]] = {room(module): set() for module in JOB}
    for module in JOB:
        found[room(module)] |= {room(name) for name in neighbours(module)} - {room(module), ""}
    assert found == ROOMS


def test_from_outside_a_room_only_its_face_and_its_public_modules_are_imported() -> None:
    found: dict[str, set[str]] = {}
    for module in JOB:
        for name in neighbours(module):
            other = room(name)
            if other not in (room(module), "types", "") and name != f"beacon_job.{other}":
                found.setdefault(other, set()).add(name.removeprefix(f"beacon_job.{other}."))
    assert found == PUBLIC


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_heavy_library_is_named_where_it_belongs_only(library: str) -> None:
    naming = {
        module.removeprefix("beacon_job.")
        for module in JOB
        if library in {name.split(".")[0] for name in imports(module)}
    }
    whole = {place for place in LIBRARIES[library] if place in ROOMS}
    assert {name.split(".")[0] if name.split(".")[0] in whole else name for name in naming} == LIBRARIES[
        library
    ]


def test_a_pure_room_runs_with_plain_python() -> None:
    for name in ROOMS.keys() - {"flink", "main", "stores"}:
        modules = [module for module in JOB if room(module) == name and not module.endswith("__main__")]
        program = f"import sys\nfor name in {modules}: __import__(name)\nprint(*sys.modules)"
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
        )
        assert LIBRARIES.keys() & set(done.stdout.split()) == set(), name


@pytest.mark.parametrize("place", NEVER)
def test_what_must_not_be_imported_is_not(place: str) -> None:
    named = {name for module in FILES if within(module, place) for name in imports(module)}
    assert {name for name in named for never in NEVER[place] if within(name, never)} == set()


@pytest.mark.parametrize("place", ALONE)
def test_a_folder_that_stands_alone_imports_nothing_beside_it(place: str) -> None:
    parent = place.rpartition(".")[0]
    named = {name for module in FILES if within(module, place) for name in neighbours(module)}
    assert {name for name in named if within(name, parent) and not within(name, place)} == set()


def test_wings_of_the_stores_do_not_know_each_other() -> None:
    wings = {module.split(".")[2] for module in JOB if room(module) == "stores" and module.count(".") > 2}
    for module in JOB:
        for name in neighbours(module):
            if room(module) == room(name) == "stores" and name.count(".") > 2:
                mine = module.split(".")[2]
                assert mine == name.split(".")[2] or mine not in wings, f"{module} imports {name}"


@pytest.mark.parametrize("top", TOPS)
def test_files_form_no_circle(top: str) -> None:
    # A face names what its room shows; that is no dependency of the room on itself.
    faces = {module for module, path in FILES.items() if path.name == "__init__.py"}
    arrows = {
        module: set(neighbours(module)) - faces
        for module in FILES
        if within(module, top) and module not in faces
    }
    assert circle(arrows) == []


def folders() -> dict[str, set[str]]:
    """Every folder that holds folders or files -> what each of its parts imports of the others."""
    found: dict[str, set[str]] = {}
    for module in FILES:
        for name in neighbours(module):
            ours, theirs = module.split("."), name.split(".")
            depth = next(
                (i for i, pair in enumerate(zip(ours, theirs, strict=False)) if pair[0] != pair[1]), None
            )
            if depth is None:
                continue
            one, other = ".".join(ours[: depth + 1]), ".".join(theirs[: depth + 1])
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set())
    return found


def test_folders_form_no_circle() -> None:
    assert circle(folders()) == []


def test_a_file_holds_one_idea_and_fits_a_few_screens() -> None:
    lengths = {module: len(path.read_text().splitlines()) for module, path in FILES.items()}
    assert {module: lines for module, lines in lengths.items() if lines > MAX_LINES} == {}


def test_the_whole_pipeline_fits_on_one_screen() -> None:
    tree = ast.parse(FILES["beacon_job.flink.job"].read_text())
    build = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "build")
    assert (build.end_lineno or 0) - build.lineno < 40


def test_tests_mirror_the_folders() -> None:
    around = {"browser", "cases", "contract", "docs", "e2e", "faults"}
    tested = {
        path.parent.relative_to(ROOT / "tests").as_posix()
        for path in (ROOT / "tests").rglob("test_*.py")
        if path.parent != ROOT / "tests"
    }
    places = {name for name in tested if name.split("/")[0] not in around}
    missing = {name for name in places if not any((ROOT / top / name).is_dir() for top in ("", "beacon_job"))}
    assert missing == set()
    assert {f"beacon_job/{name}" for name in ROOMS if name != "main"} - {
        f"beacon_job/{name.split('/')[0]}" for name in places
    } <= {"beacon_job/types"}


def told() -> list[tuple[str, str]]:
    """(place, text) of every docstring, those below a name included."""
    return [
        (f"{module}:{node.lineno}", inspect.cleandoc(node.value.value))
        for module, path in FILES.items()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    ]


def test_no_docstring_ends_a_paragraph_in_a_line_of_one_word() -> None:
    broken = [
        place
        for place, text in told()
        for paragraph in text.split("\n\n")
        for lines in [paragraph.splitlines()]
        if len(lines) > 1 and len(lines[-1].split()) == 1 and not lines[-1].startswith((" ", "`", "|", "-"))
    ]
    assert broken == []
