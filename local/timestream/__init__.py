"""A stand-in for Amazon Timestream for LiveAnalytics, write side, on this machine.

A plain `boto3.client("timestream-write", endpoint_url=...)` talks to it, and it refuses what the service
refuses. `python -m local.timestream --port 8087 --data-dir DIR` runs it; `testing.TimestreamServer` runs it
inside a test. Where the service's own wording is known it is used; `reasons.py` says which is known and
which is ours.

How a WriteRecords request travels:

    server.py       HTTP, the operations by name
    faults.py       throttling, errors, rejects and resets, if any were asked for
    wire.py         the request as the API model defines it
    record.py       one record: CommonAttributes merged, limits checked  (pure; dimensions, measures, values)
    window.py       which times memory and magnetic store take           (pure)
    schema.py       what a table's columns allow                         (pure)
    ingest.py       the above in order, then versions against what is stored
    metering.py     what the request costs in 1 KiB write units          (pure)
    store.py        SQLite: one row per record (ddl.py, table.py)
    commits.py      durable before it is acknowledged, one commit for many requests

Beside it: catalog.py and catalog_request.py (databases, tables, tags), doors.py (our own paths: what is
stored, faults), inspection.py (records as JSON lines), retention.py, and serving.py, __main__.py (listening).
"""
