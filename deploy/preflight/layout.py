"""The run options against the zip: what they name exists, and means what the service takes it to mean."""

import ast
from collections.abc import Iterator
from zipfile import ZipFile

from deploy.preflight import contract

CODE_SET_PATHS = ("add_python_file", "add_python_archive", "set_python_requirements")


def layout_problems(archive: ZipFile, options: dict[str, str]) -> Iterator[str]:
    """Paths that do not exist, and a pyFiles that names a package instead of its parent."""
    for key in contract.RUN_KEYS:
        for value in _paths(options, key):
            if not _exists(archive, value):
                yield f"{key} names {value}, which is not in the zip; its top has {', '.join(_top(archive))}"
    yield from _driver_problems(archive, options)
    yield from _python_path_problems(archive, options)


def python_path(options: dict[str, str]) -> list[str]:
    """The folders and files of pyFiles, without a trailing slash."""
    return _paths(options, "pyFiles")


def driver_imports(archive: ZipFile, options: dict[str, str]) -> set[str]:
    """Top-level names that the script named by `python` imports; empty when it cannot be read."""
    name = options.get("python", "")
    try:
        tree = ast.parse(archive.read(name))
    except (KeyError, SyntaxError):
        return set()
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def packages(archive: ZipFile, folder: str) -> set[str]:
    """Packages and modules that lie directly in a folder of the zip."""
    found = set()
    for name in archive.namelist():
        rest = name.removeprefix(f"{folder}/")
        if rest != name and rest.endswith(".py"):
            found.add(rest.split("/")[0].removesuffix(".py"))
    return found


def _driver_problems(archive: ZipFile, options: dict[str, str]) -> Iterator[str]:
    script, jar = options.get("python", ""), options.get("jarfile", "")
    if script and not script.endswith(".py"):
        yield f"python names {script}; the service starts a .py file"
    elif script and _exists(archive, script):
        try:
            ast.parse(archive.read(script))
        except SyntaxError as error:
            yield f"{script} is not valid Python: {error}"
    if jar and not jar.endswith(".jar"):
        yield f"jarfile names {jar}; the service wants a file ending in .jar"


def _python_path_problems(archive: ZipFile, options: dict[str, str]) -> Iterator[str]:
    folders = python_path(options)
    names = [folder.rpartition("/")[2] for folder in folders]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"pyFiles has two entries called {name}; Flink copies them into one folder and fails"
    for folder in folders:
        if f"{folder}/__init__.py" in archive.namelist():
            yield f"pyFiles names the package {folder} itself; it must name the folder that holds the package"
        yield from _code_problems(archive, folder)
    importable = set().union(*(packages(archive, folder) for folder in folders)) if folders else set()
    beside = {name.split("/")[0] for name in archive.namelist() if name.endswith("/__init__.py")}
    for name in sorted(driver_imports(archive, options) & beside - importable):
        yield f"{options['python']} imports {name}, which the workers do not see: it must lie in pyFiles"


def _code_problems(archive: ZipFile, folder: str) -> Iterator[str]:
    """Calls by which code would set the Python path itself: the service takes it from pyFiles only."""
    for name in archive.namelist():
        if name.startswith(f"{folder}/beacon_job/") and name.endswith(".py"):
            source = archive.read(name).decode()
            for call in CODE_SET_PATHS:
                if f".{call}(" in source:
                    yield f"{name} calls {call}; the service takes Python files from pyFiles only"


def _paths(options: dict[str, str], key: str) -> list[str]:
    return [part.strip().rstrip("/") for part in str(options.get(key, "")).split(",") if part.strip()]


def _exists(archive: ZipFile, name: str) -> bool:
    return any(entry == name or entry.startswith(f"{name}/") for entry in archive.namelist())


def _top(archive: ZipFile) -> list[str]:
    return sorted({name.split("/")[0] for name in archive.namelist()})
