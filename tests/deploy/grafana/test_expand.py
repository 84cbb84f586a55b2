"""Variables and macros, as Grafana's browser and its two data sources replace them."""

from typing import Any

import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st

from deploy.grafana.plugin import (
    AllValue,
    Defaults,
    UnknownVariableError,
    Variables,
    chosen,
    expand,
    expand_variable,
)

IN_RANGE = "time BETWEEN from_milliseconds(1700000000000) AND from_milliseconds(1700003600500)"
FROM_MS, TO_MS = 1_700_000_000_000, 1_700_003_600_500


def timestream(sql: str, variables: Variables | None = None, **target: str) -> str:
    asked = {"datasource": {"type": "grafana-timestream-datasource"}, "rawQuery": sql, **target}
    return expand(asked, variables or {}, FROM_MS, TO_MS, 10_000, Defaults('"db"', '"t"', "m"))


def postgres(sql: str, variables: Variables | None = None) -> str:
    asked = {"datasource": {"type": "grafana-postgresql-datasource"}, "rawSql": sql}
    return expand(asked, variables or {}, FROM_MS, TO_MS, 10_000)


@pytest.mark.parametrize(
    ("macro", "text"),
    [
        ("$__timeFilter", IN_RANGE),
        ("$__timeFilter()", f"{IN_RANGE}()"),
        ("$__timeFrom..$__timeTo", "1700000000000..1700003600500"),
        ("$__now_ms", "1700003600500"),
        ("$__interval", "10000ms"),
        ("$__interval_ms", "10000ms"),
        ("$__interval_raw_ms", "10000"),
        ("$__database.$__table $__measure", '"db"."t" m'),
        ("${__from} ${__to}", "1700000000000 1700003600500"),
    ],
)
def test_macros_of_timestream_are_replaced_as_its_plugin_does(macro: str, text: str) -> None:
    assert timestream(macro) == text


def test_a_target_names_its_own_database_and_table_unless_they_are_variables_nobody_replaced() -> None:
    assert timestream("$__database.$__table", database='"own"', table="${nobody}") == '"own"."t"'


@pytest.mark.parametrize(
    ("macro", "text"),
    [
        (
            "$__timeFilter(time)",
            "time BETWEEN '2023-11-14T22:13:20Z' AND '2023-11-14T23:13:20.5Z'",
        ),
        ("$__timeFrom()", "'2023-11-14T22:13:20Z'"),
        ("$__timeTo()", "'2023-11-14T23:13:20.5Z'"),
        ("'$__interval' $__interval_ms", "'10s' 10000"),
    ],
)
def test_macros_of_postgresql_are_replaced_as_its_data_source_does(macro: str, text: str) -> None:
    assert postgres(macro) == text


def test_a_macro_of_postgresql_that_no_dashboard_uses_is_refused_by_name() -> None:
    with pytest.raises(UnknownVariableError, match="__unixEpochFilter"):
        postgres("$__unixEpochFilter(time)")


@pytest.mark.parametrize(
    ("text", "value", "becomes"),
    [
        ("$cdn", ["a", "b'c"], "'a','b''c'"),
        ("${cdn}", ["a"], "'a'"),
        ("[[cdn]]", "a'b", "a'b"),
        ("${cdn:sqlstring}", "a'b", "'a''b'"),
        ("${cdn:sqlstring}", ["a", "b"], "'a','b'"),
        ("${cdn:raw}", "a'b", "a'b"),
        ("${cdn:csv}", ["a", "b"], "a,b"),
        ("${cdn:sqlstring}", AllValue("'*'"), "'*'"),
        ("${other} $other", "a", "${other} $other"),
    ],
)
@pytest.mark.parametrize("source", [timestream, postgres])
def test_variables_in_a_panel_are_quoted_as_lists_are(
    source: Any, text: str, value: str | list[str], becomes: str
) -> None:
    assert source(text, {"cdn": value}) == becomes


def test_variables_in_a_query_of_timestream_for_a_variable_are_formatted_by_the_browser() -> None:
    variable = {
        "datasource": {"type": "grafana-timestream-datasource"},
        "query": "$cdn ${cdn:sqlstring} $__timeFrom",
    }
    assert expand_variable(variable, {"cdn": ["a", "b"]}, 1, 2) == "{a,b} 'a','b' 1"


def test_an_unknown_format_is_refused_by_name() -> None:
    with pytest.raises(UnknownVariableError, match="percentencode"):
        timestream("${cdn:percentencode}", {"cdn": "a"})


ALL = {"value": ["$__all"]}
DASHBOARD = {
    "templating": {
        "list": [
            {"name": "cdn", "type": "query", "multi": True, "allValue": "'*'", "current": ALL},
            {
                "name": "by",
                "type": "custom",
                "options": [{"value": "cdn"}, {"value": "os"}],
                "current": {"value": "cdn"},
            },
            {"name": "session", "type": "textbox", "query": "1", "current": {"value": "1"}},
        ]
    }
}


def test_variables_that_are_not_chosen_have_their_defaults() -> None:
    assert chosen(DASHBOARD, {"session": "9"}) == {"cdn": "'*'", "by": "cdn", "session": "9"}


def test_all_of_a_variable_is_its_all_value_and_stays_unquoted() -> None:
    assert isinstance(chosen(DASHBOARD, {"cdn": "$__all"})["cdn"], AllValue)


def test_one_value_of_a_multi_value_variable_is_a_list() -> None:
    assert chosen(DASHBOARD, {"cdn": "edge"})["cdn"] == ["edge"]


def test_a_custom_variable_takes_only_what_it_offers() -> None:
    with pytest.raises(UnknownVariableError, match="offers cdn, os"):
        chosen(DASHBOARD, {"by": "1; DROP TABLE qoe"})


@given(st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters='\0"$'), max_size=30))
def test_whatever_a_person_types_is_one_text_in_the_query(typed: str) -> None:
    sql = timestream("SELECT ${session:sqlstring}", {"session": typed})
    (literal,) = sqlglot.parse_one(sql, dialect="trino").expressions
    assert (literal.is_string, literal.this) == (True, typed)
