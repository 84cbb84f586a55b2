"""What of a table a statement reads, as far as the service bills it: the model of `CumulativeBytesScanned`.

A place that names a table reads the rows which the predicates beside it allow, and of these the columns that
are named there. Only predicates that the service prunes by count: `time` compared with what is known before
the query runs, `measure_name` equal to a text or among some, each joined to the others by AND, in the WHERE
beside the table or in the ON of its own join. Works on the tree that DuckDB runs. Pure.
"""

from collections.abc import Iterator, Mapping

import msgspec
from sqlglot import exp

from local.timestream.query.columns import NUMBER_BYTES, ROW_BYTES, base_name, bytes_of
from local.timestream.query.dialect import duckdb_sql
from local.timestream.query.values import quoted

TIME, MEASURE_NAME = "time", "measure_name"
_PRUNES: dict[str, tuple[type[exp.Expression], ...]] = {
    TIME: (exp.EQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In),
    MEASURE_NAME: (exp.EQ, exp.In),
}
"""Column -> the comparisons of it that the service prunes by."""

TableKey = tuple[str, str]


class Scan(msgspec.Struct, frozen=True):
    """One place of a statement that reads a table."""

    table: TableKey
    """Database and table."""
    view: str
    alias: str
    columns: frozenset[str] | None
    """Names in lower case, or None for all; a row's time is read with any."""
    pruned_by: frozenset[str]
    """Which of `time` and `measure_name` are compared."""
    predicates: str
    """In DuckDB's SQL; empty where all rows are read."""


def scans_in(tree: exp.Expression, views: Mapping[str, TableKey]) -> list[Scan]:
    """The places of a translated statement that read one of these views."""
    return [
        _scan(table, select, views[table.name])
        for table in tree.find_all(exp.Table)
        for select in [table.find_ancestor(exp.Select)]
        if table.name in views and isinstance(select, exp.Select)
    ]


def bytes_sql(scan: Scan, types: Mapping[str, str]) -> str:
    """The query of DuckDB that counts the bytes of a scan: of each row 8 for its time, of each value that is
    not null 8, or 1 for a BOOLEAN, or the length of its text in UTF-8. `types` are those of the view."""
    read = [
        bytes_of(quoted(name), kind)
        for name, kind in types.items()
        if name != TIME and scan.columns is not None and name.lower() in scan.columns
    ]
    row = quoted(ROW_BYTES) if scan.columns is None else " + ".join([str(NUMBER_BYTES), *read])
    where = f" WHERE {scan.predicates}" if scan.predicates else ""
    table = f"{quoted(base_name(scan.view))} AS {quoted(scan.alias)}"
    return f"SELECT coalesce(sum({row}), 0) FROM {table}{where}"  # noqa: S608


def _scan(table: exp.Table, select: exp.Select, key: TableKey) -> Scan:
    alias = table.alias_or_name
    pruned_by: set[str] = set()
    predicates = []
    for condition in _conditions(table, select):
        for part in _joined_by_and(condition):
            if column := _pruned_column(part, alias):
                pruned_by.add(column)
                predicates.append(duckdb_sql(part.copy()))
    return Scan(
        key, table.name, alias, _columns(select, alias), frozenset(pruned_by), " AND ".join(predicates)
    )


def _conditions(table: exp.Table, select: exp.Select) -> Iterator[exp.Expression]:
    where, join = select.args.get("where"), table.parent
    if where is not None:
        yield where.this
    if isinstance(join, exp.Join) and join.side in ("", "LEFT") and join.args.get("on") is not None:
        yield join.args["on"]


def _joined_by_and(condition: exp.Expression) -> Iterator[exp.Expression]:
    parts = [condition]
    while parts:
        part = parts.pop().unnest()
        if isinstance(part, exp.And):
            parts += [part.expression, part.this]
        else:
            yield part


def _pruned_column(part: exp.Expression, alias: str) -> str:
    """The column by which this predicate prunes; empty if by none."""
    columns = list(part.find_all(exp.Column))
    name = columns[0].name.lower() if len(columns) == 1 else ""
    if not isinstance(part, _PRUNES.get(name, ())) or part.find(exp.Query) is not None:
        return ""
    sides = [part.this] if isinstance(part, exp.In | exp.Between) else [part.this, part.expression]
    alone = any(side.unnest() is columns[0] for side in sides)
    return name if alone and columns[0].table.lower() in ("", alias.lower()) else ""


def _columns(select: exp.Select, alias: str) -> frozenset[str] | None:
    names = set()
    for node in select.walk(prune=lambda node: isinstance(node, exp.Query) and node is not select):
        if _is_star(node, select, alias):
            return None
        if isinstance(node, exp.Column) and node.table.lower() in ("", alias.lower()):
            names.add(node.name.lower())
    # What a query inside this one takes of the table, it names with the table.
    inner = {node.name.lower() for node in select.find_all(exp.Column) if node.table.lower() == alias.lower()}
    return frozenset(names | inner)


def _is_star(node: exp.Expression, select: exp.Select, alias: str) -> bool:
    if isinstance(node, exp.Column) and isinstance(node.this, exp.Star):
        return node.parent is select and node.table.lower() == alias.lower()
    return isinstance(node, exp.Star) and node.parent is select
