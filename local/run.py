"""`make run`: the whole system on this machine, until Ctrl-C."""

import logging
import os
import signal
import sys
import threading
import time
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.live import Live

from beacon_job.types.sums import WINDOW_MS
from local.aws import kinesis
from local.board import PostgresSource, Source, TimestreamSource, board_routes
from local.dead_letters import dead_letter_routes
from local.dead_letters.streams import Streams
from local.processes.children import StartError
from local.screen.groups import GroupLine, by_player_and_cdn, read_sums, watching
from local.screen.live import Flow, lines, look, panel
from local.screen.proof import Line, compare, read_rows, read_truths
from local.stack import lock, settings
from local.stack.stack import Stack
from local.stack.watch import Watch
from local.stores import LocalPostgres, LocalStore
from local.web import Report, WebServer, health_routes, player_routes

LOOK_S = 2.0
COMPARE_EVERY_S = 15.0
HOUR_MS = 3_600_000
SETTLED_MS = 60_000
"""How long after its end nearly all of a bucket is known."""
LOG_EVERY_S = 10.0
"""Without a terminal, a few lines this often instead of the live panel."""


def main() -> int:
    """Run until Ctrl-C or SIGTERM; the exit code is 1 when something did not start."""
    console = Console(highlight=False, soft_wrap=True)
    ended = threading.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: ended.set())
    held: IO[str] | None = None
    server: WebServer | None = None
    stack: Stack | None = None
    reason = ["the stack is starting"]
    flows: list[Flow] = []
    try:
        wanted = settings.from_environment(os.environ)
        held = lock.hold(wanted.home)
        _log_to(wanted.home / "logs" / "run.log")
        stack = Stack(wanted, console.print, ended)
        stack.check_ports()
        health = health_routes(lambda: _report(flows, reason[0]))
        letters = dead_letter_routes(lambda: Streams(kinesis.client(wanted.kinesis_url)))
        board = board_routes(_source(stack.store))
        player = player_routes(wanted.front_door_url)
        server = WebServer(wanted.http_port, [*board, *health, *letters, *player])
        stack.start()
        if not ended.is_set():
            _follow(stack, console, ended, flows, reason)
    except (StartError, OSError) as error:
        if not ended.is_set():
            console.print(f"[red]cannot go on:[/red] {_words(error)}", markup=True)
            return 1
    finally:
        reason[0] = "the stack is stopping"
        flows.clear()
        if stack:
            stack.stop()
        if server:
            server.close()
        if held:
            held.close()
    return 0


def _source(store: LocalStore) -> Source:
    return PostgresSource(store.url) if isinstance(store, LocalPostgres) else TimestreamSource(store.url)


def _log_to(file: Path) -> None:
    """Keep what libraries and pages log out of the terminal: it shows the live view."""
    file.parent.mkdir(exist_ok=True)
    logging.basicConfig(filename=file, format="%(asctime)s %(name)s %(levelname)s %(message)s")


def _words(error: Exception) -> str:
    """An error in words; for one of the file system, that is the path and what is wrong with it."""
    if isinstance(error, OSError):
        return f"{error.filename or 'the work folder (BEACON_HOME)'}: {error.strerror or error}"
    return str(error)


def _report(flows: list[Flow], reason: str) -> Report:
    if not flows:
        return False, reason
    flow = flows[-1]
    if flow.job != "RUNNING":
        return False, f"the job is not running: {flow.job}"
    if not flow.ticks:
        return False, "the job runs, but its decode stage has not answered yet"
    return True, f"{flow.beacons} beacons consumed"


def _follow(
    stack: Stack, console: Console, ended: threading.Event, flows: list[Flow], reason: list[str]
) -> None:
    """Show what flows, and mend what can be mended, until the end is asked for."""
    watch, proof = Watch(stack), Proof(stack)
    before, looked_s, logged_s = Flow(job="starting"), time.monotonic(), 0.0
    urls = stack.urls()
    for name, url in () if console.is_terminal else urls.items():
        console.print(f"  {name:<16} {url}")
    with (
        Live(console=console, auto_refresh=False, transient=True)
        if console.is_terminal
        else nullcontext() as live
    ):
        while not ended.is_set():
            watch.look()
            flow = look(stack.cluster.rest, stack.job, stack.store)
            now_s = time.monotonic()
            flows[:] = [flow]
            told = lines(flow, before, now_s - looked_s, stack.viewers_status())
            if live:
                live.update(panel(console, told, proof.lines(), proof.groups, urls), refresh=True)
            elif now_s - logged_s >= LOG_EVERY_S:
                logged_s = now_s
                told |= {
                    f"{group.player} on {group.cdn}": f"{group.stalls} stalls, {group.rebuffer_ratio}"
                    for group in proof.groups
                }
                told |= {line.metric: f"{line.measured} (true: {line.true})" for line in proof.lines()}
                console.print("; ".join(f"{name}: {text}" for name, text in told.items()))
            before, looked_s = flow, now_s
            ended.wait(LOOK_S)


class Proof:
    """Compares what was measured with what is true, now and then."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._lines: list[Line] = []
        self.groups: list[GroupLine] = []
        """Stalls by player and CDN, as of the newest comparison."""
        self._compared_s = 0.0

    def lines(self) -> list[Line]:
        """The newest comparison; the one before while the store does not answer."""
        if time.monotonic() - self._compared_s >= COMPARE_EVERY_S:
            with suppress(OSError):
                self._lines = self._compare()
            self._compared_s = time.monotonic()
        return self._lines

    def _compare(self) -> list[Line]:
        store, home = self._stack.store, self._stack.settings.home
        now_ms = int(time.time() * 1000)
        sums = read_sums(store, now_ms - HOUR_MS)
        self.groups = by_player_and_cdn(sums)
        found = compare(read_rows(store), read_truths(home / "truth.jsonl"))
        window = (now_ms - SETTLED_MS) // WINDOW_MS
        true = self._stack.viewers_status().get("watching", {}).get(str(window), "")
        measured = watching(sums, window, WINDOW_MS)
        return [*found, Line("watching a minute ago", f"{measured:.1f}", f"{true:.1f}" if true != "" else "")]


if __name__ == "__main__":
    sys.exit(main())
