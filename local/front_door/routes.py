"""Which method a request is for."""

import re
from urllib.parse import unquote

from local.front_door.definition import Definition, Method


class Routes:
    """The paths below the stage. A parameter matches one segment; nothing is normalised first."""

    def __init__(self, definition: Definition) -> None:
        self._stage = f"/{definition.stage}"
        self._paths = [(_pattern(path), methods) for path, methods in definition.methods.items()]

    def find(self, http_method: str, path: str) -> tuple[Method, dict[str, str]] | None:
        """The method and the path's parameters, unescaped; None when there is none."""
        if not path.startswith(f"{self._stage}/"):
            return None
        below = path.removeprefix(self._stage)
        for pattern, methods in self._paths:
            match = pattern.fullmatch(below)
            if match and http_method in methods:
                return methods[http_method], {
                    name: unquote(value) for name, value in match.groupdict().items()
                }
        return None


def _pattern(path: str) -> re.Pattern[str]:
    parts = re.split(r"\{(\w+)\}", path)
    return re.compile(
        "".join(f"(?P<{part}>[^/]+)" if i % 2 else re.escape(part) for i, part in enumerate(parts))
    )
