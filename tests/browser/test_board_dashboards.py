"""The board knows all that the committed dashboards make use of, and no kind of panel that none has."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from local.board import board_routes
from local.board.dashboards import panels, read_dashboards
from local.web import WebServer
from tests.local.board.store import Store
from tests.places import ROOT

pytestmark = pytest.mark.browser

KNOWN = """async () => {
  const from = (name) => import(`/board/page/${name}.js`);
  const [kinds, format, text, field, colours, variables] = await Promise.all(
    ["panels/kinds", "format", "text", "field", "colours", "variables"].map(from));
  return {
    types: Object.keys(kinds.KINDS),
    units: [...Object.keys(format.UNITS), text.TIME],
    matchers: [field.MATCHER],
    colours: Object.keys(colours.NAMES),
    variables: Object.keys(variables.KINDS),
  };
}"""
"""What the modules of the page know, by kind."""


def used(dashboards: dict[str, Any]) -> dict[str, set[str]]:
    """What some dashboards make use of, by kind."""
    shown = [panel for dashboard in dashboards.values() for panel in panels(dashboard)]
    configs = [panel["fieldConfig"] for panel in shown]
    overrides = [one for config in configs for one in config["overrides"]]
    settings = [config["defaults"] for config in configs] + [
        {one["id"]: one["value"] for one in override["properties"]} for override in overrides
    ]
    variables = [one for dashboard in dashboards.values() for one in dashboard["templating"]["list"]]
    return {
        "types": {panel["type"] for panel in shown},
        "units": {one["unit"] for one in settings if "unit" in one},
        "matchers": {one["matcher"]["id"] for one in overrides},
        "colours": set(re.findall(r'"(?:color|fixedColor)": "([^"]+)"', json.dumps(settings))),
        "variables": {one["type"] for one in variables} - {"datasource"},
    }


@pytest.fixture
def url() -> Iterator[str]:
    server = WebServer(0, board_routes(Store()))
    yield f"http://127.0.0.1:{server.port}/board"
    server.close()


def test_the_board_knows_what_the_dashboards_make_use_of(url: str, page: Page) -> None:
    page.goto(url)
    known = {name: set(values) for name, values in page.evaluate(KNOWN).items()}
    for store in ("timestream", "postgres"):
        found = used(read_dashboards(ROOT / "deploy" / "grafana" / store))
        assert {name: values - known[name] for name, values in found.items() if values - known[name]} == {}
        assert found["types"] == known["types"]
