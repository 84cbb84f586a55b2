"""Properties: what is missing, wrong or unknown is told all at once, with group and key."""

import json
from pathlib import Path

import pytest

from beacon_job.config import config
from beacon_job.config.properties import properties_for
from tests.places import ROOT

SHIPPED = ROOT / "application_properties.json"
PROPERTIES = properties_for("timestream")


def shipped() -> dict[str, dict[str, str]]:
    groups = {entry["PropertyGroupId"]: entry["PropertyMap"] for entry in json.loads(SHIPPED.read_text())}
    del groups[config.RUN_OPTIONS]
    return groups


def test_the_shipped_properties_are_valid() -> None:
    assert config.load(SHIPPED).source.name == "beacon-blog"


def test_the_shipped_file_holds_every_key_the_code_reads_and_no_other() -> None:
    in_file = {(group, key) for group, values in shipped().items() for key in values}
    assert in_file == {(item.group, item.key) for item in PROPERTIES}


def test_every_default_is_allowed() -> None:
    required = {(item.group, item.key): "x" for item in PROPERTIES if item.required}
    groups: dict[str, dict[str, str]] = {}
    for (group, key), value in required.items():
        groups.setdefault(group, {})[key] = value
    explicit = {group: dict(values) for group, values in groups.items()}
    for item in PROPERTIES:
        if item.default is not None:
            explicit.setdefault(item.group, {})[item.key] = item.default
    assert config.parse(groups) == config.parse(explicit)


def test_all_problems_are_reported_at_once_with_group_and_key() -> None:
    groups = shipped()
    del groups["beacon.source"]["stream"]
    groups["beacon.store"]["connections"] = "many"
    groups["beacon.stream"]["group.dimensions"] = "player,player"
    groups["beacon.store"]["aws.endpoint"] = "localhost:8087"
    groups["beacon.source"]["initial.position"] = "BEGINNING"
    groups["beacon.sauce"] = {}
    groups["beacon.stream"]["sesion.buckets"] = "64"
    with pytest.raises(config.ConfigError) as caught:
        config.parse(groups)
    told = "\n".join(sorted(caught.value.problems))
    for expected in (
        "group beacon.source, key stream: is missing",
        "group beacon.store, key connections: found 'many'; expected a whole number from 1 to 64",
        "group beacon.stream, key group.dimensions: found 'player,player'",
        "group beacon.store, key aws.endpoint: found 'localhost:8087'; expected http(s) URL",
        "group beacon.source, key initial.position: found 'BEGINNING'; expected one of LATEST, TRIM_HORIZON",
        "group beacon.sauce is not known",
        "group beacon.stream, key sesion.buckets is not known",
    ):
        assert expected in told
    assert len(caught.value.problems) == 7


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "is not JSON"),
        ("{}", "expected a JSON list"),
        ('[{"PropertyGroupId": 1}]', "entry 0"),
        ('[{"PropertyGroupId": "beacon.source", "PropertyMap": {"stream": 7}}]', "key stream: found 7"),
    ],
)
def test_a_file_of_another_shape_is_told_in_words(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "properties.json"
    file.write_text(content)
    with pytest.raises(config.ConfigError, match=told):
        config.load(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(config.ConfigError, match="cannot be read"):
        config.load(tmp_path / "nowhere.json")
