"""UNNEST, which DuckDB has with other columns. Pure."""

from sqlglot import exp

from local.timestream.query.rewrites import named


def unnested(node: exp.Unnest) -> exp.Expression:
    """`UNNEST(a) AS t(x)` as a lateral query: items of an array, or columns of rows and time series."""
    alias = node.args.get("alias")
    columns = list(alias.columns) if alias is not None else []
    items = node.expressions
    ordinal = bool(node.args.get("offset"))
    if len(items) > 1 or len(columns) - ordinal == 1:
        made: list[exp.Expression] = [named("unnest", item) for item in items]
    else:
        rows = exp.select(exp.alias_(named("unnest", items[0]), "item"))
        if ordinal:
            rows = rows.select(exp.alias_(_places(items[0]), "place"))
        query = exp.select(named("unnest", exp.column("item"))).from_(rows.subquery("rows"))
        return exp.Lateral(this=(query.select("place") if ordinal else query).subquery(), alias=alias)
    if ordinal:
        made.append(_places(items[0]))
    return exp.Lateral(this=exp.select(*made).subquery(), alias=alias)


def _places(items: exp.Expression) -> exp.Expression:
    return named("generate_subscripts", items.copy(), exp.Literal.number(1))
