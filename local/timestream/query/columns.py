"""The columns of one table, and what DuckDB makes of them."""

import msgspec

from local.timestream.rules.schema import DIMENSION

DUCKDB_TYPES = {
    DIMENSION: "VARCHAR",
    "VARCHAR": "VARCHAR",
    "DOUBLE": "DOUBLE",
    "BIGINT": "BIGINT",
    "BOOLEAN": "BOOLEAN",
    "TIMESTAMP": "TIMESTAMP_NS",
}
"""Type of a column -> DuckDB's."""
STORED_TYPES = DUCKDB_TYPES | {"TIMESTAMP": "BIGINT"}
"""Type of a measure -> how SQLite holds it."""

NUMBER_BYTES = 8
SERIES = "\x1fseries"
"""Which series a row is of."""
ROW_BYTES = "\x1fbytes"
"""What a row costs to read whole, as `scans` counts. No client may name a column so."""


class Columns(msgspec.Struct, frozen=True):
    """The columns a table has at one moment, and from when on it keeps records."""

    table_id: int
    types: dict[str, str]
    """Name -> DIMENSION or a measure's type."""
    kept_from_ns: int

    def shown(self) -> list[str]:
        """All names in the order of SELECT *: dimensions, measure_name, time, measures."""
        dimensions = [name for name, kind in self.types.items() if kind == DIMENSION]
        measures = [name for name, kind in self.types.items() if kind != DIMENSION]
        single = sorted(name for name in measures if name.startswith("measure_value::"))
        return [
            *dimensions,
            "measure_name",
            "time",
            *single,
            *(name for name in measures if name not in single),
        ]


def bytes_of(expression: str, kind: str) -> str:
    """DuckDB's expression for what reading one value costs (`scans`); of no value, nothing."""
    if kind == "VARCHAR":
        return f"coalesce(strlen({expression}), 0)"
    return f"CASE WHEN {expression} IS NULL THEN 0 ELSE {1 if kind == 'BOOLEAN' else NUMBER_BYTES} END"


def base_name(view: str) -> str:
    """The table behind a view: it has its columns, and SERIES and ROW_BYTES."""
    return f"records of {view}"


def view_name(table_id: int) -> str:
    """The view of a table; no statement can name it by itself."""
    return f"table {table_id}"
