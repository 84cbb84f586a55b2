"""Imports the zip's code in a fresh interpreter that knows nothing of the project folder."""

import json
import platform
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path
from re import match
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from deploy.preflight import contract, layout

PROBE = Path(__file__).parent / "probe.py"


def import_problems(archive: ZipFile, options: dict[str, str]) -> Iterator[str]:
    """Modules that cannot be imported or come from this machine only, and files that importing writes."""
    folders = layout.python_path(options)
    wanted = layout.driver_imports(archive, options)
    first_party = sorted(wanted & set().union(*(layout.packages(archive, folder) for folder in folders)))
    if not first_party:
        yield f"{options.get('python')} imports nothing out of pyFiles ({', '.join(folders) or 'absent'})"
        return
    with TemporaryDirectory() as unpacked:
        root = Path(unpacked).resolve()
        archive.extractall(root)
        paths = [str(root / folder) for folder in folders]
        found = _probe(paths, first_party, root)
        for problem in found["failed"]:
            yield problem.replace(f"{root}/", "")
        provided = _provided_modules()
        for name, place in found["modules"].items():
            if name not in provided:
                yield f"the code imports {name}, neither in the zip nor part of PyFlink (here: {place})"
        for name in found["written"]:
            yield f"importing the code writes {name}; on the service only {contract.WRITABLE} is writable"


def skipped_here() -> str | None:
    """Why imports cannot be tried on this machine, or None."""
    here = f"Python {sys.version_info[0]}.{sys.version_info[1]} on {platform.system()} {platform.machine()}"
    if here == "Python 3.11 on Linux x86_64":
        return None
    return f"imports were not tried: that needs Python 3.11 on Linux x86_64, this is {here}"


def _probe(paths: list[str], first_party: list[str], root: Path) -> dict[str, list[str] | dict[str, str]]:
    """Run probe.py isolated: no PYTHONPATH, no user site, no bytecode, another working folder."""
    request = json.dumps({"paths": paths, "packages": first_party, "root": str(root)})
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-W", "ignore", str(PROBE)],
        input=request, capture_output=True, text=True, cwd=root, check=False,
    )  # fmt: skip
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return {
            "failed": [f"the code ends the interpreter when imported: {last}"],
            "modules": {},
            "written": [],
        }
    return json.loads(done.stdout.splitlines()[-1])


def _provided_modules() -> set[str]:
    """Top-level modules that apache-flink and all it requires bring."""
    seen: set[str] = set()
    queue = ["apache-flink"]
    while queue:
        name = queue.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            requirements = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        queue += [_name(line) for line in requirements if "extra ==" not in line]
    return {
        module for module, owners in packages_distributions().items() if {_name(o) for o in owners} & seen
    }


def _name(requirement: str) -> str:
    found = match(r"[\w.-]+", requirement)
    return found[0].lower().replace("_", "-").replace(".", "-") if found else requirement
