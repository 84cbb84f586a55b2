"""A statement of Timestream SQL -> one SELECT of DuckDB, made of harmless parts only. Pure.

Every node of the tree must be of a kind listed here, every function one that `functions` lists, every table
one of Timestream's or a WITH query. So nothing a statement says reaches DuckDB unread.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from sqlglot import exp

from local.timestream.query import functions
from local.timestream.query.checks import check, check_written_out
from local.timestream.query.constants import data_type, interval, literal
from local.timestream.query.dialect import Statement, duckdb_sql
from local.timestream.query.errors import invalid, unsupported
from local.timestream.query.nodes import EXTRACTED
from local.timestream.query.rewrites import concatenated, named
from local.timestream.query.scans import Scan, scans_in
from local.timestream.query.unnest import unnested
from local.timestream.rules.errors import ServiceError

UNNAMED = "\x1funnamed"
"""How an output column that was given no name is called until the place it stands at is known."""

Tables = Mapping[tuple[str, str], str]
"""(database, table) -> the name of its view in DuckDB."""


class Translation(msgspec.Struct, frozen=True):
    """What DuckDB runs, which tables it reads, and what of them."""

    sql: str
    tables: frozenset[tuple[str, str]]
    scans: list[Scan]


def translate(statement: Statement, tables: Tables, now_ns: int) -> Translation:
    """The query as DuckDB has it. Raises ValidationException."""
    if statement.tokens[0].text.upper() not in ("SELECT", "WITH", "(", "VALUES"):
        unsupported(f"The statement {statement.tokens[0].text.upper()[:40]}")
    try:
        tree = statement.parse()
        check(statement, tree)
        translator = _Translator(statement, tables, now_ns)
        translator.run(tree)
        check_written_out(tree)
        scans = scans_in(tree, {tables[key]: key for key in translator.read})
        return Translation(duckdb_sql(tree), frozenset(translator.read), scans)
    except RecursionError:
        message = "The query is nested too deeply"
        raise invalid(message) from None


class _Translator:
    def __init__(self, statement: Statement, tables: Tables, now_ns: int) -> None:
        self._statement = statement
        self._tables = tables
        self._now_ns = now_ns
        self._ctes: set[str] = set()
        self.read: set[tuple[str, str]] = set()
        self._steps: dict[type[Any], Callable[[Any], exp.Expression | None]] = {
            exp.Anonymous: self._function,
            exp.Cast: self._cast,
            exp.TryCast: self._cast,
            exp.Column: self._column,
            exp.CTE: self._cte,
            exp.CurrentDate: lambda _: exp.cast(self._now(), "DATE"),
            exp.CurrentTime: lambda _: exp.cast(self._now(), "TIME"),
            exp.CurrentTimestamp: lambda _: self._now(),
            exp.DataType: data_type,
            exp.Div: lambda node: named("ts_divide", node.this, node.expression),
            exp.DPipe: self._concat,
            exp.Extract: self._extract,
            exp.Interval: interval,
            exp.Join: self._join,
            exp.Unnest: unnested,
            exp.Literal: literal,
            exp.Mod: lambda node: named("ts_mod", node.this, node.expression),
            exp.Select: self._name_columns,
            exp.Star: self._star,
            exp.Table: self._table,
        }

    def run(self, tree: exp.Expression) -> None:
        """Change the tree in place, the leaves before what holds them."""
        self._ctes = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
        first: exp.Expression = tree
        while isinstance(first, exp.SetOperation | exp.Subquery):
            first = first.this
        self._first = first
        for node in reversed(list(tree.walk(bfs=True))):
            step = self._steps.get(type(node))
            try:
                made = step(node) if step else None
            except ServiceError as error:
                if error.message.startswith("line "):
                    raise
                raise self._statement.error_at(_word(node), error.message) from None
            if made is not None and made is not node:
                node.replace(made)

    def _now(self) -> exp.Expression:
        return functions.call("now", [], self._now_ns)

    def _function(self, node: exp.Anonymous) -> exp.Expression | None:
        if not isinstance(node.this, str):
            unsupported("A quoted name of a function")
        name = node.name.lower()
        return functions.call(name, list(node.expressions), self._now_ns)

    def _cast(self, node: exp.Cast) -> exp.Expression | None:
        kind = node.to.this
        tried = isinstance(node, exp.TryCast)
        if kind in (exp.DataType.Type.BIGINT, exp.DataType.Type.INT):
            name = "bigint" if kind == exp.DataType.Type.BIGINT else "integer"
            return named(f"ts_try_{name}" if tried else f"ts_to_{name}", node.this)
        if kind == exp.DataType.Type.VARCHAR:
            if node.to.expressions:
                unsupported("VARCHAR with a length")
            return named("ts_to_varchar", node.this)
        return None

    def _column(self, node: exp.Column) -> exp.Expression | None:
        for part in ("db", "catalog"):
            if node.args.get("table") is not None and node.args.get(part) is not None:
                node.set(part, None)
        return None

    def _cte(self, node: exp.CTE) -> None:
        if node.args.get("materialized") is not None or node.args.get("key_expressions"):
            unsupported("This form of WITH")
        node.args["alias"].set("this", exp.to_identifier(_cte_name(node.alias), quoted=True))

    def _concat(self, node: exp.DPipe) -> exp.Expression | None:
        # The outermost of a chain is translated, once for all of it.
        return None if isinstance(node.parent, exp.DPipe) else concatenated(node)

    def _extract(self, node: exp.Extract) -> exp.Expression:
        field = EXTRACTED.get(node.name.lower())
        if field is None:
            unsupported(f"EXTRACT of {node.name}")
        return functions.call(field, [node.expression], self._now_ns)

    def _star(self, node: exp.Star) -> None:
        if any(node.args.values()):
            unsupported("SELECT * with exceptions")

    def _name_columns(self, node: exp.Select) -> None:
        for forbidden in (
            "kind",
            "hint",
            "sample",
            "qualify",
            "windows",
            "into",
            "laterals",
            "match",
            "pivots",
        ):
            if node.args.get(forbidden):
                unsupported(f"SELECT with {forbidden}")
        named = []
        for place, column in enumerate(node.expressions):
            plain = isinstance(column, exp.Alias | exp.Star | exp.Column) or (
                isinstance(column, exp.Dot) and isinstance(column.expression, exp.Identifier | exp.Star)
            )
            if plain:
                named.append(column)
                continue
            name = f"{UNNAMED}{place}" if node is self._first else f"_col{place}"
            named.append(exp.alias_(column, name, quoted=True))
        node.set("expressions", named)

    def _table(self, node: exp.Table) -> exp.Expression | None:
        if not isinstance(node.this, exp.Identifier) or node.args.get("catalog"):
            unsupported("A table function, or a name of three parts,")
        for part in (
            "sample",
            "pivots",
            "hints",
            "when",
            "only",
            "partition",
            "version",
            "ordinality",
            "joins",
        ):
            if node.args.get(part):
                unsupported(f"A table with {part}")
        name, database = node.name, node.db
        alias = node.args.get("alias") or exp.TableAlias(this=exp.to_identifier(name, quoted=True))
        if not database:
            if name.lower() not in self._ctes:
                message = f"Schema must be specified when session schema is not set: table '{name}'"
                raise invalid(message)
            return exp.Table(this=exp.to_identifier(_cte_name(name), quoted=True), alias=alias)
        view = self._tables.get((database, name))
        if view is None:
            known = any(database == other for other, _ in self._tables)
            missing = f"Table '{database}.{name}'" if known else f"Schema '{database}' or its table '{name}'"
            message = f"{missing} does not exist"
            raise invalid(message)
        self.read.add((database, name))
        return exp.Table(this=exp.to_identifier(view, quoted=True), alias=alias)

    def _join(self, node: exp.Join) -> None:
        if node.args.get("method") or node.args.get("kind") in ("SEMI", "ANTI", "ASOF", "STRAIGHT"):
            unsupported("This kind of JOIN")


def _cte_name(name: str) -> str:
    # DuckDB has tables of its own; a WITH query of the same name that is out of scope must not reach them.
    return f"with {name.lower()}"


def _word(node: exp.Expression) -> str:
    """The word of the statement at which an error about this node is shown."""
    if isinstance(node, exp.Literal | exp.Anonymous | exp.Table):
        return str(node.name)
    return str(node.key)
