"""Timestream SQL, answered by DuckDB over a mirror of what SQLite holds.

docs/timestream-sql.md lists what is supported and what is not.

How a query travels:

    service      the operations by name, and the limits on how many run
    wire         the request as the API model defines it
    dialect      the text as a tree: Trino's grammar, durations, typed measure values
    catalog      SHOW and DESCRIBE, which need no tree
    translate    the tree as DuckDB has it  (nodes, functions, macros, formats: what is allowed)
    scans        what of the tables it reads, as far as that is billed
    freshness    what was committed goes into DuckDB  (mirror)
    engine       DuckDB, locked  (failures: its errors in the service's terms)
    values       types and texts of what comes out
    pages        a page at a time, and the same answer for the same token
"""
