"""Half an hour of synthetic viewers in the stand-in, by the job's own pure code and without Flink."""

import time

import pytest

from local.timestream.testing import TimestreamServer
from local.viewers.generate import generate
from local.viewers.truth import SessionTruth
from tests.deploy.grafana.stores import timestream_settings, write
from tests.deploy.grafana.world import MINUTE_MS, stored

VIEWERS = 40
LENGTH_MS = 35 * MINUTE_MS
"""Less than the hour that the memory store takes."""


class Viewing:
    """What the job would have stored until now, and what is true of the viewers who have left."""

    def __init__(self, server: TimestreamServer, patch: pytest.MonkeyPatch) -> None:
        self.url = server.url
        self.end_ms = int(time.time() * 1000)
        self.truths: list[SessionTruth] = []
        begin_ms = (self.end_ms - LENGTH_MS) // MINUTE_MS * MINUTE_MS
        write(timestream_settings(server, patch), stored(self._records(begin_ms), begin_ms, self.end_ms))

    def _records(self, begin_ms: int) -> list[tuple[int, bytes]]:
        records = []
        for delivery in generate(7, VIEWERS, begin_ms, arrival_ms=1_000, tell=self.truths.append):
            if delivery.recv_ms > self.end_ms:
                break
            records.append((delivery.recv_ms, delivery.data))
        return records
