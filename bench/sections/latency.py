"""From Kinesis to stored, at light load."""

import json
import threading
import time
import urllib.parse
import urllib.request

from bench.accounting import percentile
from bench.lab import SHARDS, Lab, wait_for
from bench.report import Goal, Section, Table
from bench.runs import Runs
from local.aws import kinesis
from local.aws.tables import DATABASE

PER_S = 50
WARM_S = 10
LOOK_S = 0.05
P95_MS = 2_000.0
STREAM = "bench-latency"

METHOD = """\
50 beacons a second, each put alone, for a minute. Measured is the time from just before the put to the
first look (one every 50 ms) at which the stand-in shows the row; the first ten seconds are left out."""


def run(runs: Runs) -> Section:
    """Percentiles of the wait."""
    lab = runs.lab
    client = lab.kinesis()
    kinesis.ensure_stream(client, STREAM, SHARDS)
    lab.timestream()
    lab.empty_tables()
    lab.fresh_cluster()
    job = lab.submit("main", STREAM)
    wait_for("the job runs", lambda: lab.cluster.rest.all_tasks_run(job), 120)
    runs.say(f"{PER_S} beacons a second for {runs.sizes.latency_s + WARM_S} s")
    waits_ms = _waits_ms(lab, client, runs.sizes.latency_s)
    lab.cluster.rest.cancel(job)
    quantiles = [percentile(waits_ms, share) for share in (0.5, 0.95, 0.99, 1.0)]
    table = Table(("beacons", "p50 ms", "p95 ms", "p99 ms", "longest ms"), ((len(waits_ms), *quantiles),))
    goal = Goal("p95 from Kinesis to stored at light load", quantiles[1] / 1_000, "s", P95_MS / 1_000)
    return Section("Latency", METHOD, (table,), (goal,))


def _waits_ms(lab: Lab, client: object, seconds: int) -> list[float]:
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


def _send(client: object, seconds: int, put_s: dict[tuple[int, int], float]) -> None:
    began_s = time.monotonic()
    for number in range(seconds * PER_S):
        time.sleep(max(0.0, began_s + number / PER_S - time.monotonic()))
        second, seq = divmod(number, PER_S)
        now_ms = time.time_ns() // 1_000_000
        body = f'e=t,sid="latency-{second}",sn={seq},sta=p,ts={now_ms},v=2'.encode()
        put_s[second, seq] = time.monotonic()
        client.put_record(StreamName=STREAM, PartitionKey=f"latency-{second}", Data=body)  # type: ignore[attr-defined]


def _stored(lab: Lab, second: int) -> list[int]:
    query = urllib.parse.urlencode({"session_id": f"latency-{second}"})
    url = f"{lab.timestream()}/inspect/{DATABASE}/beacon-blog-table?{query}"
    with urllib.request.urlopen(url, timeout=30) as answer:
        return [json.loads(line)["measures"]["seq"] for line in answer]
