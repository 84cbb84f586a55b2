"""Requests a second at the front door: alone, with the emulator behind it, and the emulator without it."""

import json
from base64 import b64encode
from collections.abc import Sequence

from bench.lab import Lab, wait_for
from bench.posting import Posted, post
from bench.report import Table
from bench.sections.bench import Bench
from bench.traffic import BROWSER
from local.stack.stack import STREAM

CLIENTS = 64
SESSIONS = 500
LINE = b'br=(868),cid="film-1",e=ps,sf=h,sid="s%d",sn=1,sta=p,ts=1795455862856,v=2\n'
POST = (
    b"POST /Default/v1/cmcd/state?session=s%%d HTTP/1.1\r\nHost: x\r\nContent-Type: application/cmcd\r\n"
    b"Origin: https://x.example\r\nUser-Agent: %b\r\nContent-Length: %%d\r\n\r\n%%b" % BROWSER.encode()
)
PUT = (
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-amz-json-1.1\r\n"
    b"X-Amz-Target: Kinesis_20131202.PutRecord\r\nContent-Length: %d\r\n\r\n%b"
)
COLUMNS = ("requests", "a second", "p50 ms", "p99 ms", "accepted", "in the stream")


def measure(bench: Bench) -> Sequence[Table]:
    """Each apart, then both; what was answered 204 must be in the stream."""
    lab, count = bench.lab, bench.sizes.posts
    lab.make_stream(STREAM)
    rows = []
    bench.say(f"{count:,} PutRecord from {CLIENTS} clients straight to the emulator")
    rows.append(_row("PutRecord, no door", post(lab.kinesis_port, _put, count, CLIENTS), "-"))
    bench.say("the door before a Kinesis that takes everything at once")
    rows.append(_row("door alone", post(lab.door(lab.null_kinesis()), _beacon, count, CLIENTS), "-"))
    bench.say("the door before the emulator")
    before = records_in(lab)
    posted = post(lab.door(lab.kinesis_port), _beacon, count, CLIENTS)
    wait_for("all is in the stream", lambda: records_in(lab) - before >= posted.statuses[204], 60)
    rows.append(_row("door and emulator", posted, records_in(lab) - before))
    return [Table(COLUMNS, tuple(rows), f"{CLIENTS} clients, {count:,} posts of one CMCD line each")]


def records_in(lab: Lab) -> int:
    """Records in the stream."""
    client, found = lab.kinesis(), 0
    for shard in client.list_shards(StreamName=STREAM)["Shards"]:
        iterator = client.get_shard_iterator(
            StreamName=STREAM, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while records := (page := client.get_records(ShardIterator=iterator, Limit=10_000))["Records"]:
            found += len(records)
            iterator = page["NextShardIterator"]
    return found


def _row(name: str, posted: Posted, stored: int | str) -> tuple[str | float, ...]:
    p50_ms, p99_ms = posted.percentile_ms(0.5), posted.percentile_ms(0.99)
    accepted = posted.statuses[200] + posted.statuses[204]
    return name, posted.per_s, p50_ms, p99_ms, accepted, stored


def _beacon(number: int) -> bytes:
    session = number % SESSIONS
    line = LINE % session
    return POST % (session, len(line), line)


def _put(number: int) -> bytes:
    session = number % SESSIONS
    data = b64encode(b'{"v":1,"recv_at":1795455862856,"body":"%b"}' % b64encode(LINE % session)).decode()
    body = json.dumps({"StreamName": STREAM, "PartitionKey": f"s{session}", "Data": data}).encode()
    return PUT % (len(body), body)
