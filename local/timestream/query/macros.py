"""Functions of Timestream that DuckDB lacks or has with another meaning, as macros of DuckDB.

No macro has two forms with as many parameters: which one DuckDB takes for an aggregate cannot be relied on.
"""

import re

_MOST_ITEMS = 10_000
"""Of an array that a function makes of nothing, as in Trino."""
MOST_CHARS = 1_000_000
"""Of a text that a function makes: DuckDB's own limit of memory does not count texts inside expressions."""

_MONTHS = "(datepart('year', i) * 12 + datepart('month', i))"
_STEPS = "((epoch_ns(b) - epoch_ns(a)) // ts_interval_ns(i))"

_BEFORE = "list_filter(ts, lambda p: p.time <= t AND p.value IS NOT NULL)[-1]"
_AFTER = "list_filter(ts, lambda p: p.time >= t AND p.value IS NOT NULL)[1]"
_SLOPE = (
    "(ts[k].value - ts[k - 1].value)::DOUBLE"
    " / ((epoch_ns(ts[k].time) - epoch_ns(ts[k - 1].time))::DOUBLE / ts_interval_ns(i))"
)


def _too_many(count: str, otherwise: str, function: str) -> str:
    message = f"result of {function} function must not have more than {_MOST_ITEMS} entries"
    return f"CASE WHEN {count} > {_MOST_ITEMS} THEN error('{message}') ELSE {otherwise} END"


def _rounded(cast: str, kind: str) -> str:
    # DuckDB rounds halves to the even neighbour, the service away from zero.
    return (
        f"CASE WHEN typeof(a) = 'DOUBLE' THEN {cast}(round(TRY_CAST(a AS DOUBLE)) AS {kind}) "
        f"ELSE {cast}(a AS {kind}) END"
    )


_END = f"least(b, a + {_MOST_ITEMS})"
_STEPPED_END = f"CASE WHEN (b - a) // i > {_MOST_ITEMS} THEN a ELSE b END"
_SHORT = f"CASE WHEN length(a) * length(c) > {MOST_CHARS} THEN '' ELSE a END"
"""DuckDB works out constants in branches that are not taken as well."""

