"""What can happen to a database and on the way to it: every row is stored once, or the job is told."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from beacon_job.stores.postgres import columns
from beacon_job.stores.postgres.store import PostgresStore
from beacon_job.stores.store import StoreUnavailable
from local.postgres.server import WRITER, Server
from tests.conftest import shared_folder
from tests.stores.contract import event, numbers
from tests.stores.postgres.place import Database, Opened
from tests.stores.postgres.proxy import Cut, Proxy


def when_tried_again(store: PostgresStore, act: Callable[[], object]) -> threading.Thread:
    """Act once the store has tried again; the thread that waits for it."""

    def wait() -> None:
        while not store.counters.totals["retried"]:
            time.sleep(0.01)
        act()

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


@pytest.mark.parametrize("when", ["before", "after"])
def test_connections_that_are_cut_around_the_commit_leave_every_row_once(
    place: Database, postgres: Server, opened: Opened, when: Cut
) -> None:
    proxy = Proxy(postgres.port)
    store = opened(port=proxy.port)
    with proxy.cutting(when, every=3):
        assert store.write([event(n) for n in range(6_000)]) == []
    assert numbers(place) == [*range(6_000)]
    assert proxy.cuts[when] > 0
    assert store.counters.totals["retried"] >= proxy.cuts[when]
    superseded = store.counters.totals["superseded"]
    assert (superseded > 0) == (when == "after")
    assert store.counters.totals["written"] + superseded == 6_000
    proxy.close()


def test_a_lock_that_somebody_holds_longer_than_a_statement_may_take_is_waited_for(
    place: Database, opened: Opened
) -> None:
    store = opened(request_timeout_ms=200)
    place.execute("BEGIN; LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
    released = when_tried_again(store, lambda: place.execute("ROLLBACK"))
    assert store.write([event(n) for n in range(100)]) == []
    released.join()
    assert numbers(place) == [*range(100)]


def test_a_server_that_became_read_only_is_left_for_one_that_takes_writes(
    place: Database, opened: Opened
) -> None:
    store = opened()
    store.write([event(0)])
    name = place.administrator.info.dbname
    place.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    place.administrator.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", [WRITER]
    )
    back = when_tried_again(
        store,
        lambda: place.execute(
            f"SET default_transaction_read_only = off; ALTER DATABASE {name} RESET ALL",
        ),
    )
    assert store.write([event(n) for n in range(100)]) == []
    back.join()
    assert numbers(place) == [*range(100)]


def test_a_server_that_neither_answers_nor_goes_away_is_taken_for_dead(
    place: Database, opened: Opened
) -> None:
    store = opened(request_timeout_ms=200, connections=1)
    store.write([event(0)])
    found = place.administrator.execute("SELECT pid FROM pg_stat_activity WHERE usename = %s", [WRITER])
    [(pid,)] = found.fetchall()
    os.kill(pid, signal.SIGSTOP)
    try:
        assert store.write([event(n) for n in range(100)]) == []
    finally:
        os.kill(pid, signal.SIGCONT)
    assert numbers(place) == [*range(100)]


def test_a_day_that_is_made_while_its_rows_are_written_loses_none_and_doubles_none(
    place: Database, opened: Opened
) -> None:
    store = opened()
    later_ns = 20 * 86_400 * 10**9
    points = [event(n, time_ns=event(n).time_ns + later_ns) for n in range(4_000)]
    assert store.write(points[:100]) == []
    going = threading.Event()

    def write() -> None:
        for start in range(0, 4_000, 100):
            assert store.write(points[start : start + 100]) == []
            going.set()

    writing = threading.Thread(target=write)
    writing.start()
    going.wait()
    place.execute("SELECT maintain_days('events', 7, 25)")
    writing.join()
    assert numbers(place) == [*range(4_000)]
    [(rows,)] = place.administrator.execute("SELECT count(*) FROM events_default")
    assert rows == 0


def test_two_writers_of_the_same_rows_wait_for_each_other(place: Database, opened: Opened) -> None:
    points = [event(n) for n in range(3_000)]
    stores = [opened(), opened()]
    threads = [
        threading.Thread(target=store.write, args=(rows,))
        for store, rows in zip(stores, (points, points[::-1]), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers(place) == [*range(3_000)]


def test_a_column_that_is_added_or_dropped_meanwhile_needs_no_restart(
    place: Database, opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columns, "GOOD_FOR_MS", 0)
    store = opened()
    place.execute("ALTER TABLE events ADD custom__x double precision")
    store.write([event(0, measures={"n": 0, "custom__x": 1.5})])
    monkeypatch.setattr(columns, "GOOD_FOR_MS", 60_000)
    store.write([event(1, measures={"n": 1, "custom__x": 2.5})])
    place.execute("ALTER TABLE events DROP custom__x")
    assert store.write([event(2, measures={"n": 2, "custom__x": 3.5})]) == []
    found = place.administrator.execute("SELECT n, more FROM events ORDER BY n").fetchall()
    assert found == [(0, None), (1, None), (2, {"custom__x": 3.5})]


@pytest.fixture
def small_disk(place: Database, postgres: Server) -> Iterator[Path]:
    """Eight megabytes that hold the rows of `events`."""
    with shared_folder() as folder:
        mounted = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=777", "tmpfs", str(folder)]
        if os.geteuid() or subprocess.run(mounted, capture_output=True, check=False).returncode:
            pytest.skip("no file system can be mounted here; the fault run lets the server answer 53100")
        owner = postgres.folder.stat()
        os.chown(folder, owner.st_uid, owner.st_gid)
        try:
            place.execute(f"CREATE TABLESPACE small LOCATION '{folder}'")
            for (name,) in place.administrator.execute(
                "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'events'::regclass"
            ).fetchall():
                place.execute(f"ALTER TABLE {name} SET TABLESPACE small")
            yield folder
            place.execute("DROP TABLE events")
            place.execute("DROP TABLESPACE small")
        finally:
            subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_holds_the_job_back_and_what_was_not_stored_is_stored_when_there_is_room(
    place: Database, opened: Opened, small_disk: Path
) -> None:
    points = [event(n, measures={"n": n, "url": f"{n}" * 400}) for n in range(12_000)]
    impatient = opened(retry_budget_ms=1_000)
    with pytest.raises(StoreUnavailable, match=r"(?i)\bevents\b.*no space left"):
        impatient.write(points)
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    assert opened().write(points) == []
    assert numbers(place) == [*range(12_000)]
