"""A stand-in for Amazon Timestream for LiveAnalytics, write side, on this machine.

A plain `boto3.client("timestream-write", endpoint_url=...)` talks to it, and it refuses what the service
refuses. `python -m local.timestream --port 8087 --data-dir DIR` runs it; `testing.TimestreamServer` runs it
inside a test.

How a WriteRecords request travels, one file each:

    server.py    HTTP, the operations' names, faults, group commit
    wire.py      the request as the API model defines it
    record.py    one record: CommonAttributes merged, values parsed, limits checked    (pure)
    window.py    which times memory and magnetic store take                            (pure)
    schema.py    what a table's columns allow                                          (pure)
    metering.py  what the request costs in 1 KiB write units                           (pure)
    ingest.py    the above in order, then versions against what is stored
    store.py     SQLite: one row per record, durable before it is acknowledged

Beside it: catalog.py (databases, tables, tags), faults.py (throttling, errors, resets), inspection.py (what
is stored), commits.py (one commit for many requests), serving.py and __main__.py (listening). Where the
service's own wording is known it is used; `reasons.py` says which is known and which is ours.
"""
