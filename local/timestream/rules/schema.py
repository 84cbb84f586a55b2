"""What a table's columns allow: they grow by what is written, and none changes its type. Pure."""

import msgspec

from local.timestream.rules import limits, reasons
from local.timestream.rules.record import Row

DIMENSION = "DIMENSION"
_KNOWN_SHAPES = 10_000
"""Combinations of columns remembered as fitting, so that a repeated one costs one look-up."""


class PartitionKey(msgspec.Struct, frozen=True):
    """A customer-defined partition key: a dimension's name, and whether every record must have it."""

    type: str = "MEASURE"
    name: str | None = None
    required: bool = False


class Schema:
    """The columns of one table, and what new rows may add to them."""

    def __init__(self, columns: dict[str, str], measure_names: dict[str, str]) -> None:
        self.columns = columns
        """Column name → DIMENSION or the measure's type."""
        self.measure_names = measure_names
        """Measure name → DOUBLE, BIGINT, ..., MULTI."""
        self._known: set[object] = set()

    def problem(self, row: Row, key: PartitionKey) -> str | None:
        """Why the table refuses this row, None if it fits."""
        shape = _shape(row)
        if shape in self._known:
            return None
        names = row.dimensions.names
        if key.required and key.name not in names:
            return reasons.missing_partition_key(str(key.name))
        wanted = dict.fromkeys(names, DIMENSION)
        for name, kind in (*wanted.items(), *row.measures.types):
            existing = self.columns.get(name) or (wanted.get(name, kind))
            if existing != kind:
                return reasons.type_conflict(name, kind, existing)
        existing = self.measure_names.get(row.measure_name, row.measure_type)
        if existing != row.measure_type:
            return reasons.type_conflict(row.measure_name, row.measure_type, existing)
        return self._over_table_limit(row)

    def add(self, row: Row) -> tuple[dict[str, str], dict[str, str]]:
        """Adopt an accepted row's columns and measure name; returns those that are new, to be stored."""
        shape = _shape(row)
        if shape in self._known:
            return {}, {}
        wanted = dict.fromkeys(row.dimensions.names, DIMENSION) | dict(row.measures.types)
        columns = {name: kind for name, kind in wanted.items() if name not in self.columns}
        measure_names = {}
        if row.measure_name not in self.measure_names:
            measure_names[row.measure_name] = row.measure_type
        self.columns |= columns
        self.measure_names |= measure_names
        if len(self._known) >= _KNOWN_SHAPES:
            self._known.clear()
        self._known.add(shape)
        return columns, measure_names

    def forget_known(self) -> None:
        """After the partition key's enforcement changed: check every shape again."""
        self._known.clear()

    def _over_table_limit(self, row: Row) -> str | None:
        kinds = self.columns | dict(row.measures.types) | dict.fromkeys(row.dimensions.names, DIMENSION)
        dimensions = sum(kind == DIMENSION for kind in kinds.values())
        measures = sum(
            kind != DIMENSION and not name.startswith("measure_value::") for name, kind in kinds.items()
        )
        measure_names = len(self.measure_names) + (row.measure_name not in self.measure_names)
        for what, count, limit in (
            ("dimensions", dimensions, limits.DIMENSIONS_PER_TABLE),
            ("measures in multi-measure records", measures, limits.MEASURES_PER_TABLE),
            ("measure names", measure_names, limits.MEASURE_NAMES_PER_TABLE),
        ):
            if count > limit:
                return reasons.too_large("table", count, limit, what)
        return None


def _shape(row: Row) -> object:
    return row.dimensions.names, row.measures.types, row.measure_name
