"""UNNEST, which DuckDB has with other columns. Pure."""

from sqlglot import exp

from local.timestream.query.rewrites import named


def unnested(node: exp.Unnest) -> exp.Expression:
    """`UNNEST(a) AS t(x)` as a lateral query: items of an array, or columns of rows and time series."""
    alias = node.args.get("alias")
    columns = list(alias.columns) if alias is not None else []
    items = node.expressions
    ordinal = node.args.get("offset")
    if isinstance(ordinal, exp.Identifier):
        # The parser took the last column of the alias for it.
        alias.append("columns", ordinal.copy())
    if len(items) > 1 or len(columns) == 1:
        made: list[exp.Expression] = [named("unnest", item) for item in items]
    else:
        rows = exp.select(exp.alias_(named("unnest", items[0]), "item"))
        if ordinal:
            rows = rows.select(exp.alias_(_places(items[0]), "place"))
        query = exp.select(named("unnest", exp.column("item"))).from_(rows.subquery("rows"))
        return _placed(node, query.select("place") if ordinal else query)
    if ordinal:
        made.append(_places(items[0]))
    return _placed(node, exp.select(*made))


def _placed(node: exp.Unnest, query: exp.Select) -> exp.Expression:
    """Behind FROM nothing stands that it could refer to; behind a JOIN something does."""
    alias = node.args.get("alias")
    if isinstance(node.parent, exp.From):
        return exp.Subquery(this=query, alias=alias)
    return exp.Lateral(this=query.subquery(), alias=alias)


def _places(items: exp.Expression) -> exp.Expression:
    return named("generate_subscripts", items.copy(), exp.Literal.number(1))
