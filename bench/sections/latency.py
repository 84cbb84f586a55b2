"""From Kinesis to stored, at light load.

50 beacons a second, each put alone. Measured is the time from just before the put to the first look (one
every 50 ms) at which the stand-in shows the row; the first ten seconds are left out.
"""

import json
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Sequence
from typing import Any

from bench.accounting import percentile
from bench.lab import Lab
from bench.report import Table
from bench.sections.bench import Bench
from bench.watching import EVENTS, start
from local.aws.tables import DATABASE

PER_S = 50
WARM_S = 10
LOOK_S = 0.05
STREAM = "bench-latency"


def measure(bench: Bench) -> Sequence[Table]:
    """Percentiles of the wait."""
    lab = bench.lab
    lab.make_stream(STREAM)
    job = start(lab, bench.versions[0], STREAM)
    bench.say(f"{PER_S} beacons a second for {bench.sizes.latency_s + WARM_S} s")
    waits_ms = _waits_ms(lab, lab.kinesis(), bench.sizes.latency_s)
    lab.cluster.rest.cancel(job)
    quantiles = [percentile(waits_ms, share) for share in (0.5, 0.95, 0.99, 1.0)]
    return [Table(("beacons", "p50 ms", "p95 ms", "p99 ms", "longest ms"), ((len(waits_ms), *quantiles),))]


def _waits_ms(lab: Lab, client: Any, seconds: int) -> list[float]:
    """Every second has a session of its own, so that only the last few need to be looked at."""
    put_s: dict[tuple[int, int], float] = {}
    sending = threading.Thread(target=_send, args=(client, seconds + WARM_S, put_s))
    sending.start()
    seen_s: dict[tuple[int, int], float] = {}
    deadline = time.monotonic() + seconds + WARM_S + 120
    while sending.is_alive() or len(seen_s) < len(put_s):
        looked_s = time.monotonic()
        for second in {key[0] for key in list(put_s) if key not in seen_s}:
            found = _stored(lab, second)
            now_s = time.monotonic()
            for seq in found:
                seen_s.setdefault((second, seq), now_s)
        if looked_s > deadline:
            message = f"{len(put_s) - len(seen_s)} of {len(put_s)} beacons were never stored"
            raise RuntimeError(message)
        time.sleep(max(0.0, LOOK_S - (time.monotonic() - looked_s)))
    sending.join()
    return [1_000 * (seen_s[key] - put_s[key]) for key in put_s if key[0] >= WARM_S]


def _send(client: Any, seconds: int, put_s: dict[tuple[int, int], float]) -> None:
    began_s = time.monotonic()
    for number in range(seconds * PER_S):
        time.sleep(max(0.0, began_s + number / PER_S - time.monotonic()))
        second, seq = divmod(number, PER_S)
        now_ms = time.time_ns() // 1_000_000
        body = f'e=t,sid="latency-{second}",sn={seq},sta=p,ts={now_ms},v=2'.encode()
        put_s[second, seq] = time.monotonic()
        client.put_record(StreamName=STREAM, PartitionKey=f"latency-{second}", Data=body)


def _stored(lab: Lab, second: int) -> list[int]:
    query = urllib.parse.urlencode({"session_id": f"latency-{second}"})
    url = f"{lab.store_url}/inspect/{DATABASE}/{EVENTS}?{query}"
    with urllib.request.urlopen(url, timeout=30) as answer:
        return [json.loads(line)["measures"]["seq"] for line in answer]
