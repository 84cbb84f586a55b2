"""PostgreSQL as the local stack's store: started, asked, and started again after a kill."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from beacon_job.config import parse
from beacon_job.stores import open_store
from local.postgres import programs
from local.processes.children import Processes, StartError
from local.processes.ports import free_port
from local.stores import LocalPostgres
from tests.config.test_config import shipped
from tests.conftest import skip_without_server
from tests.stores.contract import event


@pytest.fixture
def local(home: Path) -> Iterator[LocalPostgres]:
    skip_without_server()
    processes = Processes(home)
    yield LocalPostgres(processes, home, free_port())
    processes.stop_all()


def test_what_the_job_writes_with_its_properties_is_there_after_a_kill(
    local: LocalPostgres, home: Path
) -> None:
    local.check()
    assert local.stored().rows == {}
    local.start()
    assert local.stored().rows == {"events": 0, "qoe": 0, "sessions": 0}
    groups = shipped()
    groups["beacon.store"] = local.properties(groups["beacon.store"])
    store = open_store(parse(groups).store)
    assert store.write([event(n) for n in range(300)]) == []
    store.close()
    os.kill(int((home / "postgres" / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    Processes(home).stop(local.name)
    local.start()
    assert local.stored().rows["events"] == 300
    [row] = [row for row in local.rows("events", "playing") if row["measures"]["n"] == 7]
    assert row["dimensions"] == {"session_id": "s0", "player": "hls.js"}


def test_a_machine_without_a_server_is_told_so_before_anything_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs.shutil, "which", lambda name: None)
    monkeypatch.setattr(programs, "PLACES", ())
    with pytest.raises(StartError, match="no PostgreSQL server of version 14 or newer is installed"):
        LocalPostgres(Processes(tmp_path), tmp_path, free_port()).check()
