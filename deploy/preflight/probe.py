"""Runs in a fresh interpreter: imports every module of some packages and tells what happened.

Standard input: {"paths": folders to import from, "packages": names, "root": the unpacked zip}.
Output, one JSON line: `failed` (sentences), `modules` (top-level name -> file, of what is installed here),
`written` (files).
"""

import importlib
import json
import os
import pkgutil
import sys
import sysconfig

request = json.load(sys.stdin)
sys.path[:0] = request["paths"]
written: set[str] = set()


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and isinstance(arguments[0], str | bytes):
        flags = arguments[2]
        if isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            written.add(os.path.abspath(os.fsdecode(arguments[0])))


def _modules(package: str) -> list[str]:
    found = importlib.util.find_spec(package)
    inside = found.submodule_search_locations if found else None
    return [package, *(module.name for module in pkgutil.walk_packages(inside or [], f"{package}."))]


sys.addaudithook(_watch)
failed = []
for package in request["packages"]:
    for module in _modules(package):
        try:
            importlib.import_module(module)
        except Exception as error:
            failed.append(f"{module} cannot be imported: {type(error).__name__}: {error}")

installed_here = tuple({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
modules = {
    name: str(module.__file__)
    for name, module in list(sys.modules.items())
    if "." not in name and str(getattr(module, "__file__", None)).startswith(installed_here)
}
root, allowed = request["root"] + os.sep, ("/tmp/", os.devnull)  # noqa: S108 - what the service lets a job write to
outside = sorted(path for path in written if path.startswith(root) or not path.startswith(allowed))
print(json.dumps({"failed": failed, "modules": modules, "written": outside}))
