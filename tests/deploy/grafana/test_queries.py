"""What every query keeps to, whatever it asks: it is bounded, typed, and asked so that nothing is lost."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from deploy.grafana.plugin import chosen, expand, expand_variable
from tests.deploy.grafana.conftest import FROM_MS, TO_MS
from tests.deploy.grafana.stores import NAMES, Dashboards, Timestream, dashboard, panels

STORES = {"timestream": "trino", "postgres": "postgres"}
DURATION = re.compile(r"\b(\d+)(ms|s)\b")
"""Of Timestream alone."""
PANELS = [
    (store, name, panel) for store in STORES for name in NAMES for panel in panels(dashboard(store, name))
]
KINDS = {"timeseries": {"number"}, "stat": {"number"}, "barchart": {"number"}, "state-timeline": {"string"}}
"""Kind of panel -> types of the fields it can draw; a table draws all."""


def label(value: Any) -> str:
    return f"{value['id']}-{value['title'].replace(' ', '-')}" if isinstance(value, dict) else str(value)


def statements() -> Iterator[Any]:
    """(store, place, SQL) of every panel and variable."""
    for store, name, panel in PANELS:
        variables = chosen(dashboard(store, name), {})
        for target in panel["targets"]:
            sql = expand(target, variables, FROM_MS, TO_MS, 10_000)
            yield pytest.param(store, sql, id=f"{store}-{name}-{panel['id']}")
    for store in STORES:
        for name in NAMES:
            for variable in dashboard(store, name)["templating"]["list"]:
                if variable["type"] == "query":
                    sql = expand_variable(variable, {}, FROM_MS, TO_MS)
                    yield pytest.param(store, sql, id=f"{store}-{name}-{variable['name']}")


@pytest.mark.parametrize(("store", "sql"), list(statements()))
def test_every_table_is_read_by_time_and_measure_name(store: str, sql: str) -> None:
    tree = sqlglot.parse_one(DURATION.sub(r"\1", sql), dialect=STORES[store])
    named = {expression.alias for expression in tree.find_all(exp.CTE)}
    reading = [
        select
        for select in tree.find_all(exp.Select)
        if isinstance(select.args["from_"].this, exp.Table) and select.args["from_"].this.name not in named
    ]
    assert reading
    for select in reading:
        conditions = list(select.args["where"].this.flatten()) if select.args.get("where") else []
        between = [condition for condition in conditions if isinstance(condition, exp.Between)]
        by_name = [condition for condition in conditions if isinstance(condition, exp.EQ | exp.In)]
        assert "time" in {condition.this.name for condition in between}, select.sql()
        assert "measure_name" in {condition.this.name for condition in by_name}, select.sql()


@pytest.mark.parametrize(("store", "sql"), list(statements()))
def test_nothing_of_a_macro_or_variable_is_left(store: str, sql: str) -> None:
    assert "$" not in sql
    assert "{{" not in sql


@pytest.mark.parametrize(("store", "name", "panel"), PANELS, ids=label)
def test_a_query_is_asked_as_its_plugin_wants_it(store: str, name: str, panel: dict[str, Any]) -> None:
    (target,) = panel["targets"]
    series = panel["type"] == "timeseries"
    if store == "postgres":
        assert target["format"] == ("time_series" if series else "table")
        assert target["rawQuery"] is True
    else:
        # Not True and False, which Grafana's plugin refuses as it refuses texts.
        assert type(target["format"]) is int
        assert target["format"] == int(series)
        assert target["waitForResult"] is True
        assert target.keys() == {
            "refId", "datasource", "rawQuery", "format", "waitForResult", "database", "table", "measure",
        }  # fmt: skip


@pytest.mark.parametrize(("store", "name", "panel"), PANELS, ids=label)
def test_every_column_of_an_answer_is_described_and_no_other(
    store: str, name: str, panel: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    found: Dashboards = request.getfixturevalue("timestream" if store == "timestream" else "in_postgres")
    types = found.ask(name, panel["id"]).types
    described = {override["matcher"]["options"] for override in panel["fieldConfig"]["overrides"]}
    if panel["type"] in ("timeseries", "state-timeline"):
        assert types.pop("time") == "time"
    assert types.keys() == described
    assert {*types.values()} <= KINDS.get(panel["type"], {*types.values()})


@pytest.mark.parametrize("name", NAMES)
def test_both_stores_type_an_answer_alike(name: str, timestream: Dashboards, in_postgres: Dashboards) -> None:
    for panel in panels(dashboard("timestream", name)):
        assert timestream.ask(name, panel["id"]).types == in_postgres.ask(name, panel["id"]).types


@pytest.mark.parametrize("name", NAMES)
def test_both_stores_give_the_same_rows(name: str, timestream: Dashboards, in_postgres: Dashboards) -> None:
    variables = {"session": "session-20", "min_n": "1"} if name != "blog" else {}
    for panel in panels(dashboard("timestream", name)):
        one, other = (found.ask(name, panel["id"], variables).rows for found in (timestream, in_postgres))
        assert len(one) == len(other)
        for left, right in zip(_sorted(one), _sorted(other), strict=True):
            assert left == pytest.approx(right), panel["title"]


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: [str(value)[:6] for value in row.values()])


@pytest.mark.parametrize("name", NAMES)
def test_a_query_of_another_time_reads_nothing(name: str, timestream: Dashboards) -> None:
    before = Dashboards(timestream.store, FROM_MS - 7_200_000, FROM_MS - 3_600_000)
    for panel in panels(dashboard("timestream", name)):
        rows = before.ask(name, panel["id"]).rows
        assert len(rows) <= 1
        figures = (value for row in rows for field, value in row.items() if field != "n")
        assert {value for value in figures if value not in (0, None)} == set()


@pytest.mark.parametrize("name", NAMES)
def test_half_of_the_time_costs_less_to_read(name: str, timestream: Dashboards) -> None:
    """By the stand-in's model of the bytes that the service bills."""
    half = Dashboards(timestream.store, FROM_MS, FROM_MS + 3 * 60_000)
    assert isinstance(timestream.store, Timestream)
    asked = [panel for panel in panels(dashboard("timestream", name)) if panel["title"] != "Viewers"]
    for panel in asked:
        scanned = []
        for found in (half, timestream):
            found.ask(name, panel["id"], interval_ms=60_000)
            scanned.append(timestream.store.scanned_bytes)
        assert scanned[0] <= scanned[1], panel["title"]
        if name in ("quality", "pipeline") and panel["title"] != "Errors":
            assert 0 < scanned[0] < scanned[1], panel["title"]
