"""Constants and types of a statement as DuckDB has them. Pure."""

import re

from sqlglot import exp

from local.timestream.query.errors import invalid, unsupported
from local.timestream.query.nodes import INTERVAL_UNITS, TYPES
from local.timestream.rules.limits import BIGINT


def data_type(node: exp.DataType) -> exp.Expression | None:
    """A type that a CAST names; None where DuckDB has it as it is. Raises ValidationException."""
    if node.this not in TYPES:
        unsupported(f"Type {node.sql('trino')}")
    if node.this == exp.DataType.Type.TIMESTAMP:
        return exp.DataType.build("TIMESTAMP_NS", dialect="duckdb")
    return None


def interval(node: exp.Interval) -> None:
    """Refuses what is no interval of one unit. Raises ValidationException."""
    value, unit = node.this, node.args.get("unit")
    if not isinstance(unit, exp.Var) or unit.name.upper().rstrip("S") not in INTERVAL_UNITS:
        unsupported("An interval other than of one unit from MILLISECOND to YEAR")
    if not (isinstance(value, exp.Literal) and re.fullmatch(r"[+-]?\d{1,15}", value.name)):
        message = "An interval must be a whole number in quotes, and its unit"
        raise invalid(message)


def literal(node: exp.Literal) -> exp.Expression | None:
    """A number with a point as a DOUBLE; None where DuckDB has it as it is. Raises ValidationException."""
    if node.is_string:
        return None
    text = node.name
    if not text.isdigit():
        if not re.fullmatch(r"\d*\.?\d*([eE][+-]?\d+)?", text):
            unsupported(f"The number {text}")
        # A point alone would be a DECIMAL in DuckDB, where the service has a DOUBLE.
        return exp.Literal.number(text if "e" in text.lower() else f"{text}e0")
    if int(text) not in BIGINT:
        message = f"Invalid numeric literal: {text[:40]}"
        raise invalid(message)
    return None
