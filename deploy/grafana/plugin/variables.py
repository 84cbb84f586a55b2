"""Dashboard variables, as Grafana's browser puts them into a query."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from beacon_job.types.errors import BeaconError

ALL = "$__all"
"""The value of "All" in the address of a dashboard: `var-cdn=$__all`."""


class AllValue(str):
    """What a variable's `allValue` says stands for "All": it goes into a query as it is, in any format."""


Value = str | list[str]
"""One value, or those of a multi-value variable."""
Variables = Mapping[str, Value]


class UnknownVariableError(BeaconError):
    """A value that a dashboard does not offer, or a format that is not known here."""


_REFERENCE = re.compile(r"\$(\w+)|\$\{(\w+)(?::(\w+))?\}|\[\[(\w+)(?::(\w+))?\]\]")

_ESCAPED = {"'": "''", '"': '\\"'}


def _sqlstring(value: Value) -> str:
    values = [value] if isinstance(value, str) else value
    return ",".join("'" + re.sub("['\"]", lambda found: _ESCAPED[found[0]], one) + "'" for one in values)


def _glob(value: Value) -> str:
    if isinstance(value, str):
        return value
    return value[0] if len(value) == 1 else "{" + ",".join(value) + "}"


def _csv(value: Value) -> str:
    return value if isinstance(value, str) else ",".join(value)


def quoted_lists(value: Value) -> str:
    """The Timestream plugin's own format: lists are quoted, single values are not."""
    if isinstance(value, str):
        return value
    return ",".join("'" + one.replace("'", "''") + "'" for one in value)


_FORMATS: dict[str, Callable[[Value], str]] = {
    "csv": _csv,
    "glob": _glob,
    "raw": _csv,
    "sqlstring": _sqlstring,
}


def replace(text: str, variables: Variables, plain: Callable[[Value], str] = _glob) -> str:
    """`$name`, `${name}`, `[[name]]` and `${name:format}` replaced; those of no variable stay as they are.

    `plain` formats what names no format: the browser's `{a,b}`, unless the data source brings its own.
    Raises UnknownVariableError for a format that is not known here.
    """

    def value_of(found: re.Match[str]) -> str:
        name = found[1] or found[2] or found[4]
        format_name = found[3] or found[5]
        if name not in variables:
            return found[0]
        value = variables[name]
        if isinstance(value, AllValue):
            return value
        if not format_name:
            return plain(value)
        if format_name not in _FORMATS:
            message = f"format {format_name!r} of variable {name}; known are {', '.join(_FORMATS)}"
            raise UnknownVariableError(message)
        return _FORMATS[format_name](value)

    return _REFERENCE.sub(value_of, text)


def chosen(dashboard: Mapping[str, Any], values: Mapping[str, Value]) -> dict[str, Value]:
    """The variables of a dashboard with these values (as in its address: `$__all` for All) or their defaults.

    Values of no variable of it are left out. Raises UnknownVariableError for a value that a custom variable
    does not offer: those stand in a query as they are, for example as the name of a column.
    """
    found: dict[str, Value] = {}
    for variable in dashboard["templating"]["list"]:
        name = variable["name"]
        value = values.get(name, variable.get("current", {}).get("value", variable.get("query", "")))
        if variable["type"] == "custom":
            _check_offered(variable, value)
        if value in (ALL, [ALL]):
            value = AllValue(variable["allValue"])
        found[name] = [value] if variable.get("multi") and type(value) is str else value
    return found


def _check_offered(variable: Mapping[str, Any], value: Value) -> None:
    offered = [option["value"] for option in variable["options"]]
    for one in [value] if isinstance(value, str) else value:
        if one not in offered:
            message = f"{variable['name']} is {one!r}; this dashboard offers {', '.join(offered)}"
            raise UnknownVariableError(message)
