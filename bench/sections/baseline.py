"""The same topology with a default boto3 client."""

from bench.report import Goal, Section, Table
from bench.runs import Runs
from bench.usage import JVM, PYTHON

TIMES = 4.0

METHOD = """\
The whole job on the same stream, once with its own store and once with `bench/boto3_store.py`: plain boto3,
a default client, `write_records` with 100 records, as many calls under way. What the source costs is taken
off both."""


def run(runs: Runs) -> Section:
    """Ours against theirs."""
    source = runs.source.beacon_us()
    rows: list[tuple[str | float, ...]] = []
    without = {}
    for name, found in (("this job", runs.busy), ("with boto3's own client", runs.boto3)):
        us = found.cpu_us()
        without[name] = found.beacon_us() - source
        jvm, python = us.get(JVM, 0.0), us.get(PYTHON, 0.0)
        rows.append((name, jvm, python, found.beacon_us(), without[name], found.rate()))
    ours, theirs = without.values()
    columns = ("sink", "JVM µs", "Python µs", "with source µs", "without µs", "beacons/s")
    goal = Goal(
        "times cheaper than with a default boto3 client", theirs / ours, "times", TIMES, at_least=True
    )
    return Section("Against a default boto3 client", METHOD, (Table(columns, tuple(rows)),), (goal,))
