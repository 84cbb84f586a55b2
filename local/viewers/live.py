"""Plays the viewers into Kinesis in real time; while the stream cannot be reached, the records wait."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from beacon_job.types.sums import WINDOW_MS
from local.viewers.concurrency import watching
from local.viewers.generate import Watching
from local.viewers.session import Delivery
from local.viewers.stream import MAX_BYTES, MAX_RECORDS, Stream
from local.viewers.totals import GroupTotals
from local.viewers.truth import SessionTruth

GATHER_S = 0.2
"""Records wait this long for company."""
WATCHING_AGO_MS = range(40_000, 100_001, WINDOW_MS)
"""How long ago the windows were of which it is told how many viewers there were."""


class Live:
    """One run: takes deliveries when they are due, sends them, keeps the counters."""

    def __init__(
        self,
        stream: Stream,
        deliveries: Iterator[Delivery],
        watching: Watching,
        stop: threading.Event,
        look: Callable[["Live"], None],
    ) -> None:
        self.stream, self.deliveries, self.watching, self.stop = stream, deliveries, watching, stop
        self.look = look
        """Called about once a second, also while the stream cannot be reached, and at the end."""
        self.next_look_s = 0.0
        self.totals = GroupTotals()
        self.counts = {
            "records": 0,
            "good_events": 0,
            "broken_records": 0,
            "bad_records": 0,
            "repeated_records": 0,
        }
        self.not_sent = 0
        self.sessions_over = 0
        self.started_s = time.monotonic()

    def run(self, seconds: float | None) -> None:
        """Plays until the last viewer has left, `seconds` have passed or `stop` is set."""
        pending: Delivery | None = next(self.deliveries, None)
        while pending is not None and not self.stop.is_set():
            batch: list[Delivery] = []
            size, now_ms = 0, time.time_ns() // 1_000_000
            while (
                pending is not None
                and pending.recv_ms <= now_ms
                and len(batch) < MAX_RECORDS
                and size < MAX_BYTES
            ):
                batch.append(pending)
                size += len(pending.tail) + 256
                pending = next(self.deliveries, None)
            self._send(batch)
            self._look()
            if seconds is not None and time.monotonic() - self.started_s >= seconds:
                self.stop.set()
            elif len(batch) < MAX_RECORDS:
                self.stop.wait(GATHER_S)
        self._end(pending)
        self.look(self)

    def told(self, truth: SessionTruth) -> None:
        """Takes the truth of a session that is over."""
        self.sessions_over += 1
        self.totals.add(truth)

    def _look(self) -> None:
        """Looks when it is time to, and never for more than a tenth of the time."""
        began_s = time.monotonic()
        if began_s >= self.next_look_s:
            self.look(self)
            took_s = time.monotonic() - began_s
            self.next_look_s = began_s + max(1.0, 10 * took_s)

    def _end(self, pending: Delivery | None) -> None:
        """What is under way still arrives, at once: the truth of open sessions ends with what was said."""
        self.watching.closing = True
        rest = ([pending] if pending else []) + list(self.deliveries)
        for start in range(0, len(rest), MAX_RECORDS):
            if self.not_sent:  # the stream is away: do not try its patience, or the user's
                self.not_sent += len(rest) - start
                break
            self._send(rest[start : start + MAX_RECORDS], give_up=True)

    def _send(self, batch: list[Delivery], give_up: bool = False) -> None:
        if not batch:
            return
        left = self.stream.put(batch, give_up, self._look)
        self.not_sent += len(left)
        counts = self.counts
        counts["records"] += len(batch) - len(left)
        refused = set(map(id, left))
        for delivery in batch:
            if id(delivery) in refused:
                continue
            counts["good_events"] += delivery.good_events
            counts["bad_records"] += delivery.bad_records
            counts["broken_records"] += delivery.broken
            counts["repeated_records"] += delivery.kind == "repeated"

    def summary(self) -> str:
        """The counters in one line."""
        counts = self.counts
        return (
            f"{counts['records']} records sent, {self.not_sent} not;"
            f" {counts['good_events']} beacons, {counts['bad_records']} bad ones;"
            f" {self.sessions_over} sessions over, {len(self.watching.sessions)} under way"
        )

    def status(self) -> dict[str, Any]:
        """The counters and the truth so far, sessions under way included, as plain data."""
        now_ms = time.time_ns() // 1_000_000
        windows = [(now_ms - ago_ms) // WINDOW_MS for ago_ms in WATCHING_AGO_MS]
        known = [*self.watching.sessions.values(), *self.watching.left]
        return {
            "running_s": round(time.monotonic() - self.started_s, 1),
            **self.counts,
            "not_sent": self.not_sent,
            "retried": self.stream.retried,
            "waiting_for": self.stream.waiting_for,
            "sessions_active": len(self.watching.sessions),
            "sessions_over": self.sessions_over,
            "watching": watching(known, windows, WINDOW_MS),
            "truth": self.totals.figures(
                session.truth(now_ms) for session in self.watching.sessions.values()
            ),
        }


def write_status(path: Path, status: dict[str, Any]) -> None:
    """Replaces the file in one step: a reader never sees half of it."""
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(json.dumps(status))
    os.replace(fresh, path)
