"""Alert rules: what they ask of known viewers of this hour, whom they wake, and how their file is made."""

import time
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from deploy.grafana.__main__ import HERE
from deploy.grafana.alerts import MIN_N, RULES, alerts
from deploy.grafana.dialects import DIALECTS
from tests.deploy.grafana.conftest import recent_ms
from tests.deploy.grafana.stores import Postgres, Table, Timestream
from tests.deploy.grafana.world import BROKEN, FAILING, STALLING, View, views

Store = Timestream | Postgres


@pytest.fixture(scope="module")
def crowd() -> list[View]:
    """The viewers of the recent world."""
    return views(recent_ms())


def rule(store: str, name: str) -> dict[str, Any]:
    """From the committed file."""
    loaded = yaml.safe_load((HERE / store / "provisioning/alerting/beacon.yaml").read_text())
    (found,) = [one for one in loaded["groups"][0]["rules"] if one["uid"] == f"beacon-{name}-{store}"]
    return dict(found)


def sql(store: str, name: str) -> str:
    model = rule(store, name)["data"][0]["model"]
    return str(model["rawSql"] if store == "postgres" else model["rawQuery"])


def asked(store: Store, name: str, edit: Callable[[str], str] = lambda text: text) -> Table:
    return store.ask(edit(sql(store.name, name)), 0)


def wakes(store: str, name: str, value: float) -> bool:
    (condition,) = rule(store, name)["data"][1]["model"]["conditions"]
    (limit,) = condition["evaluator"]["params"]
    return bool({"gt": value > limit, "lt": value < limit}[condition["evaluator"]["type"]])


def by_group(answer: Table, field: str) -> dict[tuple[str, str], float]:
    return {(row["player"], row["cdn"]): row[field] for row in answer.rows}


def with_few(text: str) -> str:
    """The same rule for groups of any size."""
    return text.replace(f">= {MIN_N}", ">= 0.001")


def test_the_rebuffer_ratio_is_asked_by_group_and_wakes_for_the_one_that_stalls(
    recent: Store, crowd: list[View]
) -> None:
    rows = by_group(asked(recent, "rebuffer-ratio", with_few), "rebuffer_ratio")
    members = [view for view in crowd if (view.who.player, view.who.cdn) == ("hls.js", "edge-b")]
    watched = sum(view.story.waited_ms + view.story.play_ms + view.story.stall_ms for view in members)
    stalled = 6_000 * sum(view.story is STALLING for view in members)
    assert rows["hls.js", "edge-b"] == pytest.approx(stalled / watched)
    assert {group for group, ratio in rows.items() if wakes(recent.name, "rebuffer-ratio", ratio)} == {
        ("hls.js", "edge-b"),
        ("shaka-player", "edge-a"),
    }


def test_start_failures_are_asked_by_group(recent: Store, crowd: list[View]) -> None:
    rows = by_group(asked(recent, "start-failures", with_few), "start_failures")
    members = [view for view in crowd if (view.who.player, view.who.cdn) == ("hls.js", "edge-b")]
    failed = sum(view.story is FAILING for view in members)
    assert rows["hls.js", "edge-b"] == pytest.approx(failed / len(members))
    assert rows["hls.js", "edge-a"] == 0


@pytest.mark.parametrize("name", ["rebuffer-ratio", "start-failures"])
def test_groups_of_too_few_wake_nobody(recent: Store, name: str) -> None:
    assert asked(recent, name).rows == []


def test_beacons_that_come_wake_nobody_and_none_do(recent: Store) -> None:
    (row,) = asked(recent, "no-beacons").rows
    assert row["beacons"] > 0
    assert not wakes(recent.name, "no-beacons", row["beacons"])
    (none,) = asked(recent, "no-beacons", lambda text: text.replace("'pipeline'", "'nothing'")).rows
    assert none["beacons"] == 0
    assert wakes(recent.name, "no-beacons", none["beacons"])


def test_dead_letters_are_compared_with_the_hour_before(recent: Store) -> None:
    (row,) = asked(recent, "dead-letters").rows
    assert row["times_as_many"] == pytest.approx(len(BROKEN) / 10)
    assert not wakes(recent.name, "dead-letters", row["times_as_many"])
    assert wakes(recent.name, "dead-letters", 3.1)


def test_the_age_of_the_data_counts_from_the_newest_bucket(recent: Store, crowd: list[View]) -> None:
    (row,) = asked(recent, "data-age").rows
    newest_ms = max(view.began_ms + view.story.events[-1][0] for view in crowd) // 10_000 * 10_000
    assert row["data_age_s"] == pytest.approx(time.time() - newest_ms / 1_000, abs=5)


@pytest.mark.parametrize("name", [rule.name for rule in RULES])
def test_an_answer_is_one_number_and_texts_as_grafana_wants_for_an_alert(recent: Store, name: str) -> None:
    types = [*asked(recent, name).types.values()]
    assert types.count("number") == 1
    assert {*types} <= {"number", "string"}


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
def test_a_rule_asks_the_data_source_that_is_provisioned_and_holds_no_dollar(dialect: Any) -> None:
    text = (HERE / dialect.name / "provisioning/alerting/beacon.yaml").read_text()
    assert "$" not in text
    assert yaml.safe_load(text) == alerts(dialect)
    (source,) = yaml.safe_load((HERE / dialect.name / "provisioning/datasources/beacon.yaml").read_text())[
        "datasources"
    ]
    assert (source["uid"], source["type"]) == (dialect.uid, dialect.datasource)
    for found in yaml.safe_load(text)["groups"][0]["rules"]:
        question, condition = found["data"]
        assert question["datasourceUid"] == source["uid"]
        assert question["refId"] == condition["model"]["expression"]
        assert found["condition"] == condition["refId"]
