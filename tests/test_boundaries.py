"""House rules of the code: what may import what, and how long a file may be."""

import ast
import subprocess
import sys
from functools import cache

import pytest

from tests.places import ROOT

JOB = ROOT / "beacon_job"
FILES = {
    path.relative_to(JOB).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__"): path
    for path in JOB.rglob("*.py")
    if path != JOB / "__init__.py"
}
MODULES = sorted(FILES)

MAY_IMPORT = {
    "pyflink": {"main", "flink.job", "flink.operators", "flink.tables", "flink.uids"},
    "pandas": {"flink.operators"},
    "boto3": {"stores.timestream.store"},
    "botocore": {"stores.timestream.store"},
}
"""Library -> the modules at the edge that may name it; all others are pure and run with plain Python."""

IMPORTED_BY = {
    "main": set(),
    "flink.job": {"main"},
    "flink.operators": {"flink.job"},
    "flink.tables": {"flink.job", "flink.operators"},
    "flink.uids": {"flink.job"},
}
"""Module of the edge -> who may import it: dependencies point from main to the core, never back."""

MAX_LINES = 240
"""About 200, and room for what the formatter makes of a table."""


@cache
def imports(module: str) -> frozenset[str]:
    """Everything a module of the job names in an import, wherever it stands, in full dotted names."""
    found = set()
    for node in ast.walk(ast.parse(FILES[module].read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} uses a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def siblings(module: str) -> set[str]:
    """The modules of the job that a module imports."""
    named = {name.removeprefix("beacon_job.") for name in imports(module) if name.startswith("beacon_job.")}
    # `from package import name` is one of the module, or of what it defines.
    return {name for full in named for name in (full, full.rpartition(".")[0]) if name in FILES} - {module}


def reached(module: str) -> set[str]:
    """The modules of the job that importing a module loads, itself included."""
    seen, queue = set(), [module]
    while queue:
        name = queue.pop()
        if name not in seen:
            seen.add(name)
            queue += siblings(name)
    return seen


def loaded_by(module: str) -> set[str]:
    """Which of the libraries of MAY_IMPORT are loaded once a fresh interpreter has imported a module."""
    program = f"import sys, beacon_job.{module}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return MAY_IMPORT.keys() & set(done.stdout.split())


@pytest.mark.parametrize(
    "module",
    [m for m in MODULES if not {"main", "flink.job", "flink.operators", "flink.tables"} & reached(m)],
)
def test_a_pure_module_loads_by_itself_and_without_the_heavy_libraries(module: str) -> None:
    may = {library for library, at_the_edge in MAY_IMPORT.items() if at_the_edge & reached(module)}
    assert loaded_by(module) <= may


@pytest.mark.parametrize("library", MAY_IMPORT)
def test_a_heavy_library_is_named_at_the_edge_only(library: str) -> None:
    naming = {module for module in MODULES if any(name.split(".")[0] == library for name in imports(module))}
    assert naming <= MAY_IMPORT[library]


@pytest.mark.parametrize("module", MODULES)
def test_the_job_never_imports_the_tools_around_it(module: str) -> None:
    assert not {name.split(".")[0] for name in imports(module)} & {"deploy", "local", "bench", "tests"}


@pytest.mark.parametrize("module", MODULES)
def test_dependencies_are_no_circle(module: str) -> None:
    assert all(module not in reached(sibling) for sibling in siblings(module))


@pytest.mark.parametrize("module", IMPORTED_BY)
def test_dependencies_point_from_main_to_the_core(module: str) -> None:
    assert {other for other in MODULES if module in siblings(other)} <= IMPORTED_BY[module]


@pytest.mark.parametrize("module", sorted(set(MODULES) - IMPORTED_BY.keys()))
def test_the_core_does_not_know_the_edge(module: str) -> None:
    assert not siblings(module) & IMPORTED_BY.keys()


def test_a_file_holds_one_idea_and_fits_a_few_screens() -> None:
    folders = [ROOT / name for name in ("beacon_job", "deploy", "local", "bench")]
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines())
        for folder in folders
        for path in folder.rglob("*.py")
    }
    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}


def test_the_whole_pipeline_fits_on_one_screen() -> None:
    tree = ast.parse((JOB / "flink" / "job.py").read_text())
    build = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "build")
    assert (build.end_lineno or 0) - build.lineno < 40
