"""What a statement may consist of: kinds of nodes, types, units. Pure tables."""

from sqlglot import exp

ALLOWED: frozenset[type[exp.Expression]] = frozenset(
    {
        # queries
        exp.Select, exp.Union, exp.Intersect, exp.Except, exp.Subquery, exp.With, exp.CTE, exp.Values,
        exp.From, exp.Join, exp.Table, exp.TableAlias, exp.Unnest, exp.Lateral, exp.Where, exp.Group,
        exp.Having, exp.Order, exp.Ordered, exp.Limit, exp.Offset, exp.Distinct, exp.Cube, exp.Rollup,
        exp.GroupingSets,
        # names and constants
        exp.Identifier, exp.Column, exp.Star, exp.Alias, exp.Dot, exp.Literal, exp.Null, exp.Boolean, exp.Var,
        exp.Interval, exp.Array, exp.Tuple, exp.DataType, exp.DataTypeParam, exp.ColumnDef,
        # operators
        exp.Paren, exp.And, exp.Or, exp.Not, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Is,
        exp.NullSafeEQ, exp.NullSafeNEQ,
        exp.Between, exp.In, exp.Like, exp.Escape, exp.Exists, exp.Any, exp.All,
        exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg, exp.DPipe, exp.Bracket,
        exp.Case, exp.If, exp.Cast, exp.TryCast,
        # functions
        exp.Anonymous, exp.Filter, exp.Window, exp.WindowSpec, exp.IgnoreNulls, exp.RespectNulls, exp.Lambda,
        exp.Extract, exp.Trim, exp.StrPosition, exp.CurrentDate, exp.CurrentTime, exp.CurrentTimestamp,
    }
)  # fmt: skip
"""Any other kind of node is refused by its name."""

NAMES: dict[type[exp.Expression], str] = {
    exp.AtTimeZone: "AT TIME ZONE",
    exp.GroupConcat: "LISTAGG",
    exp.Parameter: "A parameter (@name)",
    exp.Placeholder: "A parameter (?)",
    exp.TableSample: "TABLESAMPLE",
    exp.MatchRecognize: "MATCH_RECOGNIZE",
}

_TYPE = exp.DataType.Type
TYPES = frozenset(
    {
        _TYPE.BIGINT, _TYPE.INT, _TYPE.DOUBLE, _TYPE.BOOLEAN, _TYPE.VARCHAR, _TYPE.TIMESTAMP, _TYPE.DATE,
        _TYPE.TIME, _TYPE.ARRAY, _TYPE.STRUCT, _TYPE.INTERVAL,
    }
)  # fmt: skip
"""Types a CAST may name."""

INTERVAL_UNITS = frozenset(
    {"MICROSECOND", "MILLISECOND", "SECOND", "MINUTE", "HOUR", "DAY", "WEEK", "MONTH", "YEAR"}
)

EXTRACTED = {
    "year": "year",
    "quarter": "quarter",
    "month": "month",
    "week": "week",
    "day": "day",
    "day_of_month": "day",
    "day_of_week": "day_of_week",
    "dow": "day_of_week",
    "day_of_year": "day_of_year",
    "doy": "day_of_year",
    "year_of_week": "year_of_week",
    "yow": "year_of_week",
    "hour": "hour",
    "minute": "minute",
    "second": "second",
}
"""EXTRACT(field FROM x) -> the function that does the same."""
