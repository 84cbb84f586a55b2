"""Functions of Timestream whose arguments have to be looked at before DuckDB can have them. Pure."""

from collections.abc import Callable

from sqlglot import exp

from local.timestream.query.errors import invalid, unsupported
from local.timestream.query.formats import joda_format, mysql_format
from local.timestream.query.macros import MOST_CHARS

Arguments = list[exp.Expression]

_UNITS = ("millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year")


def named(name: str, *arguments: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this=name, expressions=list(arguments))


def clock(name: str, arguments: Arguments, now_ns: int) -> exp.Expression:
    now = named("make_timestamp_ns", exp.Literal.number(now_ns))
    if name != "ago":
        _count(name, arguments, 0)
        return now
    _count(name, arguments, 1)
    return exp.Paren(this=exp.Sub(this=now, expression=exp.Paren(this=arguments[0])))


def _count(name: str, arguments: Arguments, *allowed: int) -> None:
    if len(arguments) not in allowed:
        wanted = " or ".join(map(str, allowed))
        message = f"Unexpected number of parameters for function {name}: {len(arguments)}; expected {wanted}"
        raise invalid(message)


def _unit(name: str, argument: exp.Expression) -> str:
    unit = argument.name.lower() if isinstance(argument, exp.Literal) and argument.is_string else ""
    if unit not in _UNITS:
        message = f"The first argument of {name} must be one of {', '.join(map(repr, _UNITS))}"
        raise invalid(message)
    return unit


def _is_date(node: exp.Expression) -> bool:
    """Whether a value is a DATE by its form: a column of that type is taken for a TIMESTAMP."""
    if isinstance(node, exp.Cast):
        return bool(node.to.this == exp.DataType.Type.DATE)
    return isinstance(node, exp.Anonymous) and node.name in ("ts_date", "last_day", "ts_from_iso8601_date")


def _sequence(arguments: Arguments) -> exp.Expression:
    _count("sequence", arguments, 2, 3)
    by_time = len(arguments) == 3 and arguments[2].find(exp.Interval) is not None
    return named("ts_time_sequence" if by_time else "ts_sequence", *arguments)


def _date_add(arguments: Arguments) -> exp.Expression:
    _count("date_add", arguments, 3)
    unit = _unit("date_add", arguments[0])
    count = named("ts_to_integer", arguments[1])
    moved = exp.Add(this=exp.Paren(this=arguments[2]), expression=named(f"to_{unit}s", count))
    return exp.cast(moved, "DATE" if _is_date(arguments[2]) else "TIMESTAMP_NS", dialect="duckdb")


def _with_unit(name: str, count: int) -> Callable[[Arguments], exp.Expression]:
    def make(arguments: Arguments) -> exp.Expression:
        _count(name, arguments, count)
        unit = exp.Literal.string(_unit(name, arguments[0]))
        made = named(f"ts_{name}", unit, *arguments[1:])
        return exp.cast(made, "DATE") if name == "date_trunc" and _is_date(arguments[1]) else made

    return make


def _formatted(name: str, function: str, read: Callable[[str], str]) -> Callable[[Arguments], exp.Expression]:
    def make(arguments: Arguments) -> exp.Expression:
        _count(name, arguments, 2)
        pattern = arguments[1]
        if not (isinstance(pattern, exp.Literal) and pattern.is_string):
            unsupported(f"A format of {name} that is not a constant")
        made = named(function, arguments[0], exp.Literal.string(read(pattern.name)))
        return exp.cast(made, "TIMESTAMP_NS", dialect="duckdb") if function == "strptime" else made

    return make


def _approx_percentile(arguments: Arguments) -> exp.Expression:
    if len(arguments) > 2:
        unsupported("approx_percentile with weights or an accuracy")
    _count("approx_percentile", arguments, 2)
    return named("quantile_disc", *arguments)


def _approx_distinct(arguments: Arguments) -> exp.Expression:
    if len(arguments) > 1:
        unsupported("approx_distinct with a standard error")
    _count("approx_distinct", arguments, 1)
    return named("count", exp.Distinct(expressions=arguments))


def _by(name: str, function: str) -> Callable[[Arguments], exp.Expression]:
    def make(arguments: Arguments) -> exp.Expression:
        _count(name, arguments, 2, 3)
        return named(function if len(arguments) == 3 else f"{function}_null", *arguments)

    return make


def _concat(arguments: Arguments) -> exp.Expression:
    if len(arguments) < 2:
        message = "There must be two or more concatenation arguments"
        raise invalid(message)
    made = arguments[0]
    for argument in arguments[1:]:
        made = exp.DPipe(this=made, expression=argument)
    return concatenated(made)


def concatenated(tree: exp.DPipe | exp.Expression) -> exp.Expression:
    """`a || b || c`, unless that would be too long. Works for texts and arrays."""
    parts: list[exp.Expression] = []
    rest = [tree]
    while rest:
        part = rest.pop()
        if isinstance(part, exp.DPipe):
            rest += [part.this, part.expression]
        elif isinstance(part, exp.Paren) and isinstance(part.this, exp.DPipe):
            rest.append(part.this)
        else:
            parts.insert(0, part)
    lengths: exp.Expression = exp.Literal.number(0)
    joined = parts[0].copy()
    for part in parts:
        lengths = exp.Add(this=lengths, expression=named("length", part))
    for part in parts[1:]:
        joined = exp.DPipe(this=joined, expression=part.copy())
    message = exp.Literal.string("The concatenated value is too large")
    too_long = exp.GT(this=lengths, expression=exp.Literal.number(MOST_CHARS))
    return exp.Case(ifs=[exp.If(this=too_long, true=named("error", message))], default=joined)


def _reduce(arguments: Arguments) -> exp.Expression:
    _count("reduce", arguments, 4)
    array, start, step, finish = arguments
    if not (isinstance(step, exp.Lambda) and isinstance(finish, exp.Lambda) and len(finish.expressions) == 1):
        message = "reduce takes an array, a start value and two lambdas"
        raise invalid(message)
    total = named("list_reduce", array, step, start)
    parameter = finish.expressions[0].name.lower()
    body = finish.this.copy()

    def replace(node: exp.Expression) -> exp.Expression:
        named = isinstance(node, exp.Column | exp.Identifier) and node.name.lower() == parameter
        return exp.Paren(this=total.copy()) if named else node

    return exp.Paren(this=body.transform(replace))


def _regexp_extract(arguments: Arguments) -> exp.Expression:
    _count("regexp_extract", arguments, 2, 3)
    return named("nullif", named("regexp_extract", *arguments), exp.Literal.string(""))


REWRITES: dict[str, Callable[[Arguments], exp.Expression]] = {
    "approx_distinct": _approx_distinct,
    "approx_percentile": _approx_percentile,
    "concat": _concat,
    "date_add": _date_add,
    "date_diff": _with_unit("date_diff", 3),
    "date_format": _formatted("date_format", "strftime", mysql_format),
    "date_parse": _formatted("date_parse", "strptime", mysql_format),
    "date_trunc": _with_unit("date_trunc", 2),
    "format_datetime": _formatted("format_datetime", "strftime", joda_format),
    "max_by": _by("max_by", "arg_max"),
    "min_by": _by("min_by", "arg_min"),
    "parse_datetime": _formatted("parse_datetime", "strptime", joda_format),
    "reduce": _reduce,
    "regexp_extract": _regexp_extract,
    "sequence": _sequence,
}
"""Function -> the expression for its arguments. Raises ValidationException."""
