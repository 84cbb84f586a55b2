"""A steady stream of beacons into Kinesis, with an exact account of what was put."""

import json
import os
import random
import threading
from collections.abc import Callable
from typing import NamedTuple

from local.aws import kinesis
from local.stack.stack import STREAM
from tests.e2e.traffic import envelope, now_ms
from tests.faults.account import Account, Identity, Sent

TICK_S = 0.25
SESSIONS = 48
COUNTRIES = ("FA", "FB", "FC", "FD", "FE", "FF")
LINES = 10
"""Beacons of one CMCD body."""
POISON_SHARE = 0.02
"""Of the records."""
STRAGGLERS = 0.05
"""Share of the records that the front door stamped long before Kinesis got them."""
LATE_MS = 45_000

CMCD = {"heartbeat": "e=t", "playing": "e=ps,sta=p", "pause": "e=ps,sta=a"}
"""Event of a row -> how a CMCD line says it."""
PAGE = ("started", "paused", "volume_changed", "variant_loaded")


class Record(NamedTuple):
    """One Kinesis record and what it adds to the account."""

    key: str
    data: bytes
    beacons: dict[Identity, tuple[int, str, str]]
    """Beacon -> (recv_at, country, event)."""
    poison: bytes | None = None


class Feed:
    """Puts about `rate` beacons a second until it is stopped. Everything it put is in `account`."""

    def __init__(self, endpoint: str, rate: int, seed: int) -> None:
        self.account = Account()
        self.phase = 0
        """Set by the run: which fault is on."""
        self.failure: Exception | None = None
        self._client = kinesis.client(endpoint)
        self._rate = rate
        self._random = random.Random(seed)
        self._seqs = [0] * SESSIONS
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="feed", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Return when the last record has been put."""
        self._stop.set()
        self._thread.join()
        self.check()

    def check(self) -> None:
        """Raise what ended the feed before its time."""
        if self.failure:
            raise self.failure

    def _run(self) -> None:
        try:
            while not self._stop.is_set():
                self._put([self._record() for _ in range(round(self._rate * TICK_S / LINES))])
                self._stop.wait(TICK_S)
        except Exception as failure:  # the run's own thread raises it
            self.failure = failure

    def _put(self, records: list[Record]) -> None:
        entries = [{"PartitionKey": record.key, "Data": record.data} for record in records]
        answer = self._client.put_records(StreamName=STREAM, Records=entries)
        for record, result in zip(records, answer["Records"], strict=True):
            if "ErrorCode" in result:
                message = f"Kinesis did not take a record: {result}"
                raise RuntimeError(message)
            for beacon, (recv_at, country, event) in record.beacons.items():
                self.account.beacons[beacon] = Sent(self.phase, recv_at, country, event)
            if record.poison is not None:
                self.account.poison.add(record.poison)

    def _record(self) -> Record:
        draw = self._random
        session = draw.randrange(SESSIONS)
        recv_at = now_ms() - (draw.randrange(LATE_MS) if draw.random() < STRAGGLERS else draw.randrange(500))
        shapes: list[Callable[[int, int], Record]] = [self._cmcd, self._pages]
        weights = [0.8, 0.2]
        if draw.random() < POISON_SHARE:
            shapes, weights = [self._binary, self._bad_line], [0.5, 0.5]
        return draw.choices(shapes, weights)[0](session, recv_at)

    def _cmcd(self, session: int, recv_at: int, poison: bytes | None = None) -> Record:
        beacons = self._beacons(session, recv_at, tuple(CMCD))
        lines = [poison] if poison else []
        for beacon, (_, _, event) in beacons.items():
            lines.append(f'{CMCD[event]},sid="{beacon.session}",sn={beacon.seq},ts={beacon.ts},v=2'.encode())
        return self._posted(session, recv_at, b"\n".join(lines), "/v1/cmcd/state", beacons)._replace(
            poison=poison
        )

    def _pages(self, session: int, recv_at: int) -> Record:
        beacons = self._beacons(session, recv_at, PAGE)
        body = [
            {"event": f"beacon:{event}", "session": beacon.session, "seq": beacon.seq, "timestamp": beacon.ts}
            for beacon, (_, _, event) in beacons.items()
        ]
        return self._posted(session, recv_at, json.dumps(body).encode(), "/v1/beacons", beacons)

    def _binary(self, session: int, _recv_at: int) -> Record:
        # On one line: of two lines each would have its own dead letter.
        data = b"\xff" + os.urandom(200).translate(bytes.maketrans(b"=\n", b"--"))
        return Record(_name(session), data, {}, data)

    def _bad_line(self, session: int, recv_at: int) -> Record:
        return self._cmcd(session, recv_at, f"e=t,sid=,poison={os.urandom(8).hex()}".encode())

    def _posted(
        self,
        session: int,
        recv_at: int,
        body: bytes,
        path: str,
        beacons: dict[Identity, tuple[int, str, str]],
    ) -> Record:
        return Record(_name(session), envelope(body, recv_at, path, country=_country(session)), beacons)

    def _beacons(
        self, session: int, recv_at: int, events: tuple[str, ...]
    ) -> dict[Identity, tuple[int, str, str]]:
        """Beacons of the second before arrival, numbered on."""
        first = self._seqs[session]
        self._seqs[session] += LINES
        return {
            Identity(_name(session), first + n, recv_at - 1_000 + n * 100): (
                recv_at,
                _country(session),
                self._random.choice(events),
            )
            for n in range(LINES)
        }


def _name(session: int) -> str:
    return f"faults-{session:03d}"


def _country(session: int) -> str:
    return COUNTRIES[session % len(COUNTRIES)]
