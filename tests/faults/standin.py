"""The stand-in of the store as a run sees it: what it holds, and how it is made to misbehave."""

import json
import os
import signal
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from local.aws.tables import DATABASE
from local.stack.stack import Stack
from local.stores.timestream import LOGICAL


class StandIn:
    """Talks to the stand-in's own paths (local/timestream/own_paths.py)."""

    def __init__(self, stack: Stack) -> None:
        self._processes, self._name = stack.processes, stack.store.name
        self._url = stack.store.url
        self._injected_before: Counter[str] = Counter()
        self.properties: dict[str, str] = {}
        """Of the job, beside those of the local stack."""

    def rows(self) -> dict[str, int]:
        """Rows stored, by table."""
        tables = self._call("GET", "/inspect")["databases"][DATABASE]["tables"]
        return {name: tables[its]["records"] for name, its in LOGICAL.items()}

    @contextmanager
    def spoilt(self, **plan: object) -> Iterator[None]:
        """Let it misbehave meanwhile; local/timestream/faults.py says how it can."""
        self._call("PUT", "/faults", plan)
        yield
        self._call("DELETE", "/faults")

    def injected(self) -> Counter[str]:
        """How often its faults have struck, in the runs that were killed as well."""
        return self._injected_before + Counter(self._call("GET", "/faults")["injected"])

    def kill(self) -> None:
        """kill -9 of its process. The count is kept, which it has in memory only."""
        self._injected_before = self.injected()
        pid = self._processes.pid(self._name)
        assert pid is not None
        os.kill(pid, signal.SIGKILL)

    def _call(self, method: str, path: str, body: dict[str, object] | None = None) -> Any:
        data = json.dumps(body).encode() if body else None
        request = urllib.request.Request(self._url + path, method=method, data=data)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())
