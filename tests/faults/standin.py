"""The stand-in of the store as a run sees it: what it holds, and how it is made to misbehave."""

import json
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from local.aws.tables import DATABASE


class StandIn:
    """Talks to the stand-in's own paths (local/timestream/own_paths.py)."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._injected_before: Counter[str] = Counter()

    def rows(self) -> dict[str, int]:
        """Rows stored, by table."""
        tables = self._call("GET", "/inspect")["databases"][DATABASE]["tables"]
        return {name: table["records"] for name, table in tables.items()}

    @contextmanager
    def spoilt(self, **plan: object) -> Iterator[None]:
        """Let it misbehave meanwhile; local/timestream/faults.py says how it can."""
        self._call("PUT", "/faults", plan)
        yield
        self._call("DELETE", "/faults")

    def injected(self) -> Counter[str]:
        """How often its faults have struck, in the runs that were killed as well."""
        return self._injected_before + Counter(self._call("GET", "/faults")["injected"])

    def will_be_killed(self) -> None:
        """Keep the count, which the process has in memory only."""
        self._injected_before = self.injected()

    def _call(self, method: str, path: str, body: dict[str, object] | None = None) -> Any:
        data = json.dumps(body).encode() if body else None
        request = urllib.request.Request(self._url + path, method=method, data=data)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())
