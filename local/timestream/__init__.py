"""A stand-in for Amazon Timestream for LiveAnalytics, both sides, on this machine.

Plain boto3 clients of `timestream-write` and `timestream-query` talk to it, and it refuses what the service
refuses. `python -m local.timestream --port 8087 --data-dir DIR` runs it; `testing.TimestreamServer` runs it
inside a test. Where the service's own wording is known it is used; `reasons.py` says which is known and
which is ours.

Rooms:

    rules       what the service takes and refuses, what it costs, and how it says so  (pure)
    storage     records and tables in one SQLite file, durable before they are acknowledged
    control     databases, tables and tags
    query       Timestream SQL over a mirror of the records in DuckDB
    .           HTTP: server (operations by name), endpoints, faults, own_paths, responses, serving

How a WriteRecords request travels:

    server              the operation by its name
    faults              throttling, errors, rejects and resets, if any were asked for
    rules/wire          the request as the API model defines it
    rules/record        one record: CommonAttributes merged, names, values and limits checked
    rules/window        which times memory and magnetic store take
    rules/schema        what a table's columns allow
    storage/ingest      the above in order, then versions against what is stored
    rules/metering      what the request costs in 1 KiB write units
    storage/sqlite      one row per record  (ddl, table)
    storage/commits     one commit for many requests
"""
