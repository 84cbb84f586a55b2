"""A dashboard's query -> the SQL that reaches the store: variables by the browser, macros by the backend."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from deploy.grafana.plugin import variables as browser
from deploy.grafana.plugin.variables import UnknownVariableError, Variables

TIMESTREAM = "grafana-timestream-datasource"
POSTGRES = "grafana-postgresql-datasource"


@dataclass(frozen=True)
class Defaults:
    """What a Timestream data source says of queries that name no database, table or measure."""

    database: str = '"beacon-blog-db"'
    table: str = '"beacon-blog-table"'
    measure: str = ""


DEFAULTS = Defaults()
"""Those of the provisioned data source."""


def expand(
    target: Mapping[str, Any],
    variables: Variables,
    range_from_ms: int,
    range_to_ms: int,
    interval_ms: int,
    defaults: Defaults = DEFAULTS,
) -> str:
    """The SQL of one target of a panel, for its data source's type: Timestream or PostgreSQL.

    `range_*_ms` is the dashboard's time range in epoch ms, `interval_ms` what Grafana works out of it and the
    panel's width. Raises UnknownVariableError.
    """
    clock = {"__from": str(range_from_ms), "__to": str(range_to_ms)}
    if target["datasource"]["type"] == POSTGRES:
        times = {"__interval": interval_text(interval_ms), "__interval_ms": str(interval_ms)}
        sql = browser.replace(target["rawSql"], {**variables, **clock, **times}, browser.quoted_lists)
        return _postgres_macros(sql, range_from_ms, range_to_ms)
    sql = browser.replace(target["rawQuery"], {**variables, **clock}, browser.quoted_lists)
    named = {
        key: browser.replace(target.get(key) or "", variables) for key in ("database", "table", "measure")
    }
    return _timestream_macros(sql, named, defaults, range_from_ms, range_to_ms, interval_ms)


def expand_variable(
    variable: Mapping[str, Any],
    variables: Variables,
    range_from_ms: int,
    range_to_ms: int,
    defaults: Defaults = DEFAULTS,
) -> str:
    """The SQL of a query variable. Timestream's plugin formats other variables in it as the browser does
    (`{a,b}` without quotes), and gives it no interval."""
    sql = variable["query"]
    if variable["datasource"]["type"] == POSTGRES:
        sql = browser.replace(sql, variables, browser.quoted_lists)
        return _postgres_macros(sql, range_from_ms, range_to_ms)
    sql = browser.replace(sql, variables)
    return _timestream_macros(sql, _NAMES_NOTHING, defaults, range_from_ms, range_to_ms, 0)


_NAMES_NOTHING = {"database": "", "table": "", "measure": ""}


def _timestream_macros(
    sql: str, named: Mapping[str, str], defaults: Defaults, from_ms: int, to_ms: int, interval_ms: int
) -> str:
    values = {
        "$__interval_raw_ms": str(interval_ms),
        "$__interval_ms": f"{interval_ms}ms",
        "$__interval": f"{interval_ms}ms",
        "$__timeFilter": f"time BETWEEN from_milliseconds({from_ms}) AND from_milliseconds({to_ms})",
        "$__timeFrom": str(from_ms),
        "$__timeTo": str(to_ms),
        "$__now_ms": str(to_ms),
        **{f"$__{key}": _or_default(value, getattr(defaults, key)) for key, value in named.items()},
    }
    for macro in sorted(values, key=len, reverse=True):
        if values[macro]:
            sql = sql.replace(macro, values[macro])
    return sql


def _or_default(value: str, default: str) -> str:
    return default if not value or value.startswith("${") else value


_CALL = re.compile(r"\$(__\w+)\(([^)]*)\)")


def _postgres_macros(sql: str, from_ms: int, to_ms: int) -> str:
    begin, end = _rfc3339(from_ms), _rfc3339(to_ms)

    def value_of(found: re.Match[str]) -> str:
        match found[1]:
            case "__timeFilter":
                return f"{found[2]} BETWEEN '{begin}' AND '{end}'"
            case "__timeFrom":
                return f"'{begin}'"
            case "__timeTo":
                return f"'{end}'"
        message = f"macro {found[0]}; known are $__timeFilter(column), $__timeFrom() and $__timeTo()"
        raise UnknownVariableError(message)

    return _CALL.sub(value_of, sql)


def _rfc3339(epoch_ms: int) -> str:
    """As Go writes RFC 3339 with a fraction: without the zeros at its end."""
    whole, ms = divmod(epoch_ms, 1_000)
    fraction = f".{ms:03}".rstrip("0") if ms else ""
    return f"{datetime.fromtimestamp(whole, UTC):%Y-%m-%dT%H:%M:%S}{fraction}Z"


_UNITS = ((86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s"))


def interval_text(interval_ms: int) -> str:
    """An interval as Grafana writes it: `10s`, `1m`, `250ms`, in its largest whole unit."""
    for unit_ms, name in _UNITS:
        if interval_ms and interval_ms % unit_ms == 0:
            return f"{interval_ms // unit_ms}{name}"
    return f"{interval_ms}ms"
