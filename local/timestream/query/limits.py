"""How much one query may take. The first group is the service's, the others keep a laptop usable."""

import msgspec

STATEMENT_CHARS = 262_144
CLIENT_TOKEN_CHARS = range(32, 129)
NEXT_TOKEN_CHARS = 2048
ROWS_PER_PAGE = range(1, 1001)
PAGE_BYTES = 2**20
"""A page ends when its rows reach this size, as in the service."""
LEAST_METERED_BYTES = 10_000_000

NESTING = 60
"""Brackets inside brackets."""
TREE_DEPTH = 240
"""Operators inside operators: `1 + 1 + ...` is one level a sign."""
TOKENS = 20_000
WRITTEN_OUT = 30_000
"""Parts of a statement once what repeats its arguments is written out."""


class Limits(msgspec.Struct, frozen=True):
    """What a server may be given other values for."""

    time_s: float = 30
    patience_s: float = 20
    """How long a query waits for a table that is still being read after a start."""
    memory_mb: int = 2048
    """Of DuckDB as a whole: the mirrored tables and what queries need beside them."""
    rows: int = 200_000
    """Of one answer, all pages together."""
    queries: int = 16
    """At the same time, those that wait included; more are told to slow down."""
    kept_answers: int = 50
    kept_s: float = 900
    """How long the rest of an answer waits for its next page."""
