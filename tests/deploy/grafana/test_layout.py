"""Where panels stand and what they say of themselves."""

import re
from itertools import combinations
from typing import Any

import pytest

from deploy.grafana.panels import KINDS
from tests.deploy.grafana.stores import NAMES, dashboard, panels

WIDTH = 24


@pytest.fixture(params=NAMES)
def made(request: pytest.FixtureRequest) -> dict[str, Any]:
    return dashboard("timestream", request.param)


def test_no_panel_covers_another_or_leaves_the_page(made: dict[str, Any]) -> None:
    places = [panel["gridPos"] for panel in made["panels"]]
    assert all(place["x"] + place["w"] <= WIDTH for place in places)
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below


def test_panels_have_ids_of_their_own_and_kinds_that_the_board_draws(made: dict[str, Any]) -> None:
    ids = [panel["id"] for panel in made["panels"]]
    assert len({*ids}) == len(ids)
    assert {panel["type"] for panel in panels(made)} <= KINDS.keys()


def test_a_panel_says_whose_figures_it_shows_and_what_n_counts(made: dict[str, Any]) -> None:
    for panel in panels(made):
        _, of_whom, counted = panel["description"].split("\n\n")
        assert re.fullmatch(r"Set: .+\.", of_whom)
        assert re.fullmatch(r"n: .+\.", counted)


def test_a_query_names_variables_of_its_dashboard_only(made: dict[str, Any]) -> None:
    offered = {variable["name"] for variable in made["templating"]["list"]}
    for panel in panels(made):
        for target in panel["targets"]:
            assert {*re.findall(r"\$\{(\w+)", target["rawQuery"])} <= offered


def test_a_link_leads_to_a_dashboard_that_is_here(made: dict[str, Any]) -> None:
    uids = {dashboard("timestream", name)["uid"] for name in NAMES}
    links = re.findall(r'"url": "/d/([\w-]+)', str(made).replace("'", '"'))
    assert {*links} <= uids
