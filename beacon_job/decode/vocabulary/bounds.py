"""Every limit of what decode accepts, with its reason; `schema/beacon.schema.json` states the same."""

MAX_RECORD_BYTES = 10 * 1024 * 1024
"""Kinesis takes records of up to 10 MiB; more cannot come from a stream."""

MAX_EVENTS = 5_000
"""Events (or lines) of one body that are read: a player's queue holds at most 3,600 (mux-embed)."""

MAX_MEMBERS = 1_000
"""Members of one JSON object within a beacon: beacons have some 30."""

MAX_LINE_CHARS = 64 * 1024
"""Characters of one CMCD record: players write some 500, request urls included."""

MAX_DEPTH = 32
"""Levels of JSON nesting in one event. Beacons need 4; what is deeper is hostile or broken."""

MAX_SESSION_CHARS = 64
"""CTA-5004-B: `sid` has at most 64 characters."""

MAX_CONTENT_CHARS = 128
"""CTA-5004-B: `cid`, `cdn` and `h` have at most 128 characters."""

MAX_TEXT_CHARS = 256
"""Other texts (error messages and codes, page): longer ones are cut, they cost write units."""

MAX_CUSTOM_CHARS = 64
"""CTA-5004-B: values of custom keys, and custom event names, have at most 64 characters."""

MAX_CUSTOM_FIELDS = 20
"""Custom fields of one event; a store has a limited number of columns."""

MAX_DIM_CHARS = 64
"""Dimension values: they are repeated on every row, and many different ones cost cardinality."""

MAX_RAW_BYTES = 64 * 1024
"""Bytes of a bad record that are kept: with base64 and its frame it fits any Kinesis record."""

MAX_CLIENT_MS = 4_102_444_800_000
"""2100-01-01. A later client or server time is not a time."""