MACROS: dict[str, str] = {
    # --- operators: with `integer_division` DuckDB's own / keeps whole numbers whole, but knows no infinity
    "ts_divide": (
        "(a, b) AS CASE WHEN b = 0 AND typeof(a / b) <> 'DOUBLE' THEN error('Division by zero')"
        " WHEN b = 0 AND a > 0 THEN 'Infinity' WHEN b = 0 AND a < 0 THEN '-Infinity' WHEN b = 0 THEN 'NaN'"
        " ELSE a / b END"
    ),
    "ts_mod": (
        "(a, b) AS CASE WHEN b = 0 AND typeof(a % b) <> 'DOUBLE' THEN error('Division by zero')"
        " ELSE a % b END"
    ),
    # --- casts
    "ts_to_bigint": f"(a) AS {_rounded('CAST', 'BIGINT')}",
    "ts_to_integer": f"(a) AS {_rounded('CAST', 'INTEGER')}",
    "ts_try_bigint": f"(a) AS {_rounded('TRY_CAST', 'BIGINT')}",
    "ts_try_integer": f"(a) AS {_rounded('TRY_CAST', 'INTEGER')}",
    "ts_to_varchar": (
        "(a) AS CASE WHEN typeof(a) LIKE 'TIMESTAMP%' "
        "THEN strftime(TRY_CAST(a AS TIMESTAMP_NS), '%Y-%m-%d %H:%M:%S.%n') ELSE CAST(a AS VARCHAR) END"
    ),
    # --- time
    "ts_interval_ns": (
        f"(i) AS CASE WHEN {_MONTHS} <> 0 THEN error('A month or year has no fixed length') "
        "WHEN epoch_us(i) = 0 THEN error('The interval must not be zero') ELSE epoch_us(i) * 1000 END"
    ),
    "ts_bin": (
        f"(t TIMESTAMP_NS, i INTERVAL) AS CASE WHEN {_MONTHS} > 0 "
        "THEN CAST(time_bucket(i, CAST(t AS TIMESTAMP), TIMESTAMP '1970-01-01') AS TIMESTAMP_NS) "
        "ELSE make_timestamp_ns("
        "epoch_ns(t) - ((epoch_ns(t) % ts_interval_ns(i)) + ts_interval_ns(i)) % ts_interval_ns(i)) END"
    ),
    "ts_date_diff": ("(u, a, b) AS date_sub(u, CAST(a AS TIMESTAMP_NS), CAST(b AS TIMESTAMP_NS))"),
    "ts_date_trunc": "(u, t) AS CAST(date_trunc(u, t) AS TIMESTAMP_NS)",
    "ts_from_milliseconds": "(n BIGINT) AS make_timestamp_ns(n * 1000000)",
    "ts_from_nanoseconds": "(n BIGINT) AS make_timestamp_ns(n)",
    "ts_from_unixtime": "(n DOUBLE) AS make_timestamp_ns(CAST(round(n * 1000) AS BIGINT) * 1000000)",
    "ts_to_milliseconds": "(t) AS epoch_ns(t) // 1000000",
    "ts_to_nanoseconds": "(t) AS epoch_ns(t)",
    "ts_to_unixtime": "(t TIMESTAMP_NS) AS epoch_ns(t) / 1e9",
    "ts_from_iso8601_timestamp": (
        "(s VARCHAR) AS CAST(CAST(s AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP_NS)"
    ),
    "ts_from_iso8601_date": "(s VARCHAR) AS CAST(s AS DATE)",
    "ts_to_iso8601": (
        "(t) AS CASE WHEN typeof(t) = 'DATE' THEN strftime(t, '%Y-%m-%d') "
        "ELSE strftime(CAST(t AS TIMESTAMP_NS), '%Y-%m-%dT%H:%M:%S.%gZ') END"
    ),
    "ts_date": "(t) AS CAST(t AS DATE)",
    "ts_millisecond": "(t TIMESTAMP_NS) AS (epoch_ns(t) // 1000000) % 1000",
    "ts_day_of_week": "(t) AS isodow(t)",
    # --- arrays
    "ts_sequence": (
        f"(a BIGINT, b BIGINT) AS {_too_many('b - a', f'generate_series(a, {_END})', 'sequence')},"
        f" (a BIGINT, b BIGINT, i BIGINT) AS CASE WHEN i = 0 THEN error('The step must not be zero') ELSE "
        f"{_too_many('(b - a) // i', f'generate_series(a, {_STEPPED_END}, i)', 'sequence')} END"
    ),
    "ts_time_sequence": (
        "(a TIMESTAMP_NS, b TIMESTAMP_NS, i INTERVAL) AS "
        + _too_many(
            _STEPS,
            f"list_transform(range(0, least({_STEPS}, {_MOST_ITEMS}) + 1), lambda k: "
            "make_timestamp_ns(epoch_ns(a) + k * ts_interval_ns(i)))",
            "sequence",
        )
    ),
    "ts_repeat": "(a, n) AS "
    + _too_many("n", f"list_transform(range(least(n, {_MOST_ITEMS})), lambda k: a)", "repeat"),
    "ts_array_position": "(a, v) AS CAST(list_position(a, v) AS BIGINT)",
    "ts_slice": "(a, n, m) AS list_slice(a, n, n + m - 1)",
    "ts_any_match": "(a, f) AS len(list_filter(a, f)) > 0",
    "ts_all_match": "(a, f) AS len(list_filter(a, f)) = len(a)",
    "ts_none_match": "(a, f) AS len(list_filter(a, f)) = 0",
    "ts_array_except": "(a, b) AS list_distinct(list_filter(a, lambda x: NOT list_contains(b, x)))",
    "ts_array_remove": "(a, v) AS list_filter(a, lambda x: x <> v)",
    "ts_array_union": "(a, b) AS list_distinct(list_concat(a, b))",
    # --- texts
    "ts_split_part": "(s VARCHAR, d VARCHAR, n BIGINT) AS string_split(s, d)[n]",
    "ts_replace": (
        f"(a VARCHAR, b VARCHAR) AS replace(a, b, ''), (a VARCHAR, b VARCHAR, c VARCHAR) AS "
        f"CASE WHEN length(a) * length(c) > {MOST_CHARS} THEN error('Replaced string is too large') "
        f"ELSE replace({_SHORT}, b, c) END"
    ),
    "ts_regexp_replace": (
        "(a VARCHAR, b VARCHAR) AS regexp_replace(a, b, '', 'g'), (a VARCHAR, b VARCHAR, c VARCHAR) AS "
        f"CASE WHEN length(a) * length(c) > {MOST_CHARS} THEN error('Replaced string is too large') "
        rf"ELSE regexp_replace({_SHORT}, b, regexp_replace(c, '\$(\d)', '\\\1', 'g'), 'g') END"
    ),
    **{
        f"ts_{name}": (
            f"(a VARCHAR, n BIGINT, p VARCHAR) AS CASE WHEN n > {_MOST_ITEMS} "
            f"THEN error('Padded string is too large') "
            f"ELSE {name}(a, CAST(least(n, {_MOST_ITEMS}) AS INTEGER), p) END"
        )
        for name in ("lpad", "rpad")
    },
    # --- numbers
    "ts_truncate": "(a DOUBLE) AS trunc(a)",
    "ts_log": "(b DOUBLE, a DOUBLE) AS ln(a) / ln(b)",
    "ts_is_finite": "(a DOUBLE) AS isfinite(a)",
    "ts_infinity": "() AS CAST('Infinity' AS DOUBLE)",
    "ts_nan": "() AS CAST('NaN' AS DOUBLE)",
    "ts_e": "() AS exp(1e0)",
    "ts_bitwise_and": "(a BIGINT, b BIGINT) AS a & b",
    "ts_bitwise_or": "(a BIGINT, b BIGINT) AS a | b",
    "ts_bitwise_xor": "(a BIGINT, b BIGINT) AS xor(a, b)",
    "ts_bitwise_not": "(a BIGINT) AS ~a",
    "ts_width_bucket": (
        "(x DOUBLE, a DOUBLE, b DOUBLE, n BIGINT) AS CASE WHEN x < a THEN 0::BIGINT WHEN x >= b THEN n + 1 "
        "ELSE CAST(floor((x - a) / (b - a) * n) AS BIGINT) + 1 END"
    ),
    # --- JSON
    "ts_json_array_length": "(s VARCHAR) AS CAST(json_array_length(s) AS BIGINT)",
    # --- time series
    "ts_create_time_series": "(t TIMESTAMP_NS, v) AS list({'time': t, 'value': v} ORDER BY t)",
    "ts_interpolate_locf": (
        f"(ts, s TIMESTAMP_NS[]) AS list_transform(s, lambda t: {{'time': t, 'value': {_BEFORE}.value}})"
    ),
    "ts_interpolate_fill": (
        "(ts, s TIMESTAMP_NS[], f) AS list_transform(s, lambda t: {'time': t, 'value': "
        "coalesce(list_filter(ts, lambda p: p.time = t)[1].value, f)})"
    ),
    "ts_between": (
        f"(ts, t) AS CASE WHEN {_BEFORE} IS NULL OR {_AFTER} IS NULL THEN NULL "
        f"WHEN {_BEFORE}.time = {_AFTER}.time THEN CAST({_BEFORE}.value AS DOUBLE) ELSE {_BEFORE}.value + "
        f"({_AFTER}.value - {_BEFORE}.value)::DOUBLE * (epoch_ns(t) - epoch_ns({_BEFORE}.time))::DOUBLE "
        f"/ (epoch_ns({_AFTER}.time) - epoch_ns({_BEFORE}.time))::DOUBLE END"
    ),
    "ts_interpolate_linear": (
        "(ts, s TIMESTAMP_NS[]) AS list_transform(s, lambda t: {'time': t, 'value': ts_between(ts, t)})"
    ),
    "ts_derivative_linear": (
        f"(ts, i INTERVAL) AS list_transform(range(2, len(ts) + 1), lambda k: {{'time': ts[k].time, "
        f"'value': {_SLOPE}}})"
    ),
    "ts_non_negative_derivative_linear": (
        "(ts, i INTERVAL) AS list_transform(range(2, len(ts) + 1), lambda k: {'time': ts[k].time, "
        f"'value': CASE WHEN ts[k].value >= ts[k - 1].value THEN {_SLOPE} END}})"
    ),
    "ts_integral": (
        "(ts, i) AS list_sum(list_transform(range(2, len(ts) + 1), lambda k: (ts[k].value + ts[k - 1].value)"
        "::DOUBLE / 2 * (epoch_ns(ts[k].time) - epoch_ns(ts[k - 1].time))::DOUBLE / ts_interval_ns(i)))"
    ),
    "ts_integral_trapezoidal": (
        "(ts) AS ts_integral(ts, INTERVAL '1' SECOND), (ts, i INTERVAL) AS ts_integral(ts, i)"
    ),
}
"""Macro -> what follows `CREATE MACRO <name>`."""

COPIES = {
    name: max(len(re.findall(rf"\b{parameter}\b", body)) - 1 for parameter in ("a", "b", "t", "i", "ts", "n"))
    for name, body in MACROS.items()
}
"""Macro -> how many times at most it writes out one argument, macros inside it not counted."""
