"""The stand-in for Timestream, as the local stack's store."""

import json
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from beacon_job.rollup.columns import MEASURE as COLUMNS
from local.aws.tables import DATABASE, TABLES, ensure_tables
from local.processes import service
from local.processes.children import Processes
from local.processes.ports import HOST, refuse_busy_port
from local.stores.store import Row, Stored

LOGICAL = dict(zip(("events", "qoe", "sessions"), TABLES, strict=True))


class TimestreamStandIn:
    """See `store.LocalStore`."""

    name = "timestream"
    title = "the Timestream stand-in"

    def __init__(self, processes: Processes, home: Path, port: int) -> None:
        self._processes = processes
        self._home = home
        self._port = port
        self.url = f"http://{HOST}:{port}"
        """Where it answers both sides of Timestream."""

    def check(self) -> None:
        refuse_busy_port(self._port, "TIMESTREAM_PORT", self.title)

    def start(self) -> None:
        data = str(self._home.resolve() / "timestream")
        command = [sys.executable, "-m", "local.timestream", "--port", str(self._port), "--data-dir", data]
        service.start(self._processes, self.name, command, f"{self.url}/health")
        ensure_tables(self.url)

    def properties(self, shipped: Mapping[str, str]) -> dict[str, str]:
        return {**shipped, "aws.endpoint": self.url}

    def urls(self) -> dict[str, str]:
        pages = {"stored beacons": TABLES[0], "stored windows": "qoe"}
        return {
            **{words: f"{self.url}/inspect/{DATABASE}/{table}" for words, table in pages.items()},
            "counts": f"{self.url}/inspect",
        }

    def stored(self) -> Stored:
        try:
            with urllib.request.urlopen(f"{self.url}/inspect", timeout=5) as answer:
                tables = json.loads(answer.read())["databases"].get(DATABASE, {}).get("tables", {})
        except OSError:
            return Stored()
        return Stored(
            {name: table["records"] for name, table in tables.items()},
            {name: table["write_units"] for name, table in tables.items()},
        )

    def rows(self, table: str, measure_name: str = "", from_ms: int = 0) -> list[Row]:
        filters = f"measure_name={measure_name}&" if measure_name else ""
        url = f"{self.url}/inspect/{DATABASE}/{LOGICAL[table]}?{filters}from_ms={from_ms}"
        with urllib.request.urlopen(url, timeout=60) as answer:
            return [row for line in answer if (row := json.loads(line))["measure_name"] != COLUMNS]
