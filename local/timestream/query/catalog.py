"""SHOW and DESCRIBE in the service's shapes. Pure: what they list is given."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from local.timestream.query.dialect import Statement
from local.timestream.query.errors import invalid, invalid_syntax
from local.timestream.query.values import Datum
from local.timestream.rules.schema import DIMENSION

Result = tuple[list[dict[str, Any]], list[list[Datum]]]
"""ColumnInfo and the rows' Data."""

_NAME = r'(?:"(?P<{0}_quoted>(?:[^"]|"")+)"|(?P<{0}>[\w.-]+?))'
_DATABASE = _NAME.format("database")
_TABLE = rf"{_DATABASE}\s*\.\s*{_NAME.format('table')}"
_LIKE = r"(?:\s+LIKE\s+'(?P<like>(?:[^']|'')*)')?"
_FORMS = {
    kind: re.compile(rf"\s*{form}\s*;?\s*", re.IGNORECASE)
    for kind, form in (
        ("databases", rf"SHOW\s+(?:DATABASES|SCHEMAS){_LIKE}"),
        ("tables", rf"SHOW\s+TABLES\s+(?:FROM|IN)\s+{_DATABASE}{_LIKE}"),
        ("measures", rf"SHOW\s+MEASURES\s+(?:FROM|IN)\s+{_TABLE}{_LIKE}"),
        ("describe", rf"(?:DESCRIBE|DESC|SHOW\s+COLUMNS\s+(?:FROM|IN))\s+{_TABLE}"),
    )
}


class Listing(msgspec.Struct, frozen=True):
    """A statement that lists names: of which kind, of what, and like what."""

    kind: str
    database: str | None
    table: str | None
    like: str | None


def read_listing(statement: Statement) -> Listing | None:
    """The SHOW or DESCRIBE a statement is; None for any other. Raises ValidationException."""
    first = statement.tokens[0].text.upper()
    if first not in ("SHOW", "DESCRIBE", "DESC"):
        return None
    for kind, form in _FORMS.items():
        if found := form.fullmatch(statement.text):
            parts = found.groupdict()
            like = parts.get("like")
            return Listing(
                kind,
                _name(parts, "database"),
                _name(parts, "table"),
                None if like is None else like.replace("''", "'"),
            )
    place = statement.tokens[1] if len(statement.tokens) > 1 else statement.tokens[0]
    raise invalid_syntax(statement.text, place.start, f"'{place.text}'")


def _name(parts: dict[str, str | None], name: str) -> str | None:
    written = parts.get(f"{name}_quoted")
    return written.replace('""', '"') if written else parts.get(name)


def show_names(title: str, names: Iterable[str], like: str | None) -> Result:
    """SHOW DATABASES or SHOW TABLES: one column."""
    matches = _like(like)
    return [_column(title)], [[_text(name)] for name in sorted(names) if matches(name)]


def show_measures(
    measure_names: dict[str, str], dimensions_of: dict[str, list[str]], like: str | None
) -> Result:
    """SHOW MEASURES: each measure name with its type and the dimensions of its records."""
    matches = _like(like)
    row = [{"Name": name, "Type": {"ScalarType": "VARCHAR"}} for name in ("dimension_name", "data_type")]
    dimensions = {"ArrayColumnInfo": {"Type": {"RowColumnInfo": row}}}
    columns = [_column("measure_name"), _column("data_type"), {"Name": "dimensions", "Type": dimensions}]
    rows = [
        [
            _text(name),
            _text(kind.lower()),
            {
                "ArrayValue": [
                    {"RowValue": {"Data": [_text(dimension), _text("varchar")]}}
                    for dimension in dimensions_of.get(name, [])
                ]
            },
        ]
        for name, kind in sorted(measure_names.items())
        if matches(name)
    ]
    return columns, rows


def describe(types: dict[str, str], shown: list[str]) -> Result:
    """DESCRIBE: every column in the order of SELECT *, its type, and what it is in Timestream."""
    columns = [_column(name) for name in ("Column", "Type", "Timestream attribute type")]
    rows = [[_text(name), _text(kind), _text(role)] for name in shown for kind, role in [_told(name, types)]]
    return columns, rows


def _told(name: str, types: dict[str, str]) -> tuple[str, str]:
    if name not in types:
        return ("varchar", "MEASURE_NAME") if name == "measure_name" else ("timestamp", "TIMESTAMP")
    if types[name] == DIMENSION:
        return "varchar", "DIMENSION"
    role = "MEASURE_VALUE" if name.startswith("measure_value::") else "MULTI"
    return types[name].lower(), role


def _column(name: str) -> dict[str, Any]:
    return {"Name": name, "Type": {"ScalarType": "VARCHAR"}}


def _text(value: str) -> Datum:
    return {"ScalarValue": value}


def _like(pattern: str | None) -> Callable[[str], bool]:
    if pattern is None:
        return lambda _: True
    if len(pattern) > 512:
        message = "The pattern of LIKE is longer than 512 characters"
        raise invalid(message)
    parts = {"%": ".*", "_": "."}
    written = "".join(parts.get(sign) or re.escape(sign) for sign in pattern)
    return re.compile(written, re.DOTALL).fullmatch  # type: ignore[return-value]
