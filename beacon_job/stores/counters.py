"""What a store counts while it writes. A plain object: the Flink class exports it as metrics."""

import threading
from collections import Counter

LATENCY_BOUNDS_MS = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
"""Upper bounds of the latency histogram's buckets; one more bucket takes the rest."""


class Counters:
    """Sums since the start; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.totals: Counter[str] = Counter()
        """`written`, `superseded`, `repeated`, `requests`, `retried`, `throttled`, `bisected`, `bytes`,
        `write_units`, and `refused.<kind>`."""
        self.latency_ms = [0] * (len(LATENCY_BOUNDS_MS) + 1)
        """Requests by how long they took."""
        self.last_latency_ms = 0.0
        self.max_latency_ms = 0.0
        self.newest_time_ns = 0
        """The newest time of any point given to the store."""

    def add(self, **amounts: int) -> None:
        """Add to the totals of these names."""
        with self._lock:
            self.totals.update(amounts)

    def refuse(self, kind: str, amount: int = 1) -> None:
        """Count refused points by kind."""
        with self._lock:
            self.totals[f"refused.{kind}"] += amount

    def request(self, took_ms: float, sent_bytes: int) -> None:
        """Count one request and how long the answer took."""
        bucket = sum(took_ms > bound for bound in LATENCY_BOUNDS_MS)
        with self._lock:
            self.totals["requests"] += 1
            self.totals["bytes"] += sent_bytes
            self.latency_ms[bucket] += 1
            self.last_latency_ms = took_ms
            self.max_latency_ms = max(self.max_latency_ms, took_ms)

    def seen(self, time_ns: int) -> None:
        """Note the newest time of a batch of points."""
        with self._lock:
            self.newest_time_ns = max(self.newest_time_ns, time_ns)

    def data_age_ms(self, now_ms: int) -> int:
        """How old the newest point is; 0 before the first."""
        return now_ms - self.newest_time_ns // 1_000_000 if self.newest_time_ns else 0
