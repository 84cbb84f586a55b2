"""Flink's REST interface, as far as the local stack, the tests and the benchmarks use it."""

import json
import time
import urllib.error
import urllib.request
from typing import Any

ENDED = frozenset({"FINISHED", "CANCELED", "FAILED"})


class RestError(RuntimeError):
    """Flink answered with an error, or not at all; the message carries its words."""


class FlinkRest:
    """One cluster's REST endpoint."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str) -> Any:
        """The JSON answer to GET `path`."""
        return self._call("GET", path)

    def slots(self) -> int:
        """Task slots that have registered; 0 while the job manager does not answer."""
        try:
            return int(self.get("/overview")["slots-total"])
        except RestError:
            return 0

    def state(self, job: str) -> str:
        """The job's state in Flink's words, e.g. RUNNING or RESTARTING."""
        return str(self.get(f"/jobs/{job}")["state"])

    def all_tasks_run(self, job: str) -> bool:
        """Whether the job and every one of its tasks run."""
        found = self.get(f"/jobs/{job}")
        return found["state"] == "RUNNING" and all(task["status"] == "RUNNING" for task in found["vertices"])

    def failure(self, job: str) -> str | None:
        """The newest root cause of a failure, or None."""
        entries = self.get(f"/jobs/{job}/exceptions")["exceptionHistory"]["entries"]
        return str(entries[0]["stacktrace"]) if entries else None

    def vertices(self, job: str) -> list[dict[str, Any]]:
        """The tasks of the job graph: `id`, `name`, `parallelism`, `status`, record counts in `metrics`."""
        return list(self.get(f"/jobs/{job}")["vertices"])

    def metrics(self, job: str, wanted: str) -> dict[str, float]:
        """Sum over subtasks of every metric whose name ends in `wanted`, by its full name."""
        sums: dict[str, float] = {}
        for vertex in self.vertices(job):
            base = f"/jobs/{job}/vertices/{vertex['id']}/subtasks/metrics"
            names = [entry["id"] for entry in self.get(base) if entry["id"].endswith(wanted)]
            if names:
                for entry in self.get(f"{base}?get={','.join(names)}&agg=sum"):
                    sums[entry["id"]] = sums.get(entry["id"], 0.0) + entry["sum"]
        return sums

    def cancel(self, job: str) -> None:
        """Cancel the job and wait until it has ended."""
        self._call("PATCH", f"/jobs/{job}?mode=cancel")
        self._wait(lambda: self.state(job) in ENDED, 60.0, f"job {job} did not end")

    def stop_with_savepoint(self, job: str, patience_s: float = 60.0) -> str:
        """Stop the job with a savepoint in the configured folder and return its location."""
        trigger = self._call("POST", f"/jobs/{job}/stop", {"drain": False})["request-id"]
        path = f"/jobs/{job}/savepoints/{trigger}"
        self._wait(
            lambda: self.get(path)["status"]["id"] == "COMPLETED", patience_s, f"job {job} took no savepoint"
        )
        outcome = self.get(path)["operation"]
        if "location" not in outcome:
            cause = outcome.get("failure-cause", {}).get("stack-trace", outcome)
            message = f"job {job} took no savepoint: {cause}"
            raise RestError(message)
        return str(outcome["location"])

    def last_checkpoint(self, job: str) -> str | None:
        """Location of the newest completed checkpoint, or None."""
        latest = self.get(f"/jobs/{job}/checkpoints")["latest"]["completed"]
        return str(latest["external_path"]) if latest else None

    def _wait(self, done: Any, patience_s: float, complaint: str) -> None:
        deadline = time.monotonic() + patience_s
        while not done():
            if time.monotonic() > deadline:
                message = f"{complaint} within {patience_s:.0f} s"
                raise RestError(message)
            time.sleep(0.2)

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            self.url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            words = error.read().decode(errors="replace")[:2000]
            message = f"Flink at {self.url} refused {method} {path}: {words}"
            raise RestError(message) from None
        except OSError as error:
            message = f"Flink at {self.url} does not answer: {error}"
            raise RestError(message) from None
