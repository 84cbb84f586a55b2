"""The files as Grafana's own packages take them: its types, its units, its thresholds, mappings and names.

Grafana itself cannot be had here; `@grafana/schema` and `@grafana/data` are the parts of it that run in Node.
"""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.grafana.__main__ import DASHBOARDS
from deploy.grafana.managed_flink import managed_flink
from deploy.grafana.session import REPORTED, STATES
from tests.deploy.grafana.stores import NAMES, dashboard, panels
from tests.places import ROOT

PACKAGES = ROOT / "node_modules"
HERE = Path(__file__).parent / "node"
PANELS = [(name, panel) for name in NAMES for panel in panels(dashboard("timestream", name))]
DRAWN = {
    (dashboard.name, panel.id): panel
    for dashboard in DASHBOARDS
    for row in dashboard.rows
    for panel in row.panels
}
LOOKS = {place: panel.fields for place, panel in DRAWN.items()}
Value = float | str | None
Shown = dict[str, list[dict[str, str]]]
"""Title of a field -> text and colour of each of its values."""

pytestmark = pytest.mark.skipif(
    not (shutil.which("node") and (PACKAGES / "@grafana/data").exists()),
    reason="Node or Grafana's packages are missing: `make setup` installs them",
)


def label(ask: "Ask") -> str:
    return f"{ask.name}-{ask.panel}-{ask.fields[0][1][0]}"


def node(program: str, given: object = None) -> Any:
    done = subprocess.run(
        ["node", HERE / program],
        input=json.dumps(given),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@dataclass(frozen=True)
class Ask:
    """How a panel shows values of some of its fields."""

    name: str
    panel: int
    fields: tuple[tuple[str, tuple[Value, ...]], ...]

    def given(self) -> dict[str, Any]:
        (panel,) = [panel for at, panel in PANELS if at == self.name and panel["id"] == self.panel]
        fields = [
            {
                "name": field,
                "type": "string" if isinstance(values[0], str) else "number",
                "values": values,
            }
            for field, values in self.fields
        ]
        return {"fieldConfig": panel["fieldConfig"], "fields": fields}


def every_field(value: Value) -> list[Ask]:
    return [
        Ask(name, id, tuple((field, (value,)) for field in fields)) for (name, id), fields in LOOKS.items()
    ]


ONES, NULLS = every_field(1.0), every_field(None)
VALUES = {
    Ask(name, panel, ((field, (value,)),)): (text, color)
    for name, panel, field, value, text, color in (
        ("quality", 2, "rebuffer_ratio", 0.005, "0.50%", "#009E73"),
        ("quality", 2, "rebuffer_ratio", 0.01, "1.00%", "#E69F00"),
        ("quality", 2, "rebuffer_ratio", 0.0331, "3.31%", "#D55E00"),
        ("quality", 4, "start_failures", 0.0199, "1.99%", "#009E73"),
        ("quality", 4, "start_failures", 0.05, "5.00%", "#D55E00"),
        ("quality", 3, "p50", 1_400.0, "1.40 s", "#009E73"),
        ("quality", 40, "rebuffer_ratio", 0.02, "2.00%", "#E69F00"),
        ("quality", 41, "impact", 0.0241, "2.410%", "#D55E00"),
        ("pipeline", 1, "data_age_ms", 25_000.0, "25 s", "#009E73"),
        ("pipeline", 1, "data_age_ms", 130_000.0, "2.17 mins", "#D55E00"),
        ("pipeline", 3, "figure", 0.02, "2.000%", "#D55E00"),
    )
}
STATED = {
    Ask("session", panel, (("state", tuple(name for name, _ in states)),)): states
    for panel, states in ((2, STATES), (3, REPORTED))
}


@pytest.fixture(scope="module")
def shown() -> dict[Ask, Shown]:
    asked = [*ONES, *NULLS, *VALUES, *STATED]
    found = node("display.mjs", {"panels": [ask.given() for ask in asked]})
    return {
        ask: {field["name"]: field["values"] for field in fields}
        for ask, fields in zip(asked, found, strict=True)
    }


def misspelt() -> dict[str, Any]:
    broken = dashboard("timestream", "blog")
    panels(broken)[0]["gridPos"]["height"] = 1
    return broken


def test_dashboards_are_what_grafanas_schema_allows_and_it_would_find_a_misspelling(tmp_path: Path) -> None:
    (tmp_path / "node_modules").symlink_to(PACKAGES)
    # The two stores' files differ in what is asked only, and targets are open.
    checked = {name: dashboard("timestream", name) for name in NAMES}
    checked |= {"managed-flink": managed_flink(), "misspelt": misspelt()}
    for name, made in checked.items():
        text = (HERE / "dashboard.ts.txt").read_text().replace("DASHBOARD", json.dumps(made, indent=1))
        (tmp_path / f"{name}.ts").write_text(text)
    options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022"]
    command = ["node", PACKAGES / "typescript/bin/tsc", *options, *(f"{name}.ts" for name in checked)]
    (found,) = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout.splitlines()
    assert found.startswith("misspelt.ts")
    assert """'"height"' does not exist""" in found


def test_grafana_knows_every_unit() -> None:
    units = {look.unit for looks in LOOKS.values() for look in looks.values()}
    assert units - {*node("units.mjs")} == set()


@pytest.mark.parametrize("ask", ONES, ids=label)
def test_fields_are_shown_under_their_titles(ask: Ask, shown: dict[Ask, Shown]) -> None:
    assert [*shown[ask]] == [look.title for look in LOOKS[ask.name, ask.panel].values()]


@pytest.mark.parametrize("ask", NULLS, ids=label)
def test_what_is_absent_is_no_zero_and_grey(ask: Ask, shown: dict[Ask, Shown]) -> None:
    absent = {"text": DRAWN[ask.name, ask.panel].absent, "color": "#808080"}
    for title, values in shown[ask].items():
        mapped = any(look.mapped for look in LOOKS[ask.name, ask.panel].values() if look.title == title)
        assert mapped or values == [absent], title


@pytest.mark.parametrize("ask", VALUES, ids=label)
def test_values_have_the_unit_and_the_colour_that_was_meant(ask: Ask, shown: dict[Ask, Shown]) -> None:
    ((value,),) = shown[ask].values()
    assert (value["text"], value["color"]) == VALUES[ask]


@pytest.mark.parametrize("ask", STATED, ids=label)
def test_each_state_has_its_own_colour(ask: Ask, shown: dict[Ask, Shown]) -> None:
    (values,) = shown[ask].values()
    assert [(value["text"], value["color"]) for value in values] == [*STATED[ask]]
    assert len({color for _, color in STATED[ask]}) == len(STATED[ask])
