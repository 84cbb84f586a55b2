"""The documents name only commands, files and properties that exist, and all properties that do."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from beacon_job.config.properties import markdown, properties_for
from tests.places import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
SOURCES = "\n".join(
    path.read_text()
    for pattern in (
        "*.sh",
        "Makefile",
        ".ci/run",
        "beacon_job/**/*.py",
        "deploy/**/*.py",
        "local/**/*.py",
        "local/*.sh",
        "jars/*.py",
        "bench/**/*.py",
    )
    for path in ROOT.glob(pattern)
)

COMMAND = re.compile(r"(?:^|`|\$ |\n)make ([a-z]+)\b")
MODULE = re.compile(r"python3? -m ([\w.]+)")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
CODE = re.compile(r"`([^`\n]+)`")
FILE = re.compile(r"(?:\./)?(?:[\w.-]+/)*[\w.-]+\.(?:py|sh|md|json|ya?ml|toml|txt|xml|js|html)")
VARIABLE = re.compile(r"\b([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)=")


def texts() -> list[tuple[str, str]]:
    """Every page as (name, text)."""
    return [(page.relative_to(ROOT).as_posix(), page.read_text()) for page in PAGES]


def test_there_is_a_readme() -> None:
    assert (ROOT / "README.md") in PAGES


@pytest.mark.parametrize(("page", "text"), texts(), ids=[name for name, _ in texts()])
def test_a_page_names_only_make_targets_that_exist(page: str, text: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(COMMAND.findall(text)) <= targets


@pytest.mark.parametrize(("page", "text"), texts(), ids=[name for name, _ in texts()])
def test_a_page_names_only_python_modules_that_can_be_run(page: str, text: str) -> None:
    assert [name for name in MODULE.findall(text) if not find_spec(name.rstrip("."))] == []


@pytest.mark.parametrize(("page", "text"), texts(), ids=[name for name, _ in texts()])
def test_a_page_links_and_names_only_files_that_exist(page: str, text: str) -> None:
    folder = (ROOT / page).parent
    missing = [link for link in LINK.findall(text) if not (folder / link).exists()]
    named = [code for code in CODE.findall(text) if FILE.fullmatch(code)]
    missing += [name for name in named if not exists(name, folder)]
    assert missing == []


def exists(name: str, folder: Path) -> bool:
    """Whether a file named in a page is there: from the root, the job or the page, or anywhere if without a
    folder."""
    if any((place / name).exists() for place in (ROOT, ROOT / "beacon_job", folder)):
        return True
    tracked = (path for top in ROOT.iterdir() if not top.name.startswith(".") for path in top.rglob(name))
    return "/" not in name and any("node_modules" not in path.parts for path in tracked)


@pytest.mark.parametrize(("page", "text"), texts(), ids=[name for name, _ in texts()])
def test_a_page_names_only_settings_that_the_code_reads(page: str, text: str) -> None:
    assert [name for name in VARIABLE.findall(text) if not re.search(rf"\b{name}\b", SOURCES)] == []


def test_the_readmes_table_of_properties_is_the_one_that_is_printed() -> None:
    # `python -m beacon_job.config` prints it.
    rows = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("| `beacon.")]
    assert rows == markdown(properties_for("timestream")).splitlines()[2:]


def test_the_page_of_postgresql_has_the_properties_of_its_group() -> None:
    page = (ROOT / "docs" / "postgres.md").read_text()
    group = (item for item in properties_for("postgres") if item.group == "beacon.store")
    assert markdown(group) in page
